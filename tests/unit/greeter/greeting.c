/* What a greeting says. */
#include "greeter/greeting.h"

#include <string.h>

static const struct {
    const char *name;
    const char *iso8601;
    int hour;
} hours[] = {
    { "of-the-clocks-own-zone", "2024-02-29T23:30:00.000000000+09:00", 23 },
    { "midnight", "2024-02-29T00:00:00.000000000Z", 0 },
    { "shortest", "2024-02-29T07", 7 },
    { "empty", "", -1 },
    { "too-short", "2024-02-29T1", -1 },
    { "another-form", "2024-02-29 12:30:00", -1 },
    { "no-digits", "2024-02-29Txx:30:00", -1 },
    { "no-hour", "2024-02-29T24:30:00", -1 },
};

static void
hour (gconstpointer data)
{
    int row = GPOINTER_TO_INT (data);

    g_assert_cmpint (greeting_hour (hours[row].iso8601), ==, hours[row].hour);
}

static const struct {
    const char *name;
    int hour;
    const char *who;
    const char *saying;
    const char *text;
} texts[] = {
    { "everything", 8, "Ada", "Hurry slowly.", "Good morning, Ada! Hurry slowly." },
    { "nothing", -1, NULL, NULL, "Hello!" },
    { "no-name", 12, NULL, "So so.", "Good afternoon! So so." },
    { "no-clock", -1, "Ada", NULL, "Hello, Ada!" },
    { "morning-begins", 5, "A", NULL, "Good morning, A!" },
    { "night", 4, "A", NULL, "Good night, A!" },
    { "evening", 18, "A", NULL, "Good evening, A!" },
    { "percent-signs-are-text", 18, "%s", "%n", "Good evening, %s! %n" },
};

static void
text (gconstpointer data)
{
    int row = GPOINTER_TO_INT (data);
    g_autofree char *got = greeting_text (texts[row].hour, texts[row].who, texts[row].saying);

    g_assert_cmpstr (got, ==, texts[row].text);
}

static void
assert_saying (const char *given, const char *expected)
{
    g_autofree char *got = greeting_saying (given);

    g_assert_cmpstr (got, ==, expected);
}

static void
a_saying_is_one_short_line (void)
{
    g_autofree char *longest = g_strnfill (200, 'x');
    g_autofree char *longer = g_strnfill (201, 'x');

    assert_saying ("Hurry slowly.\n", "Hurry slowly.");
    assert_saying (" one\r\ntwo", "one");
    assert_saying (longest, longest);
    assert_saying (longer, NULL);
    assert_saying ("", NULL);
    assert_saying ("\nsecond", NULL);
    assert_saying ("\xff\xfe", NULL);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (hours); i++) {
        g_autofree char *path = g_strconcat ("/greeter/greeting/hour/", hours[i].name, NULL);

        g_test_add_data_func (path, GINT_TO_POINTER (i), hour);
    }
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
        g_autofree char *path = g_strconcat ("/greeter/greeting/text/", texts[i].name, NULL);

        g_test_add_data_func (path, GINT_TO_POINTER (i), text);
    }
    g_test_add_func ("/greeter/greeting/a-saying-is-one-short-line", a_saying_is_one_short_line);
    return g_test_run ();
}
