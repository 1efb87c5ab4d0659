/* Escaping for log lines and JSON: character by character, never trusting the input's encoding. */
#include "base/escape.h"

#include <string.h>

/* The character at @text and its bytes; (gunichar) -1 and 1 for a byte that begins none. */
static gunichar
next_char (const char *text, gsize length, gsize *bytes)
{
    gunichar c = g_utf8_get_char_validated (text, (gssize)length);

    if (c == (gunichar)-1 || c == (gunichar)-2 || *text == '\0') {
        *bytes = 1;
        return *text == '\0' ? 0 : (gunichar)-1;
    }
    *bytes = (gsize)(g_utf8_next_char (text) - text);
    return c;
}

/* Characters that a terminal or a viewer obeys instead of showing: C0, DEL, C1, line and paragraph
 * separators, and the marks that turn the direction of writing. */
static gboolean
is_command (gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0xfeff;
}

static void
append_command (GString *out, gunichar c)
{
    static const char names[] = "abtnvfr"; /* 7 to 13 */

    if (c >= 7 && c <= 13)
        g_string_append_printf (out, "\\%c", names[c - 7]);
    else
        g_string_append_printf (out, c < 0x100 ? "\\x%02x" : "\\u%04x", (guint)c);
}

static void
append_left_out (GString *out, gsize length, gsize done)
{
    if (length > done)
        g_string_append_printf (out, "... (%" G_GSIZE_FORMAT " more bytes)", length - done);
}

void
dunlin_escape_text (GString *out, const char *text, gsize length, gsize limit)
{
    gsize bytes = 0;
    gsize i = 0;

    for (; i < MIN (length, limit); i += bytes) {
        gunichar c = next_char (text + i, length - i, &bytes);

        if (c == (gunichar)-1)
            g_string_append_printf (out, "\\x%02x", (guchar)text[i]);
        else if (is_command (c))
            append_command (out, c);
        else if (c == '\\')
            g_string_append (out, "\\\\");
        else
            g_string_append_len (out, text + i, (gssize)bytes);
    }
    append_left_out (out, length, i);
}

void
dunlin_escape_json (GString *out, const char *text, gsize length, gsize limit)
{
    gsize bytes = 0;
    gsize i = 0;

    g_string_append_c (out, '"');
    for (; i < MIN (length, limit); i += bytes) {
        gunichar c = next_char (text + i, length - i, &bytes);

        if (c == (gunichar)-1)
            g_string_append (out, "\xef\xbf\xbd");
        else if (c == '"' || c == '\\')
            g_string_append_printf (out, "\\%c", (char)c);
        else if (is_command (c))
            g_string_append_printf (out, "\\u%04x", (guint)c);
        else
            g_string_append_len (out, text + i, (gssize)bytes);
    }
    append_left_out (out, length, i);
    g_string_append_c (out, '"');
}
