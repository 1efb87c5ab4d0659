/* What all emitted files have in common. */
#include "codegen/emit.h"

#include <string.h>

void
emit_head (GString *out, Idl *idl, const char *what)
{
    g_string_append_printf (out, "/* %s of %s.thrift. Made by dunlin_gen: not to be edited. */\n",
                            what, idl->name);
}

static void
emit_character (GString *out, guchar c)
{
    if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", c);
    else if (c == '\n')
        g_string_append (out, "\\n");
    else if (c < 0x20 || c == 0x7f)
        g_string_append_printf (out, "\\%03o", c);
    else
        g_string_append_c (out, (char)c);
}

void
emit_literal (GString *out, const char *text, int indent)
{
    g_string_append_c (out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        emit_character (out, (guchar)*c);
        if (*c == '\n' && c[1] != '\0')
            g_string_append_printf (out, "\"\n%*s\"", indent, "");
    }
    g_string_append_c (out, '"');
}
