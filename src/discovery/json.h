/* JSON that comes out of ZooKeeper: anybody may have written it, so it is measured before the
 * recursive parser sees it. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * dunlin_discovery_json_object:
 * @text: (array length=length): not necessarily terminated
 * @error: DUNLIN_ERROR_MALFORMED or _TOO_LARGE, with the reason
 *
 * Returns: (transfer full) (nullable): the document, whose root is an object.
 */
JsonParser *dunlin_discovery_json_object (const char *text, gsize length, GError **error);

/* Returns: (transfer none) (nullable): a member that is a JSON string, else %NULL. */
const char *dunlin_discovery_json_string (JsonObject *object, const char *name);

/* Returns: (transfer none) (nullable): a member that is an object, else %NULL. */
JsonObject *dunlin_discovery_json_child (JsonObject *object, const char *name);

/* Whether the member is a JSON integer (not 1.0, not "1") in @min .. @max; then in @value. */
gboolean dunlin_discovery_json_integer (JsonObject *object, const char *name, gint64 min,
                                        gint64 max, gint64 *value);

G_END_DECLS
