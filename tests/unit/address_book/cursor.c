/* Cursors: what goes out comes back; anything else is refused. */
#include "address_book/cursor.h"

#include "address_book/book_error.h"

static void
a_place_survives (void)
{
    Place place = { .family = (char *)"ångström", .given = (char *)"", .id = G_MAXINT64 };
    g_autoptr (GError) error = NULL;
    g_autofree char *cursor = cursor_encode (&place);
    g_autoptr (Place) decoded = cursor_decode (cursor, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (decoded->family, ==, place.family);
    g_assert_cmpstr (decoded->given, ==, place.given);
    g_assert_cmpint (decoded->id, ==, place.id);
}

static void
assert_refused (const char *cursor)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (cursor_decode (cursor, &error));
    g_assert_error (error, BOOK_ERROR, BOOK_ERROR_INVALID);
    g_assert_cmpstr (book_error_get_subject (error), ==, "cursor");
}

static void
assert_bytes_refused (const char *bytes, gsize length)
{
    g_autofree char *cursor = g_base64_encode ((const guchar *)bytes, length);

    assert_refused (cursor);
}

static void
what_is_no_cursor_is_refused (void)
{
    g_autofree char *huge = g_strnfill (1 << 20, 'A');

    assert_refused ("");
    assert_refused ("!!!");
    assert_refused ("not base64 at all \xff");
    assert_refused (huge);
    assert_bytes_refused ("1\na", 3);
    assert_bytes_refused ("1\na\nb\nc", 7);
    assert_bytes_refused ("0\na\nb", 5);
    assert_bytes_refused ("-1\na\nb", 6);
    assert_bytes_refused ("x\na\nb", 5);
    assert_bytes_refused ("1\na\nb\0c", 7);
    assert_bytes_refused ("1\na\n\xff", 5);
    assert_bytes_refused ("9223372036854775808\na\nb", 23);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/address-book/cursor/a-place-survives", a_place_survives);
    g_test_add_func ("/address-book/cursor/what-is-no-cursor-is-refused",
                     what_is_no_cursor_is_refused);
    return g_test_run ();
}
