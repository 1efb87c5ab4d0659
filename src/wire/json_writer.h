/* JSON as text, value after value: commas, colons, lines and indentation. Knows no schema. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * DunlinJsonWriter:
 * @out: (not owned): appended to
 * @pretty: one line a value, except in groups that were begun as flat
 * @depth: groups that are open
 * @flat: those of them that are on one line
 * @is_first: nothing is in the innermost group yet
 * @has_name: a name has been written, its value comes next
 */
typedef struct {
    GString *out;
    gboolean pretty;
    int depth;
    int flat;
    gboolean is_first;
    gboolean has_name;
} DunlinJsonWriter;

/* @bracket: '[' or '{'. @flat: on one line, whatever comes. */
void dunlin_json_writer_begin (DunlinJsonWriter *self, char bracket, gboolean flat);
/* @bracket: ']' or '}'; @flat as at the beginning. */
void dunlin_json_writer_end (DunlinJsonWriter *self, char bracket, gboolean flat);

/* An object's next name. */
void dunlin_json_writer_name (DunlinJsonWriter *self, const char *name, gsize length);

/* What a value's text is to be appended to. */
GString *dunlin_json_writer_value (DunlinJsonWriter *self);

void dunlin_json_writer_string (DunlinJsonWriter *self, const char *text, gsize length);

G_END_DECLS
