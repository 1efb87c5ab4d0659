/* Stand-ins for what generated code calls: failures drain, keys are kept off the stack. */
#include "wire/payload_repairs.h"

#include "wire/payload_private.h"

static DunlinPayload *
as_payload (ThriftProtocol *protocol)
{
    gboolean is = G_TYPE_CHECK_INSTANCE_TYPE (protocol, dunlin_payload_get_type ());

    return is ? (DunlinPayload *)protocol : NULL;
}

gint32
dunlin_payload_read_struct (ThriftStruct *object, ThriftProtocol *protocol, GError **error)
{
    g_autoptr (GError) missing = NULL;
    gint32 n = thrift_struct_read (object, protocol, &missing);
    DunlinPayload *self;

    if (G_LIKELY (n >= 0))
        return n;
    self = as_payload (protocol);
    if (self == NULL) {
        g_propagate_error (error, g_steal_pointer (&missing));
        return n;
    }
    dunlin_payload_fail (self, DUNLIN_ERROR_MALFORMED, "%s: %s", G_OBJECT_TYPE_NAME (object),
                         missing == NULL ? "not read" : missing->message);
    return 0;
}

gint32
dunlin_payload_read_enum (ThriftProtocol *protocol, gint32 *value, GError **error)
{
    gint32 n = thrift_protocol_read_i32 (protocol, value, error);
    DunlinPayload *self;
    const DunlinPayloadLevel *level;

    if (n < 0 || *value != 0)
        return n;
    self = as_payload (protocol);
    if (self == NULL)
        return n;
    level = self->level;
    if (level->kind == T_SET || (level->kind == T_MAP && level->is_key_read))
        dunlin_payload_fail (
            self, DUNLIN_ERROR_MALFORMED,
            "an enum's 0 as the key of a map or the element of a set, where c_glib "
            "cannot hold it; number the enum from 1");
    /* With keys that are none the values would leak. */
    if (self->failure != NULL)
        *value = 1;
    return n;
}

static void
gather_for_stranger (gpointer key, gpointer value, gpointer list)
{
    GList **keys = list;

    *keys = g_list_prepend (*keys, key);
}

/* Of a protocol that is not ours: a stack of what is being written. What a failed message leaves
 * there goes with the protocol. */
static const char foreign_key[] = "dunlin-payload-scratch";

static gpointer
push_foreign (ThriftProtocol *protocol, gsize n)
{
    GPtrArray *all = g_object_get_data (G_OBJECT (protocol), foreign_key);

    if (all == NULL) {
        all = g_ptr_array_new_with_free_func (g_free);
        g_object_set_data_full (G_OBJECT (protocol), foreign_key, all,
                                (GDestroyNotify)g_ptr_array_unref);
    }
    g_ptr_array_add (all, g_malloc (n));
    return g_ptr_array_index (all, all->len - 1);
}

static void
pop_foreign (ThriftProtocol *protocol)
{
    GPtrArray *all = g_object_get_data (G_OBJECT (protocol), foreign_key);

    if (all != NULL && all->len > 0)
        g_ptr_array_set_size (all, (int)all->len - 1);
}

static void
reserve (DunlinPayload *self, DunlinPayloadScratch *scratch, gsize n)
{
    if (G_LIKELY (n <= scratch->capacity))
        return;
    g_free (scratch->data);
    scratch->data = g_malloc (n);
    scratch->capacity = n;
    self->largest_scratch = MAX (self->largest_scratch, n);
}

static void
gather (gpointer key, gpointer value, gpointer data)
{
    DunlinPayloadScratch *scratch = data;
    gsize at = scratch->n_keys++;

    scratch->keys[at] = (GList){ .data = key, .next = &scratch->keys[at + 1] };
    scratch->values[at] = value;
}

void
dunlin_payload_gather_keys (ThriftProtocol *protocol, GHashTable *table, GList **keys)
{
    DunlinPayload *self = as_payload (protocol);
    gsize n = g_hash_table_size (table);
    DunlinPayloadScratch *scratch;

    if (self == NULL) {
        g_hash_table_foreach (table, gather_for_stranger, keys);
        return;
    }
    if (n == 0)
        return;
    /* Once for each map or set, before any inside of it; the next one at the same depth comes when
     * this one has ended. */
    scratch = &self->scratches[self->out_depth];
    reserve (self, scratch, n * (2 * sizeof (gpointer) + sizeof (GList)));
    scratch->values = (gpointer *)scratch->data + n;
    scratch->keys = (GList *)(scratch->values + n);
    scratch->n_keys = scratch->next = 0;
    g_hash_table_foreach (table, gather, scratch);
    scratch->keys[n - 1].next = NULL;
    *keys = scratch->keys;
}

void
dunlin_payload_free_keys (ThriftProtocol *protocol, GList *keys)
{
    if (as_payload (protocol) == NULL)
        g_list_free (keys);
}

gpointer
dunlin_payload_look_up (ThriftProtocol *protocol, GHashTable *table, gconstpointer key)
{
    DunlinPayload *self = as_payload (protocol);
    DunlinPayloadScratch *scratch;

    if (self == NULL)
        return g_hash_table_lookup (table, key);
    scratch = &self->scratches[self->out_depth];
    if (scratch->next < scratch->n_keys && scratch->keys[scratch->next].data == key)
        return scratch->values[scratch->next++];
    return g_hash_table_lookup (table, key);
}

gpointer
dunlin_payload_scratch (ThriftProtocol *protocol, gsize n)
{
    DunlinPayload *self = as_payload (protocol);
    DunlinPayloadScratch *scratch;

    if (self == NULL)
        return push_foreign (protocol, n);
    /* Its keys were gathered just now, when it has any. */
    scratch = &self->scratches[self->out_depth];
    g_assert (n <= scratch->capacity);
    return scratch->data;
}

gint32
dunlin_payload_write_map_end (ThriftProtocol *protocol, GError **error)
{
    if (as_payload (protocol) == NULL)
        pop_foreign (protocol);
    return thrift_protocol_write_map_end (protocol, error);
}

gint32
dunlin_payload_write_set_end (ThriftProtocol *protocol, GError **error)
{
    if (as_payload (protocol) == NULL)
        pop_foreign (protocol);
    return thrift_protocol_write_set_end (protocol, error);
}

void
dunlin_payload_trim_scratches (DunlinPayload *self, gsize kept)
{
    if (G_LIKELY (self->largest_scratch <= kept))
        return;
    self->largest_scratch = kept;
    for (gsize i = 0; i < G_N_ELEMENTS (self->scratches); i++) {
        if (self->scratches[i].capacity <= kept)
            continue;
        g_free (self->scratches[i].data);
        self->scratches[i] = (DunlinPayloadScratch){ 0 };
    }
}

void
dunlin_payload_hash_table_insert (GHashTable *table, gpointer key, gpointer value)
{
    if (key == value)
        g_hash_table_add (table, key);
    else
        g_hash_table_insert (table, key, value);
}
