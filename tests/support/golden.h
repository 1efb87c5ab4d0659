/* Literal bytes in tests, written as the notes on the protocol write them. */
#pragma once

#include "base/bytes.h"

/**
 * golden:
 * @text: hexadecimal digits, and text between apostrophes; blanks and bars only help the eye
 *
 * Appends the bytes that @text spells: "00 00 00 0f | 7f 00 00 01 'tinit check'".
 */
static inline void
golden_append (DunlinBuffer *to, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'') {
            const char *end = strchr (p + 1, '\'');

            g_assert_nonnull (end);
            dunlin_buffer_append (to, p + 1, (gsize)(end - p - 1));
            p = end;
        } else if (*p != ' ' && *p != '|' && *p != '\n') {
            g_assert_true (g_ascii_isxdigit (p[0]) && g_ascii_isxdigit (p[1]));
            dunlin_buffer_u8 (
                to, (guint8)(g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1])));
            p++;
        }
    }
}

static inline DunlinBuffer
golden (const char *text)
{
    DunlinBuffer bytes = { 0 };

    golden_append (&bytes, text);
    return bytes;
}

/* Shows both sides when they differ. */
static inline void
golden_equal (const void *a, gsize a_bytes, const void *b, gsize b_bytes)
{
    if (a_bytes == b_bytes && (a_bytes == 0 || memcmp (a, b, a_bytes) == 0))
        return;
    for (gsize i = 0; i < MAX (a_bytes, b_bytes); i++) {
        const guint8 *sides[] = { i < a_bytes ? a : NULL, i < b_bytes ? b : NULL };

        if (sides[0] == NULL || sides[1] == NULL || sides[0][i] != sides[1][i]) {
            g_test_message ("%" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT
                            " bytes, the first difference at %" G_GSIZE_FORMAT ": %02x, not %02x",
                            a_bytes, b_bytes, i, sides[0] == NULL ? 0 : sides[0][i],
                            sides[1] == NULL ? 0 : sides[1][i]);
            break;
        }
    }
    g_test_fail ();
}

/* Compares what was written with what it should be. */
static inline void
golden_check (const DunlinBuffer *written, const char *text)
{
    g_auto (DunlinBuffer) expected = golden (text);

    golden_equal (dunlin_buffer_bytes (written), dunlin_buffer_length (written),
                  dunlin_buffer_bytes (&expected), dunlin_buffer_length (&expected));
}

/* A copy of exactly @n bytes, so that a sanitizer sees any read past them. */
static inline guint8 *
golden_prefix (const DunlinBuffer *bytes, gsize n)
{
    return n == 0 ? g_malloc (1) : g_memdup2 (dunlin_buffer_bytes (bytes), n);
}
