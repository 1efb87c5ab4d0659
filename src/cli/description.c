/* Finds the members of describe()'s JSON. */
#include "cli/description.h"

#include <string.h>

#include "base/error.h"
#include "wire/json_tree.h"

/* A large service's metadata has some ten thousand values. */
#define MAX_NODES 1000000

/* All IDLs together: reading names takes time by the square of their number. */
#define MAX_TEXT ((gsize)2 * 1024 * 1024)
#define MAX_IDLS 256

/* The value of the member @name of the object at @at, or NULL. */
static const DunlinJsonNode *
find_member (const DunlinJsonTree *tree, const DunlinJsonNode *object, const char *name)
{
    const DunlinJsonNode *key = object + 1;

    if (object->kind != DUNLIN_JSON_OBJECT)
        return NULL;
    for (guint i = 0; i < object->n; i++) {
        if (key->length == strlen (name) &&
            memcmp (tree->text + key->start, name, key->length) == 0)
            return key + 1;
        key = tree->nodes + key[1].next;
    }
    return NULL;
}

static char *
read_text (const DunlinJsonTree *tree, const DunlinJsonNode *node)
{
    g_autofree char *text = NULL;
    gsize length;

    if (node == NULL || node->kind != DUNLIN_JSON_STRING)
        return NULL;
    text = dunlin_json_tree_string (tree, node, &length);
    return strlen (text) == length ? g_steal_pointer (&text) : NULL;
}

static gboolean
read_texts (CliDescription *self, const DunlinJsonTree *tree, const DunlinJsonNode *texts)
{
    const DunlinJsonNode *key = texts + 1;
    gsize total = 0;

    if (texts->kind != DUNLIN_JSON_OBJECT || texts->n > MAX_IDLS)
        return FALSE;
    for (guint i = 0; i < texts->n; i++) {
        g_autofree char *name = read_text (tree, key);
        g_autofree char *text = read_text (tree, key + 1);

        if (name == NULL || text == NULL)
            return FALSE;
        total += strlen (text);
        if (total > MAX_TEXT)
            return FALSE;
        g_hash_table_replace (self->texts, g_steal_pointer (&name), g_steal_pointer (&text));
        key = tree->nodes + key[1].next;
    }
    return TRUE;
}

CliDescription *
cli_description_read (const char *json, gsize length, GError **error)
{
    g_autoptr (DunlinJsonTree) tree = dunlin_json_tree_new (json, length, MAX_NODES, error);
    g_autoptr (CliDescription) self = NULL;
    const DunlinJsonNode *texts;

    if (tree == NULL) {
        g_prefix_error (error, "what describe() answers is not understood: ");
        return NULL;
    }
    self = g_new0 (CliDescription, 1);
    self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    self->service = read_text (tree, find_member (tree, tree->nodes, "service"));
    self->idl = read_text (tree, find_member (tree, tree->nodes, "idl"));
    texts = find_member (tree, tree->nodes, "texts");
    if (self->service != NULL && self->idl != NULL && texts != NULL &&
        read_texts (self, tree, texts))
        return g_steal_pointer (&self);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                 "what describe() answers has no IDL in it that can be used: give --idl=FILE");
    return NULL;
}

void
cli_description_free (CliDescription *self)
{
    if (self == NULL)
        return;
    g_free (self->service);
    g_free (self->idl);
    g_hash_table_unref (self->texts);
    g_free (self);
}
