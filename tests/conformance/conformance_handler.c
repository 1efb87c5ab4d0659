/* The handler: plain C, as any service would have it. The records are shared by all loops, so a
 * lock guards their tree; it is never held over anything that waits. A record itself never changes,
 * so that a call returns it, rather than a copy: a change is another record in its place. */
#include "conformance_handler.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "dunlin.h"

#define FIRST_FREE_ID 1000

typedef struct {
    ConformanceConformanceHandler parent;
    pthread_mutex_t lock;
    GTree *records; /* owned: gint64 -> ConformanceAddress that nobody changes, by id */
    gint64 next_id;
    gint64 cancelled; /* atomic */
} Handler;

typedef struct {
    ConformanceConformanceHandlerClass parent;
} HandlerClass;

GType conformance_memory_handler_get_type (void);
G_DEFINE_TYPE (Handler, conformance_memory_handler, CONFORMANCE_TYPE_CONFORMANCE_HANDLER)

static int
compare_ids (gconstpointer a, gconstpointer b, gpointer data)
{
    gint64 x = *(const gint64 *)a;
    gint64 y = *(const gint64 *)b;

    return (x > y) - (x < y);
}

static GPtrArray *
copy_strings (const GPtrArray *from)
{
    GPtrArray *to = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add (to, g_strdup (g_ptr_array_index (from, i)));
    return to;
}

static void
copy_labels (const GHashTable *from, GHashTable *to)
{
    GHashTableIter iter;
    gpointer key;
    gpointer value;

    g_hash_table_iter_init (&iter, (GHashTable *)from);
    while (g_hash_table_iter_next (&iter, &key, &value))
        g_hash_table_insert (to, g_strdup (key), g_strdup (value));
}

static ConformanceAddress *
copy_address (const ConformanceAddress *from)
{
    ConformanceAddress *to = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);

    to->id = from->id;
    to->__isset_id = from->__isset_id;
    g_free (to->full_name);
    to->full_name = g_strdup (from->full_name);
    if (from->__isset_emails) {
        g_clear_pointer (&to->emails, g_ptr_array_unref);
        to->emails = copy_strings (from->emails);
        to->__isset_emails = TRUE;
    }
    if (from->__isset_labels) {
        copy_labels (from->labels, to->labels);
        to->__isset_labels = TRUE;
    }
    to->updated_at_ms = from->updated_at_ms;
    to->__isset_updated_at_ms = from->__isset_updated_at_ms;
    return to;
}

/* With the lock held. */
static void
keep (Handler *self, ConformanceAddress *address)
{
    g_tree_replace (self->records, g_memdup2 (&address->id, sizeof address->id), address);
}

/* Record 1: about 200 bytes on the wire. */
static ConformanceAddress *
first_record (void)
{
    ConformanceAddress *address = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);

    address->id = 1;
    address->__isset_id = TRUE;
    g_free (address->full_name);
    address->full_name = g_strdup ("Dunlin Calidris alpina");
    g_ptr_array_add (address->emails, g_strdup ("dunlin@wader.example"));
    g_ptr_array_add (address->emails, g_strdup ("calidris.alpina@shore.example"));
    address->__isset_emails = TRUE;
    g_hash_table_insert (address->labels, g_strdup ("habitat"), g_strdup ("mudflat"));
    g_hash_table_insert (address->labels, g_strdup ("order"), g_strdup ("Charadriiformes"));
    address->__isset_labels = TRUE;
    address->updated_at_ms = 1700000000000;
    address->__isset_updated_at_ms = TRUE;
    return address;
}

static gboolean
handle_ping (ConformanceBaseIf *iface, gchar **_return, GError **error)
{
    *_return = g_strdup ("pong");
    return TRUE;
}

static gboolean
handle_now_ms (ConformanceBaseIf *iface, gint64 *_return, GError **error)
{
    *_return = dunlin_clock_wall_ns () / 1000000;
    return TRUE;
}

static gboolean
handle_put (ConformanceConformanceIf *iface, ConformanceAddress **_return,
            const ConformanceAddress *address, GError **error)
{
    Handler *self = (Handler *)iface;
    ConformanceAddress *stored = copy_address (address);

    pthread_mutex_lock (&self->lock);
    if (!stored->__isset_id) {
        stored->id = self->next_id++;
        stored->__isset_id = TRUE;
    }
    *_return = g_object_ref (stored);
    keep (self, stored);
    pthread_mutex_unlock (&self->lock);
    return TRUE;
}

