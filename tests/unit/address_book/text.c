/* Folding: what counts as the same text. */
#include "address_book/text.h"

static void
assert_same (const char *a, const char *b)
{
    g_autofree char *left = text_fold (a);
    g_autofree char *right = text_fold (b);

    g_assert_cmpstr (left, ==, right);
}

static void
case_makes_no_difference (void)
{
    assert_same ("dunlin", "DunLin");
    assert_same ("ÅNGSTRÖM", "ångström");
    assert_same ("ΣΊΣΥΦΟΣ", "σίσυφος");
    assert_same ("STRASSE", "straße");
    assert_same ("ДУНЛИН", "дунлин");
}

static void
composition_makes_no_difference (void)
{
    assert_same ("Zo\xc3\xab", "Zoe\xcc\x88");
    assert_same ("\xe2\x84\xab", "\xc3\x85"); /* the angstrom sign, a letter with a ring */
    assert_same ("ﬁsh", "fish");
}

static void
folding_twice_changes_nothing (void)
{
    static const char *const samples[] = { "İstanbul", "ǅ", "ﬃ", "ΐ", "鳥", "" };

    for (gsize i = 0; i < G_N_ELEMENTS (samples); i++) {
        g_autofree char *once = text_fold (samples[i]);
        g_autofree char *twice = text_fold (once);

        g_assert_cmpstr (once, ==, twice);
    }
}

static void
a_letter_with_an_accent_is_another_letter (void)
{
    g_autofree char *folded = text_fold ("René");

    g_assert_false (g_str_has_prefix (folded, "rene"));
}

static void
nothing_folds_to_nothing (void)
{
    g_assert_null (text_fold (NULL));
    g_assert_null (text_fold ("\xff\xfe"));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/address-book/text/case-makes-no-difference", case_makes_no_difference);
    g_test_add_func ("/address-book/text/composition-makes-no-difference",
                     composition_makes_no_difference);
    g_test_add_func ("/address-book/text/folding-twice-changes-nothing",
                     folding_twice_changes_nothing);
    g_test_add_func ("/address-book/text/a-letter-with-an-accent-is-another-letter",
                     a_letter_with_an_accent_is_another_letter);
    g_test_add_func ("/address-book/text/nothing-folds-to-nothing", nothing_folds_to_nothing);
    return g_test_run ();
}
