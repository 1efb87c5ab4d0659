/* A serverset's paths and members: see the header. */
#include "discovery/serverset.h"

#include "base/error.h"
#include "discovery/json.h"

#include <string.h>

#define ALIVE "ALIVE"
/* So that a hostile member cannot make a resolver hold more than a screenful of endpoints. */
#define MAX_ENTRIES 256

static void
endpoint_clear (DunlinEndpoint *endpoint)
{
    g_free (endpoint->name);
    g_free (endpoint->host);
}

void
dunlin_member_clear (DunlinMember *self)
{
    endpoint_clear (&self->service);
    for (guint i = 0; i < self->n_additional; i++)
        endpoint_clear (&self->additional[i]);
    for (guint i = 0; i < self->n_metadata; i++) {
        g_free (self->metadata[i].key);
        g_free (self->metadata[i].value);
    }
    g_free (self->additional);
    g_free (self->metadata);
    g_free (self->status);
    *self = (DunlinMember){ 0 };
}

static DunlinEndpoint
endpoint_copy (const DunlinEndpoint *endpoint)
{
    return (DunlinEndpoint){ .name = g_strdup (endpoint->name),
                             .host = g_strdup (endpoint->host),
                             .port = endpoint->port };
}

void
dunlin_member_copy (const DunlinMember *self, DunlinMember *to)
{
    *to = (DunlinMember){ .service = endpoint_copy (&self->service),
                          .additional = g_new0 (DunlinEndpoint, self->n_additional),
                          .n_additional = self->n_additional,
                          .status = g_strdup (self->status),
                          .has_shard = self->has_shard,
                          .shard = self->shard,
                          .metadata = g_new0 (DunlinMetadata, self->n_metadata),
                          .n_metadata = self->n_metadata };
    for (guint i = 0; i < self->n_additional; i++)
        to->additional[i] = endpoint_copy (&self->additional[i]);
    for (guint i = 0; i < self->n_metadata; i++) {
        to->metadata[i].key = g_strdup (self->metadata[i].key);
        to->metadata[i].value = g_strdup (self->metadata[i].value);
    }
}

static gboolean
is_text (const char *text)
{
    return text != NULL && *text != '\0' && g_utf8_validate (text, -1, NULL);
}

static gboolean
check_endpoint (const char *what, const DunlinEndpoint *endpoint, GError **error)
{
    if (!is_text (endpoint->host)) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "%s has no host to advertise",
                     what);
        return FALSE;
    }
    if (endpoint->port == 0) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "%s at '%s' has port 0: only a port that is bound can be advertised", what,
                     endpoint->host);
        return FALSE;
    }
    return TRUE;
}

gboolean
dunlin_member_check (const DunlinMember *self, GError **error)
{
    if (!check_endpoint ("the service", &self->service, error))
        return FALSE;
    for (guint i = 0; i < self->n_additional; i++) {
        const DunlinEndpoint *endpoint = &self->additional[i];

        if (!is_text (endpoint->name)) {
            g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                         "additional endpoint %u has no name", i);
            return FALSE;
        }
        if (!check_endpoint (endpoint->name, endpoint, error))
            return FALSE;
    }
    for (guint i = 0; i < self->n_metadata; i++) {
        if (!is_text (self->metadata[i].key) || self->metadata[i].value == NULL ||
            !g_utf8_validate (self->metadata[i].value, -1, NULL)) {
            g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                         "metadata entry %u is not UTF-8 text", i);
            return FALSE;
        }
    }
    return TRUE;
}

/* Finagle writes with Gson, whose default also escapes what would be special inside HTML. */
static const char *
escape_of (gunichar c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\t':
        return "\\t";
    case '\b':
        return "\\b";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\f':
        return "\\f";
    default:
        return NULL;
    }
}

static void
append_string (GString *json, const char *text)
{
    g_string_append_c (json, '"');
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
        gunichar c = g_utf8_get_char (p);
        const char *escape = escape_of (c);

        if (escape != NULL)
            g_string_append (json, escape);
        else if (c < 0x20 || c == 0x2028 || c == 0x2029 || (c < 0x80 && strchr ("<>&='", (int)c)))
            g_string_append_printf (json, "\\u%04x", c);
        else
            g_string_append_unichar (json, c);
    }
    g_string_append_c (json, '"');
}

static void
append_endpoint (GString *json, const DunlinEndpoint *endpoint)
{
    g_string_append (json, "{\"host\":");
    append_string (json, endpoint->host);
    g_string_append_printf (json, ",\"port\":%u}", endpoint->port);
}

static void
append_metadata (GString *json, const DunlinMember *self)
{
    g_string_append (json, ",\"metadata\":{");
    for (guint i = 0; i < self->n_metadata; i++) {
        if (i > 0)
            g_string_append_c (json, ',');
        append_string (json, self->metadata[i].key);
        g_string_append_c (json, ':');
        append_string (json, self->metadata[i].value);
    }
    g_string_append_c (json, '}');
}

GBytes *
dunlin_member_encode (const DunlinMember *self)
{
    g_autoptr (GString) json = g_string_new ("{\"serviceEndpoint\":");

    append_endpoint (json, &self->service);
    g_string_append (json, ",\"additionalEndpoints\":{");
    for (guint i = 0; i < self->n_additional; i++) {
        if (i > 0)
            g_string_append_c (json, ',');
        append_string (json, self->additional[i].name);
        g_string_append_c (json, ':');
        append_endpoint (json, &self->additional[i]);
    }
    g_string_append (json, "},\"status\":\"" ALIVE "\"");
    if (self->has_shard)
        g_string_append_printf (json, ",\"shard\":%d", self->shard);
    if (self->n_metadata > 0)
        append_metadata (json, self);
    g_string_append_c (json, '}');
    return g_string_free_to_bytes (g_steal_pointer (&json));
}