static gboolean
handle_get (ConformanceConformanceIf *iface, ConformanceAddress **_return, const gint64 id,
            ConformanceNotFound **not_found, GError **error)
{
    Handler *self = (Handler *)iface;
    ConformanceAddress *found;

    pthread_mutex_lock (&self->lock);
    found = g_tree_lookup (self->records, &id);
    if (found != NULL)
        *_return = g_object_ref (found);
    pthread_mutex_unlock (&self->lock);
    if (*_return != NULL)
        return TRUE;
    *not_found = g_object_new (CONFORMANCE_TYPE_NOT_FOUND, NULL);
    g_free ((*not_found)->message);
    (*not_found)->message = g_strdup_printf ("no address has id %" G_GINT64_FORMAT, id);
    (*not_found)->__isset_message = TRUE;
    return FALSE;
}

typedef struct {
    const char *prefix;
    gint32 limit;
    GPtrArray *found;
} Search;

static gboolean
collect (gpointer key, gpointer value, gpointer data)
{
    Search *search = data;
    ConformanceAddress *address = value;

    if ((gint32)search->found->len >= search->limit)
        return TRUE;
    if (g_str_has_prefix (address->full_name, search->prefix))
        g_ptr_array_add (search->found, g_object_ref (address));
    return FALSE;
}

static gboolean
handle_search (ConformanceConformanceIf *iface, GPtrArray **_return, const gchar *prefix,
               const gint32 limit, GError **error)
{
    Handler *self = (Handler *)iface;
    Search search = { .prefix = prefix, .limit = limit, .found = *_return };

    pthread_mutex_lock (&self->lock);
    g_tree_foreach (self->records, collect, &search);
    pthread_mutex_unlock (&self->lock);
    return TRUE;
}

static gboolean
handle_touch (ConformanceConformanceIf *iface, const gint64 id, GError **error)
{
    Handler *self = (Handler *)iface;
    const ConformanceAddress *found;

    pthread_mutex_lock (&self->lock);
    found = g_tree_lookup (self->records, &id);
    if (found != NULL) {
        ConformanceAddress *touched = copy_address (found);

        touched->updated_at_ms = dunlin_clock_wall_ns () / 1000000;
        touched->__isset_updated_at_ms = TRUE;
        keep (self, touched);
    }
    pthread_mutex_unlock (&self->lock);
    return TRUE;
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
    Handler *self = (Handler *)iface;

    if (!dunlin_sleep ((gint64)ms * 1000, error)) {
        if (dunlin_call_is_cancelled (dunlin_call_current ()))
            __atomic_add_fetch (&self->cancelled, 1, __ATOMIC_RELAXED);
        return FALSE;
    }
    *_return = g_strdup_printf ("slept %d", ms);
    return TRUE;
}

static gboolean
handle_spin (ConformanceConformanceIf *iface, gchar **_return, const gint32 ms, GError **error)
{
    gint64 until = dunlin_deadline_in ((gint64)ms * 1000);

    while (dunlin_clock_now () < until)
        ;
    *_return = g_strdup_printf ("spun %d", ms);
    return TRUE;
}

static void
block_thread (gpointer data)
{
    g_usleep ((gulong) * (const gint32 *)data * 1000);
}

static gboolean
handle_block (ConformanceConformanceIf *iface, gchar **_return, const gint32 ms, GError **error)
{
    gint32 milliseconds = MAX (ms, 0);

    if (!dunlin_offload (block_thread, &milliseconds, error))
        return FALSE;
    *_return = g_strdup_printf ("blocked %d", ms);
    return TRUE;
}

static gboolean
handle_cancelled (ConformanceConformanceIf *iface, gint64 *_return, GError **error)
{
    Handler *self = (Handler *)iface;

    *_return = __atomic_load_n (&self->cancelled, __ATOMIC_RELAXED);
    return TRUE;
}

static gboolean
handle_everything (ConformanceConformanceIf *iface, ConformanceEveryType **_return,
                   const ConformanceEveryType *value, GError **error)
{
    *_return = g_object_ref ((ConformanceEveryType *)value);
    return TRUE;
}

static void
tell (GHashTable *facts, const char *key, char *value)
{
    if (value != NULL)
        g_hash_table_insert (facts, g_strdup (key), value);
}

