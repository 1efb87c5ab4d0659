/* The calls of the benchmark on c_glib's own classes, through GObject properties as its tutorial
 * has it; the other calls fail. One thread serves, so that the records need no lock. */
#include "handler.h"

#include "conformance_conformance.h"

#define FIRST_FREE_ID 1000

typedef struct {
    ConformanceConformanceHandler parent;
    GHashTable *records; /* owned: gint64 -> ConformanceAddress */
    gint64 next_id;
} Handler;

typedef struct {
    ConformanceConformanceHandlerClass parent;
} HandlerClass;

static GType bench_handler_get_type (void);
G_DEFINE_TYPE (Handler, bench_handler, CONFORMANCE_TYPE_CONFORMANCE_HANDLER)

static gboolean
handle_ping (ConformanceBaseIf *iface, gchar **_return, GError **error)
{
    *_return = g_strdup ("pong");
    return TRUE;
}

/* The processor made an empty object to be filled; the record itself can take its place. */
static void
answer_with (ConformanceAddress **_return, ConformanceAddress *record)
{
    g_clear_object (_return);
    *_return = g_object_ref (record);
}

static void
keep (Handler *self, ConformanceAddress *record)
{
    g_hash_table_replace (self->records, g_memdup2 (&record->id, sizeof record->id), record);
}

static gboolean
handle_put (ConformanceConformanceIf *iface, ConformanceAddress **_return,
            const ConformanceAddress *address, GError **error)
{
    Handler *self = (Handler *)iface;
    ConformanceAddress *stored = g_object_ref ((ConformanceAddress *)address);

    if (!stored->__isset_id)
        g_object_set (stored, "id", self->next_id++, NULL);
    answer_with (_return, stored);
    keep (self, stored);
    return TRUE;
}

static gboolean
handle_get (ConformanceConformanceIf *iface, ConformanceAddress **_return, const gint64 id,
            ConformanceNotFound **not_found, GError **error)
{
    Handler *self = (Handler *)iface;
    ConformanceAddress *found = g_hash_table_lookup (self->records, &id);
    g_autofree char *message = NULL;

    if (found != NULL) {
        answer_with (_return, found);
        return TRUE;
    }
    message = g_strdup_printf ("no address has id %" G_GINT64_FORMAT, id);
    *not_found = g_object_new (CONFORMANCE_TYPE_NOT_FOUND, "message", message, NULL);
    return FALSE;
}

static gboolean
handle_echo (ConformanceConformanceIf *iface, GByteArray **_return, const GByteArray *payload,
             GError **error)
{
    *_return = g_byte_array_ref ((GByteArray *)payload);
    return TRUE;
}

static gboolean
handle_sleep (ConformanceConformanceIf *iface, gchar **_return, const gint32 ms, GError **error)
{
    g_usleep ((gulong)MAX (ms, 0) * 1000);
    *_return = g_strdup_printf ("slept %d", ms);
    return TRUE;
}

/* Record 1: about 200 bytes on the wire. */
static ConformanceAddress *
first_record (void)
{
    g_autoptr (GPtrArray) emails = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GHashTable) labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

    g_ptr_array_add (emails, g_strdup ("dunlin@wader.example"));
    g_ptr_array_add (emails, g_strdup ("calidris.alpina@shore.example"));
    g_hash_table_insert (labels, g_strdup ("habitat"), g_strdup ("mudflat"));
    g_hash_table_insert (labels, g_strdup ("order"), g_strdup ("Charadriiformes"));
    return g_object_new (CONFORMANCE_TYPE_ADDRESS, "id", G_GINT64_CONSTANT (1), "full_name",
                         "Dunlin Calidris alpina", "emails", emails, "labels", labels,
                         "updated_at_ms", G_GINT64_CONSTANT (1700000000000), NULL);
}

static void
bench_handler_init (Handler *self)
{
    self->records = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
    self->next_id = FIRST_FREE_ID;
    keep (self, first_record ());
}

static void
bench_handler_class_init (HandlerClass *class)
{
    ConformanceBaseHandlerClass *base = (ConformanceBaseHandlerClass *)class;
    ConformanceConformanceHandlerClass *own = (ConformanceConformanceHandlerClass *)class;

    base->ping = handle_ping;
    own->put = handle_put;
    own->get = handle_get;
    own->echo = handle_echo;
    own->sleep = handle_sleep;
}

ThriftProcessor *
make_processor (void)
{
    return g_object_new (CONFORMANCE_TYPE_CONFORMANCE_PROCESSOR, "handler",
                         g_object_new (bench_handler_get_type (), NULL), NULL);
}
