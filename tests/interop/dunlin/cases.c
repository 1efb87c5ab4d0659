/* Each case is one fact; the generated client makes the calls, off fibers unless said otherwise. */
#include "interop/dunlin/cases.h"

#include <string.h>

#include "base/clock.h"
#include "conformance_autoptr.h"
#include "conformance_stub.h"
#include "discovery/dest.h"
#include "interop/dunlin/tap.h"
#include "interop/dunlin/values.h"

#define AT_ONCE    200
#define AT_ONCE_MS 300
#define LARGE_ECHO (8 << 20)

typedef struct {
    const CallerWay *way;
    DunlinClient *client;           /* owned */
    ConformanceConformanceIf *stub; /* owned */
    ConformanceBaseIf *base;        /* borrowed: the same */
} Cases;

typedef struct {
    Cases *cases;
    gsize n;
} SizedCase;

typedef struct {
    Cases *cases;
    const CallerValue *value;
} ValueCase;

static gboolean
is_mux (const Cases *self)
{
    return self->way->options.protocol == DUNLIN_CLIENT_PROTOCOL_THRIFTMUX;
}

static DunlinClient *
make_client (const CallerWay *way, const DunlinClientOptions *options, GError **error)
{
    DunlinClient *client = dunlin_dest_client_new (way->dest, options, NULL, error);

    if (client != NULL)
        dunlin_client_set_schema (client, conformance_service.schema);
    return client;
}

static gboolean
ping (gpointer data, GError **error)
{
    Cases *self = data;
    g_autofree char *answer = NULL;

    if (!conformance_base_if_ping (self->base, &answer, error))
        return FALSE;
    return strcmp (answer, "pong") == 0 || caller_wrong (error, "ping answered %s", answer);
}

static gboolean
now_ms (gpointer data, GError **error)
{
    Cases *self = data;
    gint64 now = 0;
    gint64 ours = dunlin_clock_wall_ns () / 1000000;

    if (!conformance_base_if_now_ms (self->base, &now, error))
        return FALSE;
    return ABS (now - ours) < 10000 ||
           caller_wrong (error, "the clocks are %" G_GINT64_FORMAT " ms apart", now - ours);
}

static gboolean
nothing (gpointer data, GError **error)
{
    Cases *self = data;

    return conformance_conformance_if_nothing (self->stub, error);
}

static ConformanceAddress *
new_address (const char *name)
{
    ConformanceAddress *address = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);

    g_free (address->full_name);
    address->full_name = g_strdup (name);
    g_ptr_array_add (address->emails, g_strdup ("a@example.org"));
    address->__isset_emails = TRUE;
    g_hash_table_insert (address->labels, g_strdup (""), g_strdup ("v"));
    address->__isset_labels = TRUE;
    return address;
}

static ConformanceAddress *
put (Cases *self, const char *name, GError **error)
{
    g_autoptr (ConformanceAddress) address = new_address (name);
    ConformanceAddress *stored = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);

    if (conformance_conformance_if_put (self->stub, &stored, address, error))
        return stored;
    g_clear_object (&stored);
    return NULL;
}

static gboolean
put_get_search (gpointer data, GError **error)
{
    Cases *self = data;
    g_autofree char *name =
        g_strdup_printf ("Gr\u00fc\u00dfe %" G_GINT64_FORMAT, dunlin_clock_now ());
    g_autoptr (ConformanceAddress) stored = put (self, name, error);
    g_autoptr (ConformanceAddress) got = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    g_autoptr (ConformanceNotFound) not_found = NULL;
    g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
    g_autofree char *put_text = NULL;
    g_autofree char *got_text = NULL;

    if (stored == NULL ||
        !conformance_conformance_if_get (self->stub, &got, stored->id, &not_found, error))
        return FALSE;
    put_text = caller_text (stored);
    got_text = caller_text (got);
    if (strcmp (put_text, got_text) != 0)
        return caller_wrong (error, "put %s, got %s", put_text, got_text);
    if (!conformance_conformance_if_search (self->stub, &found, name, 10, error))
        return FALSE;
    return found->len == 1 || caller_wrong (error, "search found %u, not one", found->len);
}

