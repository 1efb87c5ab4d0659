/* Styles as SGR sequences, and the cleaning of text. */
#include "cli/screen.h"

#include <string.h>

#include "base/escape.h"

void
cli_screen_style (GString *out, gboolean colours, CliStyle style, const char *text)
{
    static const char *const codes[] = {
        [CLI_PLAIN] = "0",   [CLI_BOLD] = "1", [CLI_DIM] = "2",   [CLI_GREEN] = "32",
        [CLI_YELLOW] = "33", [CLI_RED] = "31", [CLI_CYAN] = "36",
    };

    if (colours && style != CLI_PLAIN)
        g_string_append_printf (out, "\033[%sm%s\033[0m", codes[style], text);
    else
        g_string_append (out, text);
}

/* A piece between backslashes, lines and tabs: those are harmless, and the escaping would change
 * them. */
void
cli_screen_clean (GString *out, const char *text)
{
    while (*text != '\0') {
        gsize n = strcspn (text, "\n\t\\");

        dunlin_escape_text (out, text, n, G_MAXSIZE);
        text += n;
        if (*text != '\0')
            g_string_append_c (out, *text++);
    }
}

void
cli_screen_lines (GString *out, const char *indent, const char *text)
{
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    for (gsize i = 0; lines[i] != NULL; i++) {
        if (lines[i + 1] == NULL && lines[i][0] == '\0')
            break;
        g_string_append (out, lines[i][0] == '\0' ? "" : indent);
        cli_screen_clean (out, lines[i]);
        g_string_append_c (out, '\n');
    }
}
