/* Weights of a serverset: see the header. */
#include "discovery/vector.h"

#include "discovery/host.h"
#include "discovery/json.h"

#include <math.h>
#include <string.h>

/* A vector node is at most 1 MiB; this many entries are a mistake long before. */
#define MAX_ENTRIES 4096

typedef struct Entry Entry;

typedef struct {
    const char *prefix;
    gboolean (*parse) (Entry *self, const char *argument);
    gboolean (*selects) (const Entry *self, const char *node, const DunlinMember *member,
                         const DunlinEndpoint *endpoint);
} Selector;

struct Entry {
    const Selector *selector;
    char *text; /* owned, nullable: host or node */
    int number; /* port or shard */
    double weight;
};

struct DunlinVector {
    GArray *entries; /* owned: of Entry */
};

static gboolean
parse_inet (Entry *self, const char *argument)
{
    guint16 port = 0;

    self->text = dunlin_host_port_parse (argument, &port, NULL);
    self->number = port;
    return self->text != NULL && port != 0;
}

static gboolean
selects_inet (const Entry *self, const char *node, const DunlinMember *member,
              const DunlinEndpoint *endpoint)
{
    return endpoint->port == self->number && strcmp (endpoint->host, self->text) == 0;
}

static gboolean
parse_member (Entry *self, const char *argument)
{
    self->text = g_strdup (argument);
    return TRUE;
}

static gboolean
selects_member (const Entry *self, const char *node, const DunlinMember *member,
                const DunlinEndpoint *endpoint)
{
    return strcmp (node, self->text) == 0;
}

static gboolean
parse_shard (Entry *self, const char *argument)
{
    gint64 shard;

    if (!g_ascii_string_to_signed (argument, 10, G_MININT32, G_MAXINT32, &shard, NULL))
        return FALSE;
    self->number = (int)shard;
    return TRUE;
}

static gboolean
selects_shard (const Entry *self, const char *node, const DunlinMember *member,
               const DunlinEndpoint *endpoint)
{
    return member->has_shard && member->shard == self->number;
}

static const Selector selectors[] = {
    { "inet=", parse_inet, selects_inet },
    { "member=", parse_member, selects_member },
    { "shard=", parse_shard, selects_shard },
};

static void
entry_clear (gpointer data)
{
    g_free (((Entry *)data)->text);
}

static gboolean
parse_selector (Entry *self, const char *select)
{
    for (guint i = 0; i < G_N_ELEMENTS (selectors); i++) {
        if (g_str_has_prefix (select, selectors[i].prefix)) {
            self->selector = &selectors[i];
            return selectors[i].parse (self, select + strlen (selectors[i].prefix));
        }
    }
    return FALSE;
}

/* Finagle takes a weight only when it is written as a float: 3.0 counts, 3 does not. */
static double
parse_weight (JsonObject *object)
{
    JsonNode *node = json_object_get_member (object, "weight");
    double weight;

    if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
        json_node_get_value_type (node) != G_TYPE_DOUBLE)
        return 1.0;
    weight = json_node_get_double (node);
    return isfinite (weight) && weight >= 0 ? weight : 1.0;
}

static void
add_entry (JsonArray *array, guint index, JsonNode *node, gpointer data)
{
    DunlinVector *self = data;
    Entry entry = { 0 };
    const char *select;

    if (!JSON_NODE_HOLDS_OBJECT (node) || self->entries->len == MAX_ENTRIES)
        return;
    select = dunlin_discovery_json_string (json_node_get_object (node), "select");
    if (select == NULL || !parse_selector (&entry, select)) {
        entry_clear (&entry);
        return;
    }
    entry.weight = parse_weight (json_node_get_object (node));
    g_array_append_val (self->entries, entry);
}

DunlinVector *
dunlin_vector_decode (const char *json, gsize length, GError **error)
{
    g_autoptr (JsonParser) parser = dunlin_discovery_json_object (json, length, error);
    DunlinVector *self;
    JsonNode *node;

    if (parser == NULL)
        return NULL;
    self = g_new0 (DunlinVector, 1);
    self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
    g_array_set_clear_func (self->entries, entry_clear);
    node = json_object_get_member (json_node_get_object (json_parser_get_root (parser)), "vector");
    if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
        json_array_foreach_element (json_node_get_array (node), add_entry, self);
    return self;
}

void
dunlin_vector_free (DunlinVector *self)
{
    if (self == NULL)
        return;
    g_array_unref (self->entries);
    g_free (self);
}

double
dunlin_vector_weight (const DunlinVector *self, const char *node, const DunlinMember *member,
                      const DunlinEndpoint *endpoint)
{
    double weight = 1.0;

    for (guint i = 0; i < self->entries->len; i++) {
        const Entry *entry = &g_array_index (self->entries, Entry, i);

        if (entry->selector->selects (entry, node, member, endpoint))
            weight *= entry->weight;
    }
    return weight;
}