static gboolean
not_found (gpointer data, GError **error)
{
    Cases *self = data;
    ConformanceAddress *got = NULL;
    g_autoptr (ConformanceNotFound) declared = NULL;
    g_autoptr (GError) why = NULL;
    gboolean found = conformance_conformance_if_get (self->stub, &got, 987654321, &declared, &why);

    g_clear_object (&got);
    if (found || declared == NULL)
        return caller_wrong (error, "it did not say so: %s", why != NULL ? why->message : "found");
    return (declared->message != NULL && *declared->message != '\0') ||
           caller_wrong (error, "the exception has no message");
}

static gboolean
everything (gpointer data, GError **error)
{
    ValueCase *self = data;
    g_autoptr (ConformanceEveryType) sent = self->value->make ();
    g_autoptr (ConformanceEveryType) got = g_object_new (CONFORMANCE_TYPE_EVERY_TYPE, NULL);
    g_autofree char *expected = NULL;
    g_autofree char *text = NULL;

    if (!conformance_conformance_if_everything (self->cases->stub, &got, sent, error))
        return FALSE;
    expected = caller_text (sent);
    text = caller_text (got);
    return strcmp (expected, text) == 0 ||
           caller_wrong (error, "sent %.400s, got %.400s", expected, text);
}

static gboolean
echo (gpointer data, GError **error)
{
    SizedCase *self = data;
    g_autoptr (GByteArray) sent = g_byte_array_sized_new ((guint)self->n);
    g_autoptr (GByteArray) got = NULL;

    g_byte_array_set_size (sent, (guint)self->n);
    for (gsize i = 0; i < self->n; i++)
        sent->data[i] = (guint8)(i * 7 + i / 256);
    if (!conformance_conformance_if_echo (self->cases->stub, &got, sent, error))
        return FALSE;
    return (got->len == sent->len &&
            (sent->len == 0 || memcmp (got->data, sent->data, sent->len) == 0)) ||
           caller_wrong (error, "%u other bytes came back", got->len);
}

static gboolean
was_touched (Cases *self, gint64 id)
{
    g_autoptr (ConformanceAddress) got = g_object_new (CONFORMANCE_TYPE_ADDRESS, NULL);
    g_autoptr (ConformanceNotFound) declared = NULL;

    return conformance_conformance_if_get (self->stub, &got, id, &declared, NULL) &&
           got->__isset_updated_at_ms;
}

static gboolean
oneway (gpointer data, GError **error)
{
    Cases *self = data;
    g_autoptr (ConformanceAddress) stored = put (self, "Touched", error);

    if (stored == NULL || !conformance_conformance_if_touch (self->stub, stored->id, error))
        return FALSE;
    for (int i = 0; i < 100; i++) {
        if (was_touched (self, stored->id))
            return ping (self, error);
        g_usleep (30000);
    }
    return caller_wrong (error, "in three seconds updated_at_ms was not set");
}

/* Calls fail(@kind). Returns: its failure; %NULL with @error when it did not fail so. */
static GError *
failure_of (Cases *self, const char *kind, ConformanceRefused **refused, GError **error)
{
    g_autofree char *answer = NULL;
    GError *why = NULL;

    if (conformance_conformance_if_fail (self->stub, &answer, kind, refused, &why))
        caller_wrong (error, "it returned %s", answer);
    else if (why == NULL)
        caller_wrong (error, "it failed without an error");
    return why;
}

static gboolean
declared (gpointer data, GError **error)
{
    Cases *self = data;
    g_autoptr (ConformanceRefused) refused = NULL;
    g_autoptr (GError) why = NULL;

    why = failure_of (self, "declared", &refused, error);
    if (refused == NULL)
        return caller_wrong (error, "no exception: %s", why != NULL ? why->message : "no error");
    return refused->code == (self->way->is_finagle ? 42 : 7) &&
           strcmp (refused->reason, "as asked") == 0;
}

static gboolean
undeclared (gpointer data, GError **error)
{
    Cases *self = data;
    g_autoptr (ConformanceRefused) refused = NULL;
    g_autoptr (GError) why = failure_of (self, "undeclared", &refused, error);

    if (why == NULL)
        return FALSE;
    if (refused != NULL || strstr (why->message, "fail") == NULL)
        return caller_wrong (error, "the error does not name the method: %s", why->message);
    return ping (self, error);
}

