/* Fibers that call. */
#include "support/client_load.h"

#include "base/clock.h"
#include "fiber/fiber.h"

static void
count_answer (ClientLoad *self, const DunlinRawReply *reply, gint64 took)
{
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_address, reply->address));

    g_hash_table_insert (self->by_address, g_strdup (reply->address), GUINT_TO_POINTER (n + 1));
    self->n_answered++;
    self->n_tries += reply->tries;
    self->latency.count++;
    self->latency.maximum = MAX (self->latency.maximum, (guint64)took);
    self->latency.buckets[dunlin_histogram_bucket ((guint64)took)]++;
}

static void
count_exception (ClientLoad *self, const DunlinRawReply *reply)
{
    g_autofree char *message = NULL;
    int type = 0;

    self->n_failed++;
    if (self->first_error != NULL)
        return;
    if (!dunlin_raw_reply_exception (reply, DUNLIN_ENCODING_BINARY, &type, &message))
        message = g_strdup ("no exception that can be read");
    g_set_error (&self->first_error, DUNLIN_ERROR, DUNLIN_ERROR_INTERNAL,
                 "%s over %s answered with exception %d: %s", reply->address, reply->protocol, type,
                 message);
}

static void
call_once (ClientLoad *self)
{
    static const guint8 no_arguments[] = { 0 };
    g_auto (DunlinRawReply) reply = { 0 };
    g_autoptr (GError) error = NULL;
    DunlinRawCall call = { .method = self->method,
                           .arguments = no_arguments,
                           .n_arguments = sizeof no_arguments,
                           .idempotent = self->idempotent,
                           .deadline = DUNLIN_NEVER };
    gint64 began = dunlin_clock_now ();

    if (!dunlin_client_call_raw (self->client, &call, &reply, &error)) {
        self->n_failed++;
        if (self->first_error == NULL)
            self->first_error = g_steal_pointer (&error);
    } else if (reply.type == DUNLIN_MESSAGE_EXCEPTION) {
        count_exception (self, &reply);
    } else {
        count_answer (self, &reply, dunlin_clock_now () - began);
    }
}

static void
call_on_and_on (gpointer data)
{
    ClientLoad *self = data;

    while (self->n_begun < self->n_calls) {
        self->n_begun++;
        call_once (self);
    }
    self->n_fibers--;
}

static void
call_and_end (gpointer data)
{
    ClientLoad *self = data;

    call_once (self);
    self->n_fibers--;
}

static void
spawn (ClientLoad *self, DunlinFiberFunc func)
{
    g_autoptr (GError) error = NULL;

    self->n_fibers++;
    dunlin_fiber_spawn ("load", func, self, &error);
    g_assert_no_error (error);
}

static void
begin_at_a_rate (ClientLoad *self)
{
    gint64 first = dunlin_clock_now ();

    for (guint i = 0; self->n_begun < self->n_calls; i++) {
        gint64 begins = first + (gint64)i * G_USEC_PER_SEC / self->per_second;

        /* When it is late, too, the loop must turn: answers come by it. */
        dunlin_sleep (MAX (begins - dunlin_clock_now (), 1), NULL);
        self->n_begun++;
        spawn (self, call_and_end);
    }
}

void
client_load_run (ClientLoad *self)
{
    if (self->by_address == NULL)
        self->by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    self->n_begun = 0;
    if (self->at_once == 0)
        begin_at_a_rate (self);
    for (guint i = 0; i < self->at_once; i++)
        spawn (self, call_on_and_on);
    while (self->n_fibers > 0)
        dunlin_sleep (1000, NULL);
}

guint
client_load_count (const ClientLoad *self, guint16 port)
{
    g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", port);

    return GPOINTER_TO_UINT (g_hash_table_lookup (self->by_address, address));
}

void
client_load_clear (ClientLoad *self)
{
    g_clear_pointer (&self->by_address, g_hash_table_unref);
    g_clear_error (&self->first_error);
}
