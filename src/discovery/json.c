/* JSON that comes out of ZooKeeper: see the header. */
#include "discovery/json.h"

#include "base/error.h"

#include <string.h>

/* ZooKeeper's own limit on a node (jute.maxbuffer) is 1 MiB by default. */
#define MAX_BYTES (1024 * 1024)
/* Members are three deep; the parser recurses, so that a node of '[' alone would end the stack. */
#define MAX_DEPTH 32

/* What keeps the text from the parser, or NULL. The parser also takes comments and single quotes,
 * in which a quote or a bracket would hide from this: they are no JSON and end it here. */
static const char *
fault_of (const char *text, gsize length)
{
    gboolean in_string = FALSE;
    int depth = 0;

    for (gsize i = 0; i < length; i++) {
        char c = text[i];

        if (in_string && c == '\\')
            i++;
        else if (c == '"')
            in_string = !in_string;
        else if (in_string)
            continue;
        else if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        else if (!g_ascii_isalnum (c) && !g_ascii_isspace (c) && strchr (",:+-.", c) == NULL)
            return "not JSON: a character that JSON has only in strings";
        if (depth > MAX_DEPTH)
            return "JSON nested too deeply";
    }
    return g_utf8_validate_len (text, length, NULL) ? NULL : "not UTF-8 text";
}

static gboolean
is_sane (const char *text, gsize length, GError **error)
{
    const char *fault;

    if (length > MAX_BYTES) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_TOO_LARGE,
                     "%" G_GSIZE_FORMAT " bytes of JSON, more than %d", length, MAX_BYTES);
        return FALSE;
    }
    fault = length == 0 ? "empty" : fault_of (text, length);
    if (fault == NULL)
        return TRUE;
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, fault);
    return FALSE;
}

JsonParser *
dunlin_discovery_json_object (const char *text, gsize length, GError **error)
{
    g_autoptr (JsonParser) parser = json_parser_new_immutable ();
    g_autoptr (GError) reason = NULL;

    if (!is_sane (text, length, error))
        return NULL;
    if (!json_parser_load_from_data (parser, text, (gssize)length, &reason)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "not JSON: %s", reason->message);
        return NULL;
    }
    if (json_parser_get_root (parser) == NULL ||
        !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser))) {
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED, "not a JSON object");
        return NULL;
    }
    return g_steal_pointer (&parser);
}

const char *
dunlin_discovery_json_string (JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member (object, name);

    if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_STRING)
        return NULL;
    return json_node_get_string (node);
}

JsonObject *
dunlin_discovery_json_child (JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member (object, name);

    return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gboolean
dunlin_discovery_json_integer (JsonObject *object, const char *name, gint64 min, gint64 max,
                               gint64 *value)
{
    JsonNode *node = json_object_get_member (object, name);
    gint64 found;

    if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_INT64)
        return FALSE;
    found = json_node_get_int (node);
    if (found < min || found > max)
        return FALSE;
    *value = found;
    return TRUE;
}