/* FALSE (and @endpoint untouched) when it lacks a host that is a string or an integer port. */
static gboolean
decode_endpoint (JsonObject *object, DunlinEndpoint *endpoint)
{
    const char *host = object != NULL ? dunlin_discovery_json_string (object, "host") : NULL;
    gint64 port;

    if (host == NULL || *host == '\0' ||
        !dunlin_discovery_json_integer (object, "port", 1, G_MAXUINT16, &port))
        return FALSE;
    endpoint->host = g_strdup (host);
    endpoint->port = (guint16)port;
    return TRUE;
}

static void
decode_additional (JsonObject *endpoints, DunlinMember *self)
{
    guint n = MIN (json_object_get_size (endpoints), MAX_ENTRIES);
    JsonObjectIter iter;
    const char *name;
    JsonNode *node;

    self->additional = g_new0 (DunlinEndpoint, n);
    json_object_iter_init_ordered (&iter, endpoints);
    while (self->n_additional < n && json_object_iter_next_ordered (&iter, &name, &node)) {
        DunlinEndpoint *endpoint = &self->additional[self->n_additional];

        if (decode_endpoint (dunlin_discovery_json_child (endpoints, name), endpoint)) {
            endpoint->name = g_strdup (name);
            self->n_additional++;
        }
    }
}

static void
decode_metadata (JsonObject *metadata, DunlinMember *self)
{
    guint n = MIN (json_object_get_size (metadata), MAX_ENTRIES);
    JsonObjectIter iter;
    const char *key;
    JsonNode *node;

    self->metadata = g_new0 (DunlinMetadata, n);
    json_object_iter_init_ordered (&iter, metadata);
    while (self->n_metadata < n && json_object_iter_next_ordered (&iter, &key, &node)) {
        const char *value = dunlin_discovery_json_string (metadata, key);

        if (value != NULL) {
            self->metadata[self->n_metadata].key = g_strdup (key);
            self->metadata[self->n_metadata++].value = g_strdup (value);
        }
    }
}

gboolean
dunlin_member_decode (const char *json, gsize length, DunlinMember *self, GError **error)
{
    g_autoptr (JsonParser) parser = dunlin_discovery_json_object (json, length, error);
    g_auto (DunlinMember) member = { 0 };
    JsonObject *root, *child;
    gint64 shard;

    if (parser == NULL)
        return FALSE;
    root = json_node_get_object (json_parser_get_root (parser));
    decode_endpoint (dunlin_discovery_json_child (root, "serviceEndpoint"), &member.service);
    child = dunlin_discovery_json_child (root, "additionalEndpoints");
    if (child != NULL)
        decode_additional (child, &member);
    member.status = g_strdup (dunlin_discovery_json_string (root, "status"));
    member.has_shard =
        dunlin_discovery_json_integer (root, "shard", G_MININT32, G_MAXINT32, &shard);
    if (member.has_shard)
        member.shard = (gint32)shard;
    child = dunlin_discovery_json_child (root, "metadata");
    if (child != NULL)
        decode_metadata (child, &member);
    *self = member;
    member = (DunlinMember){ 0 };
    return TRUE;
}

const DunlinEndpoint *
dunlin_member_pick (const DunlinMember *self, const char *name, GError **error)
{
    if (self->status == NULL || strcmp (self->status, ALIVE) != 0) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                     "its status is %s, not \"" ALIVE "\"",
                     self->status != NULL ? self->status : "missing");
        return NULL;
    }
    if (name == NULL) {
        if (self->service.host != NULL)
            return &self->service;
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                             "it has no serviceEndpoint with a host and an integer port");
        return NULL;
    }
    for (guint i = 0; i < self->n_additional; i++) {
        if (strcmp (self->additional[i].name, name) == 0)
            return &self->additional[i];
    }
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                 "it has no additional endpoint '%s' with a host and an integer port", name);
    return NULL;
}

gboolean
dunlin_serverset_is_member (const char *name)
{
    return g_str_has_prefix (name, DUNLIN_MEMBER_PREFIX);
}

/* What is wrong with one piece of a path, or NULL. */
static const char *
segment_fault (const char *segment)
{
    if (*segment == '\0')
        return "it has an empty part (a doubled or a final '/')";
    if (strcmp (segment, ".") == 0 || strcmp (segment, "..") == 0)
        return "ZooKeeper allows no '.' and '..'";
    for (const char *p = segment; *p != '\0'; p = g_utf8_next_char (p)) {
        if (g_unichar_iscntrl (g_utf8_get_char (p)))
            return "it holds a control character";
    }
    return NULL;
}

static const char *
path_fault (const char *path)
{
    g_auto (GStrv) segments = NULL;
    const char *fault = NULL;

    if (!g_utf8_validate (path, -1, NULL))
        return "it is not UTF-8";
    if (*path != '/')
        return "it must start with '/'";
    if (path[1] == '\0')
        return "members cannot live in the root";
    segments = g_strsplit (path + 1, "/", -1);
    if (strcmp (segments[0], "zookeeper") == 0)
        return "/zookeeper belongs to ZooKeeper itself";
    for (guint i = 0; segments[i] != NULL && fault == NULL; i++)
        fault = segment_fault (segments[i]);
    return fault;
}

gboolean
dunlin_serverset_check_path (const char *path, GError **error)
{
    const char *fault = path_fault (path);

    if (fault == NULL)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "'%s' is no path of a serverset: %s; say for example /services/address_book", path,
                 fault);
    return FALSE;
}