/* Over mux a nack, which is tried again and then given up; elsewhere an exception. */
static gboolean
nack (gpointer data, GError **error)
{
    Cases *self = data;
    g_autoptr (ConformanceRefused) refused = NULL;
    g_autoptr (GError) why = failure_of (self, "nack", &refused, error);

    if (why == NULL)
        return FALSE;
    if (is_mux (self) && !g_error_matches (why, DUNLIN_ERROR, DUNLIN_ERROR_OVERLOADED))
        return caller_wrong (error, "it is not OVERLOADED: %s", why->message);
    return ping (self, error);
}

static gboolean
unknown_method (gpointer data, GError **error)
{
    Cases *self = data;
    static const guint8 stop = 0;
    DunlinRawCall call = {
        .method = "no_such_method", .arguments = &stop, .n_arguments = 1, .deadline = DUNLIN_NEVER
    };
    g_auto (DunlinRawReply) reply = { 0 };
    g_autofree char *message = NULL;
    int type = -1;

    if (!dunlin_client_call_raw (self->client, &call, &reply, error))
        return FALSE;
    if (!dunlin_raw_reply_exception (&reply, self->way->options.encoding, &type, &message))
        return caller_wrong (error, "it is no exception");
    return type == DUNLIN_TAPP_UNKNOWN_METHOD ||
           caller_wrong (error, "exception %d, %s", type, message);
}

static const char *
fact (GHashTable *facts, const char *key)
{
    const char *value = g_hash_table_lookup (facts, key);

    return value != NULL ? value : "";
}

static gboolean
context (gpointer data, GError **error)
{
    Cases *self = data;
    gboolean is_plain = self->way->options.protocol == DUNLIN_CLIENT_PROTOCOL_THRIFT;
    gboolean is_secure = self->way->options.credentials != NULL;
    g_autoptr (GHashTable) facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

    if (!conformance_conformance_if_context (self->stub, &facts, error))
        return FALSE;
    if (strstr (fact (facts, "peer_address"), "127.0.0.1") == NULL)
        return caller_wrong (error, "peer_address %s", fact (facts, "peer_address"));
    if (!is_plain && strcmp (fact (facts, "client_id"), "dunlin.interop") != 0)
        return caller_wrong (error, "client_id %s", fact (facts, "client_id"));
    if (!is_plain && strlen (fact (facts, "trace_id")) < 16)
        return caller_wrong (error, "trace_id %s", fact (facts, "trace_id"));
    if (!is_plain && atoi (fact (facts, "deadline_ms")) <= 0)
        return caller_wrong (error, "deadline_ms %s", fact (facts, "deadline_ms"));
    if (is_secure &&
        (*fact (facts, "peer_identity") == '\0' || *fact (facts, "tls_version") != 'T'))
        return caller_wrong (error, "peer_identity %s, tls_version %s",
                             fact (facts, "peer_identity"), fact (facts, "tls_version"));
    return TRUE;
}

static gboolean
sleep_spin_block (gpointer data, GError **error)
{
    Cases *self = data;
    g_autofree char *slept = NULL;
    g_autofree char *spun = NULL;
    g_autofree char *blocked = NULL;

    return conformance_conformance_if_sleep (self->stub, &slept, 30, error) &&
           conformance_conformance_if_spin (self->stub, &spun, 10, error) &&
           conformance_conformance_if_block (self->stub, &blocked, 10, error) &&
           (strcmp (slept, "slept 30") == 0 || caller_wrong (error, "%s", slept));
}

static gboolean
sleep_once (gpointer data, GError **error)
{
    Cases *self = data;
    g_autoptr (ConformanceConformanceIf) stub =
        dunlin_client_stub (self->client, CONFORMANCE_TYPE_CONFORMANCE_CLIENT);
    g_autofree char *answer = NULL;

    return conformance_conformance_if_sleep (stub, &answer, AT_ONCE_MS, error);
}

static gboolean
at_once (gpointer data, GError **error)
{
    DunlinTask tasks[AT_ONCE];
    gint64 start = dunlin_clock_now ();
    gboolean done;

    for (gsize i = 0; i < AT_ONCE; i++)
        tasks[i] = (DunlinTask){ .func = sleep_once, .data = data };
    done = dunlin_parallel (tasks, AT_ONCE, error);
    dunlin_tasks_clear (tasks, AT_ONCE);
    if (!done)
        return FALSE;
    return dunlin_clock_now () - start < (gint64)AT_ONCE * AT_ONCE_MS * 1000 / 4 ||
           caller_wrong (error, "they ran one after the other");
}

