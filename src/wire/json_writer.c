/* What stands between the values. */
#include "wire/json_writer.h"

#include "base/escape.h"

#define INDENT 2

static void
break_line (DunlinJsonWriter *self)
{
    if (!self->pretty)
        return;
    if (self->flat > 0) {
        if (!self->is_first)
            g_string_append_c (self->out, ' ');
        return;
    }
    g_string_append_c (self->out, '\n');
    for (int i = 0; i < INDENT * self->depth; i++)
        g_string_append_c (self->out, ' ');
}

/* Whatever comes next, in front of it. */
static void
separate (DunlinJsonWriter *self)
{
    if (self->has_name || self->depth == 0) {
        self->has_name = FALSE;
        return;
    }
    if (!self->is_first)
        g_string_append_c (self->out, ',');
    break_line (self);
    self->is_first = FALSE;
}

void
dunlin_json_writer_begin (DunlinJsonWriter *self, char bracket, gboolean flat)
{
    separate (self);
    g_string_append_c (self->out, bracket);
    self->depth++;
    self->flat += flat;
    self->is_first = TRUE;
}

void
dunlin_json_writer_end (DunlinJsonWriter *self, char bracket, gboolean flat)
{
    self->depth--;
    if (!self->is_first && self->flat == 0)
        break_line (self);
    self->flat -= flat;
    self->is_first = FALSE;
    g_string_append_c (self->out, bracket);
}

void
dunlin_json_writer_name (DunlinJsonWriter *self, const char *name, gsize length)
{
    separate (self);
    dunlin_escape_json (self->out, name, length, G_MAXSIZE);
    g_string_append (self->out, self->pretty ? ": " : ":");
    self->has_name = TRUE;
}

GString *
dunlin_json_writer_value (DunlinJsonWriter *self)
{
    separate (self);
    return self->out;
}

void
dunlin_json_writer_string (DunlinJsonWriter *self, const char *text, gsize length)
{
    dunlin_escape_json (dunlin_json_writer_value (self), text, length, G_MAXSIZE);
}