static char *
hex (guint64 id)
{
    return g_strdup_printf ("%016" G_GINT64_MODIFIER "x", id);
}

static void
tell_trace (GHashTable *facts, DunlinCall *call)
{
    DunlinTrace trace;

    if (!dunlin_call_get_trace (call, &trace))
        return;
    tell (facts, "trace_id",
          trace.trace_id_high != 0
              ? g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
                                 trace.trace_id_high, trace.trace_id)
              : hex (trace.trace_id));
    tell (facts, "span_id", hex (trace.span_id));
    tell (facts, "parent_id", hex (trace.parent_id));
    if (trace.decided)
        tell (facts, "sampled", g_strdup (trace.sampled ? "true" : "false"));
}

static gboolean
handle_context (ConformanceConformanceIf *iface, GHashTable **_return, GError **error)
{
    DunlinCall *call = dunlin_call_current ();
    gint64 remaining = dunlin_call_get_remaining (call);
    GHashTable *facts = *_return;

    tell (facts, "method", g_strdup (dunlin_call_get_method (call)));
    tell (facts, "protocol", g_strdup (dunlin_call_get_protocol (call)));
    tell (facts, "client_id", dunlin_call_dup_client_id (call));
    tell_trace (facts, call);
    if (remaining != G_MAXINT64)
        tell (facts, "deadline_ms", g_strdup_printf ("%" G_GINT64_FORMAT, remaining / 1000));
    if (dunlin_call_has_retries (call))
        tell (facts, "retries", g_strdup_printf ("%u", dunlin_call_get_retries (call)));
    tell (facts, "peer_address", g_strdup (dunlin_call_get_peer_address (call)));
    tell (facts, "peer_identity", g_strdup (dunlin_call_get_peer_identity (call)));
    tell (facts, "tls_version", g_strdup (dunlin_call_get_tls_version (call)));
    return TRUE;
}

static gboolean
handle_fail (ConformanceConformanceIf *iface, gchar **_return, const gchar *kind,
             ConformanceRefused **refused, GError **error)
{
    if (strcmp (kind, "declared") == 0) {
        *refused = g_object_new (CONFORMANCE_TYPE_REFUSED, NULL);
        (*refused)->code = 7;
        (*refused)->__isset_code = TRUE;
        g_free ((*refused)->reason);
        (*refused)->reason = g_strdup ("as asked");
        (*refused)->__isset_reason = TRUE;
        return FALSE;
    }
    if (strcmp (kind, "undeclared") == 0) {
        g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_IO, "an error nobody declared");
        return FALSE;
    }
    if (strcmp (kind, "nack") == 0) {
        g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED, "refused as asked");
        return FALSE;
    }
    *_return = g_strdup ("ok");
    return TRUE;
}

static gboolean
handle_nothing (ConformanceConformanceIf *iface, GError **error)
{
    return TRUE;
}

static void
finalize (GObject *object)
{
    Handler *self = (Handler *)object;

    g_tree_unref (self->records);
    pthread_mutex_destroy (&self->lock);
    G_OBJECT_CLASS (conformance_memory_handler_parent_class)->finalize (object);
}

static void
conformance_memory_handler_init (Handler *self)
{
    pthread_mutex_init (&self->lock, NULL);
    self->records = g_tree_new_full (compare_ids, NULL, g_free, g_object_unref);
    self->next_id = FIRST_FREE_ID;
    keep (self, first_record ());
}

static void
conformance_memory_handler_class_init (HandlerClass *class)
{
    ConformanceBaseHandlerClass *base = (ConformanceBaseHandlerClass *)class;
    ConformanceConformanceHandlerClass *own = (ConformanceConformanceHandlerClass *)class;

    G_OBJECT_CLASS (class)->finalize = finalize;
    base->ping = handle_ping;
    base->now_ms = handle_now_ms;
    own->put = handle_put;
    own->get = handle_get;
    own->search = handle_search;
    own->touch = handle_touch;
    own->echo = handle_echo;
    own->sleep = handle_sleep;
    own->spin = handle_spin;
    own->block = handle_block;
    own->cancelled = handle_cancelled;
    own->everything = handle_everything;
    own->context = handle_context;
    own->fail = handle_fail;
    own->nothing = handle_nothing;
}

ConformanceConformanceHandler *
conformance_handler_new (void)
{
    return g_object_new (conformance_memory_handler_get_type (), NULL);
}