static gint64
count_cancelled (Cases *self)
{
    gint64 n = -1;

    conformance_conformance_if_cancelled (self->stub, &n, NULL);
    return n;
}

/* The caller's patience ends: the error says so, and the server is told to stop. */
static gboolean
deadline (gpointer data, GError **error)
{
    Cases *self = data;
    DunlinClientOptions options = self->way->options;
    g_autoptr (DunlinClient) hasty = NULL;
    g_autoptr (ConformanceConformanceIf) stub = NULL;
    g_autofree char *answer = NULL;
    g_autoptr (GError) why = NULL;
    gint64 before = count_cancelled (self);

    options.timeout = 2 * G_USEC_PER_SEC / 5;
    hasty = make_client (self->way, &options, error);
    if (hasty == NULL)
        return FALSE;
    stub = dunlin_client_stub (hasty, CONFORMANCE_TYPE_CONFORMANCE_CLIENT);
    if (conformance_conformance_if_sleep (stub, &answer, 20000, &why))
        return caller_wrong (error, "it returned");
    if (!g_error_matches (why, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE))
        return caller_wrong (error, "it is no DEADLINE: %s", why->message);
    for (int i = 0; i < 100 && count_cancelled (self) <= before; i++)
        g_usleep (30000);
    return count_cancelled (self) > before || caller_wrong (error, "the server slept on");
}

static gboolean
fail_soon (gpointer data, GError **error)
{
    dunlin_sleep (200000, NULL);
    return caller_wrong (error, "as planned");
}

/* More than one call at a time, and the group's end is the end of all. */
static gboolean
parallel_failure (gpointer data, GError **error)
{
    DunlinTask tasks[] = { { .func = ping, .data = data }, { .func = fail_soon, .data = data } };
    g_autoptr (GError) why = NULL;
    gboolean done;

    /* A stub is of one thread, and these tasks run on another. */
    tasks[0].func = sleep_once;
    done = dunlin_parallel (tasks, G_N_ELEMENTS (tasks), &why);
    dunlin_tasks_clear (tasks, G_N_ELEMENTS (tasks));
    return (!done && strstr (why->message, "as planned") != NULL) ||
           caller_wrong (error, "it did not fail so");
}

static void
point_everything (Cases *self, const char *group)
{
    for (gsize i = 0; i < caller_n_values; i++) {
        ValueCase value = { .cases = self, .value = &caller_values[i] };
        g_autofree char *name = g_strdup_printf ("everything: %s", value.value->name);

        caller_point (group, name, everything, &value);
    }
}

static void
point_echo (Cases *self, const char *group)
{
    static const gsize sizes[] = { 0, 1, 1000, 1 << 20, LARGE_ECHO };

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        SizedCase sized = { .cases = self, .n = sizes[i] };
        g_autofree char *name = g_strdup_printf ("echo of %zu bytes", sizes[i]);

        caller_point (group, name, echo, &sized);
    }
}

static const struct {
    const char *name;
    CallerCase body;
} others[] = {
    { "now_ms is about now", now_ms },
    { "nothing", nothing },
    { "put, get, search", put_get_search },
    { "get of an unknown id", not_found },
    { "oneway", oneway },
    { "fail: a declared exception", declared },
    { "fail: an undeclared one", undeclared },
    { "fail: a nack", nack },
    { "an unknown method", unknown_method },
    { "context: what the handler is told", context },
    { "sleep, spin, block", sleep_spin_block },
    { "200 calls in flight", at_once },
    { "one of two in parallel fails", parallel_failure },
    { "deadline exceeded, and the server stops", deadline },
};

void
caller_cases (const CallerWay *way, const char *group)
{
    g_autoptr (GError) error = NULL;
    Cases self = { .way = way, .client = make_client (way, &way->options, &error) };

    if (self.client == NULL) {
        caller_note ("%s: %s", way->dest, error->message);
        return;
    }
    self.stub = dunlin_client_stub (self.client, CONFORMANCE_TYPE_CONFORMANCE_CLIENT);
    self.base = CONFORMANCE_BASE_IF (self.stub);
    caller_point (group, "ping", ping, &self);
    point_everything (&self, group);
    point_echo (&self, group);
    for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
        caller_point (group, others[i].name, others[i].body, &self);
    g_clear_object (&self.stub);
    g_clear_pointer (&self.client, dunlin_client_unref);
}
