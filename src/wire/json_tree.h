/* A JSON text (RFC 8259) checked strictly and laid out flat: what was written, to the digit, with
 * the place of every value. Knows no schema.
 *
 * Not json-glib, which is not exact: it takes the last of two members of one name, makes of a
 * number beyond 64 bits some other number and of "1.0" a double like 1.5, ends a string at \u0000,
 * takes comments and trailing commas, and recurses as deep as the text likes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values inside one another. A map with struct keys takes three levels where Thrift has one. */
#define DUNLIN_JSON_DEPTH_MAX 200

typedef enum {
    DUNLIN_JSON_NULL,
    DUNLIN_JSON_FALSE,
    DUNLIN_JSON_TRUE,
    DUNLIN_JSON_NUMBER,
    DUNLIN_JSON_STRING,
    DUNLIN_JSON_ARRAY,
    DUNLIN_JSON_OBJECT
} DunlinJsonKind;

/**
 * DunlinJsonNode:
 * @n: of an array its elements, of an object its members: a string node each and the value's behind
 *   it
 * @next: where the node behind this one, and all that is in it, is
 * @start: of its text; of a string's behind the quote
 * @length: of its text; of a string's without quotes, escapes as written
 *
 * What is in an array or object begins at the next node.
 */
typedef struct {
    DunlinJsonKind kind;
    guint32 n;
    guint32 next;
    gsize start;
    gsize length;
} DunlinJsonNode;

/**
 * DunlinJsonTree:
 * @text: (not owned): must outlive the tree
 * @nodes: the first one is the document
 */
typedef struct {
    const char *text;
    const DunlinJsonNode *nodes;
    guint n_nodes;
} DunlinJsonTree;

/**
 * dunlin_json_tree_new:
 * @text: (nullable): %NULL with 0 bytes is refused as any other text without a value
 * @max_nodes: values and names at most
 * @error: DUNLIN_ERROR_MALFORMED with line and column, or _TOO_LARGE
 *
 * Returns: (transfer full) (nullable): the whole text, which is one value.
 */
DunlinJsonTree *dunlin_json_tree_new (const char *text, gsize length, gsize max_nodes,
                                      GError **error);
void dunlin_json_tree_free (DunlinJsonTree *self);

/* Returns: (transfer full): what a string node says; it may hold zero bytes, and one is behind it.
 */
char *dunlin_json_tree_string (const DunlinJsonTree *self, const DunlinJsonNode *node,
                               gsize *length);

/* Returns: "a number", "an object", ...: static text. */
const char *dunlin_json_kind_name (DunlinJsonKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DunlinJsonTree, dunlin_json_tree_free)

G_END_DECLS
