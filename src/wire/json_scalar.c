/* Integers, doubles and base64 as text. */
#include "wire/json_scalar.h"

#include <math.h>
#include <string.h>

/* The value of plain digits; FALSE when it takes more than 64 bits. */
static gboolean
read_digits (const char *at, gsize n, guint64 *value)
{
    *value = 0;
    for (gsize i = 0; i < n; i++) {
        if (__builtin_mul_overflow (*value, 10, value) ||
            __builtin_add_overflow (*value, (guint64)(at[i] - '0'), value))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_plain (const char *at, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (!g_ascii_isdigit (at[i]))
            return FALSE;
    return n == 1 || (n > 1 && at[0] != '0');
}

DunlinInteger
dunlin_json_read_integer (const char *text, gsize length, int bits, gint64 *value)
{
    gboolean negative = length > 0 && text[0] == '-';
    guint64 limit = (G_GUINT64_CONSTANT (1) << (bits - 1)) - (negative ? 0 : 1);
    guint64 size;

    if (!is_plain (text + negative, length - (gsize)negative))
        return DUNLIN_INTEGER_IS_NONE;
    if (!read_digits (text + negative, length - (gsize)negative, &size) || size > limit)
        return DUNLIN_INTEGER_OUT_OF_RANGE;
    *value = negative ? (gint64)(0 - size) : (gint64)size;
    return DUNLIN_INTEGER_OK;
}

/* Digits, fraction, exponent: what strtod() takes besides (hexadecimal, "inf") is not JSON. */
static gboolean
is_number (const char *at)
{
    const char *digits = at += *at == '-';

    at += strspn (at, "0123456789");
    if (at == digits || (digits[0] == '0' && at - digits > 1))
        return FALSE;
    if (*at == '.') {
        gsize n = strspn (at + 1, "0123456789");

        if (n == 0)
            return FALSE;
        at += n + 1;
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '+' || *at == '-';
        digits = at;
        at += strspn (at, "0123456789");
        if (at == digits)
            return FALSE;
    }
    return *at == '\0';
}

static gboolean
read_special (const char *text, double *value)
{
    static const struct {
        const char *text;
        double value;
    } specials[] = {
        { "NaN", NAN },
        { "Infinity", INFINITY },
        { "-Infinity", -INFINITY },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (specials); i++) {
        if (strcmp (specials[i].text, text) == 0) {
            *value = specials[i].value;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
dunlin_json_read_double (const char *text, gsize length, double *value)
{
    g_autofree char *terminated = g_strndup (text, length);
    double number;

    if (strlen (terminated) != length)
        return FALSE;
    if (read_special (terminated, value))
        return TRUE;
    if (!is_number (terminated))
        return FALSE;
    number = g_ascii_strtod (terminated, NULL);
    if (isinf (number))
        return FALSE;
    *value = number;
    return TRUE;
}

/* One spelling: what g_base64_decode() passes over or completes does not come out the same. */
guint8 *
dunlin_json_read_base64 (const char *text, gsize length, gsize *n)
{
    g_autofree char *terminated = g_strndup (text, length);
    g_autofree guint8 *data = NULL;
    g_autofree char *again = NULL;

    if (strlen (terminated) != length)
        return NULL;
    if (length == 0) {
        *n = 0;
        return g_malloc (1);
    }
    data = g_base64_decode (terminated, n);
    again = g_base64_encode (data, *n);
    return strcmp (again, terminated) == 0 ? g_steal_pointer (&data) : NULL;
}

void
dunlin_json_append_double (GString *out, double value)
{
    /* 15 digits are always good, 17 always enough; subnormal numbers have fewer. */
    int digits = isnormal (value) ? 15 : 1;
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (isnan (value) || isinf (value)) {
        g_string_append (out, isnan (value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        return;
    }
    for (; digits <= 17; digits++) {
        char format[8];

        g_snprintf (format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd (text, sizeof text, format, value);
        if (g_ascii_strtod (text, NULL) == value)
            break;
    }
    g_string_append (out, text);
}

void
dunlin_json_append_base64 (GString *out, const guint8 *data, gsize n)
{
    g_autofree char *text = g_base64_encode (data, n);

    g_string_append (out, text);
}
