/* wire/json_scalar: numbers and bytes as text, and back to the bit. */
#include "wire/json_scalar.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const struct {
    const char *text;
    int bits;
    DunlinInteger outcome;
    gint64 value;
} integers[] = {
    { "0", 8, DUNLIN_INTEGER_OK, 0 },
    { "-0", 8, DUNLIN_INTEGER_OK, 0 },
    { "127", 8, DUNLIN_INTEGER_OK, 127 },
    { "128", 8, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "-128", 8, DUNLIN_INTEGER_OK, -128 },
    { "-129", 8, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "32768", 16, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "-2147483648", 32, DUNLIN_INTEGER_OK, G_MININT32 },
    { "2147483648", 32, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "9007199254740993", 64, DUNLIN_INTEGER_OK, G_GINT64_CONSTANT (9007199254740993) },
    { "9223372036854775807", 64, DUNLIN_INTEGER_OK, G_MAXINT64 },
    { "9223372036854775808", 64, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "-9223372036854775808", 64, DUNLIN_INTEGER_OK, G_MININT64 },
    { "-9223372036854775809", 64, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "18446744073709551616", 64, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "99999999999999999999999999", 64, DUNLIN_INTEGER_OUT_OF_RANGE, 0 },
    { "", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { "-", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { "+1", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { "007", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { "1.0", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { "1e3", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { " 1", 32, DUNLIN_INTEGER_IS_NONE, 0 },
    { "0x1", 32, DUNLIN_INTEGER_IS_NONE, 0 },
};

static void
test_integers (void)
{
    for (gsize i = 0; i < G_N_ELEMENTS (integers); i++) {
        gint64 value = 0;

        g_test_message ("%s, %d bits", integers[i].text, integers[i].bits);
        g_assert_cmpint (dunlin_json_read_integer (integers[i].text, strlen (integers[i].text),
                                                   integers[i].bits, &value),
                         ==, integers[i].outcome);
        g_assert_cmpint (value, ==, integers[i].value);
    }
}

/* Bits, so that the zeros differ and NaN is itself. */
static guint64
bits_of (double value)
{
    guint64 bits;

    memcpy (&bits, &value, sizeof bits);
    return bits;
}

static void
check_double (double value, const char *expected)
{
    g_autoptr (GString) text = g_string_new (NULL);
    double again = 1;

    dunlin_json_append_double (text, value);
    if (expected != NULL)
        g_assert_cmpstr (text->str, ==, expected);
    g_assert_true (dunlin_json_read_double (text->str, text->len, &again));
    g_assert_cmphex (bits_of (again), ==, bits_of (value));
}

static void
test_doubles (void)
{
    g_autoptr (GRand) rand = g_rand_new_with_seed (1);

    check_double (0, "0");
    check_double (-0.0, "-0");
    check_double (1, "1");
    check_double (0.1, "0.1");
    check_double (1.0 / 3, "0.3333333333333333");
    check_double (0.1 + 0.2, "0.30000000000000004");
    check_double (5e-324, "5e-324");
    check_double (DBL_MAX, "1.7976931348623157e+308");
    check_double (DBL_MIN, NULL);
    check_double (NAN, "NaN");
    check_double (INFINITY, "Infinity");
    check_double (-INFINITY, "-Infinity");
    for (int i = 0; i < 10000; i++) {
        guint64 bits = (guint64)g_rand_int (rand) << 32 | g_rand_int (rand);
        double value;

        memcpy (&value, &bits, sizeof value);
        if (!isnan (value))
            check_double (value, NULL);
    }
}

static void
test_double_texts (void)
{
    static const char *const none[] = {
        "",    ".5",    "1.",     "1e", "01", "+1",  "0x10", "inf",
        "nan", "1e400", "-1e400", "1 ", " 1", "1,5", "--1",  "1e+"
    };
    double value;

    for (gsize i = 0; i < G_N_ELEMENTS (none); i++) {
        g_test_message ("%s", none[i]);
        g_assert_false (dunlin_json_read_double (none[i], strlen (none[i]), &value));
    }
    g_assert_true (dunlin_json_read_double ("1e-400", 6, &value));
    g_assert_cmpfloat (value, ==, 0);
    g_assert_false (dunlin_json_read_double ("1\0002", 3, &value));
}

static void
test_base64 (void)
{
    static const guint8 bytes[] = { 0, 0xff, 0xfe, 0, 7 };
    static const char *const none[] = { "A",    "AA",   "AAA",  "AA=",    "AA==AA==",
                                        "A===", "AB==", "AAB=", "AA==\n", " AAA",
                                        "AA-_", "AA=A", "====", "AAAA=" };

    for (gsize n = 0; n <= sizeof bytes; n++) {
        g_autoptr (GString) text = g_string_new (NULL);
        g_autofree guint8 *again = NULL;
        gsize again_bytes;

        dunlin_json_append_base64 (text, bytes, n);
        again = dunlin_json_read_base64 (text->str, text->len, &again_bytes);
        g_assert_cmpuint (again_bytes, ==, n);
        g_assert_true (memcmp (again, bytes, n) == 0);
    }
    for (gsize i = 0; i < G_N_ELEMENTS (none); i++) {
        gsize n;

        g_test_message ("%s", none[i]);
        g_assert_null (dunlin_json_read_base64 (none[i], strlen (none[i]), &n));
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/wire/json_scalar/integers-are-exact-and-bounded", test_integers);
    g_test_add_func ("/wire/json_scalar/doubles-come-back-to-the-bit", test_doubles);
    g_test_add_func ("/wire/json_scalar/no-other-text-is-a-double", test_double_texts);
    g_test_add_func ("/wire/json_scalar/base64-has-one-spelling", test_base64);
    return g_test_run ();
}
