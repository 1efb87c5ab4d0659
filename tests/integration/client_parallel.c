/* Several calls side by side, for no longer than is wanted: from a fiber, and from a thread. */
#include <string.h>

#include "dunlin.h"
#include "support/client_case.h"
#include "support/test_server.h"
#include "support/tiny_service.h"

#define PATIENCE (200 * G_TIME_SPAN_MILLISECOND)

static DunlinClient *client;

/* Server and client have the same deadline: the server's answer that it has passed may be there
 * first. */
static gboolean
sleep_there (gpointer data, GError **error)
{
    g_auto (DunlinBuffer) arguments = { 0 };
    g_auto (DunlinRawReply) reply = { 0 };
    DunlinRawCall call = { .method = "sleep", .deadline = DUNLIN_NEVER };

    client_write_number (&arguments, 60000);
    call.arguments = dunlin_buffer_bytes (&arguments);
    call.n_arguments = dunlin_buffer_length (&arguments);
    if (!dunlin_client_call_raw (client, &call, &reply, error))
        return FALSE;
    g_assert_cmpint (reply.type, ==, DUNLIN_MESSAGE_EXCEPTION);
    g_set_error_literal (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE, "the server says so");
    return FALSE;
}

static gboolean
sleep_here (gpointer data, GError **error)
{
    return dunlin_sleep (60 * G_USEC_PER_SEC, error);
}

static gboolean
ask_ping (gpointer data, GError **error)
{
    *(char **)data = client_call (client, "ping", error);
    return *(char **)data != NULL;
}

static gboolean
ask_context (gpointer data, GError **error)
{
    *(char **)data = client_call (client, "context", error);
    return *(char **)data != NULL;
}

/* What is done in time counts; what is not has failed, and the server that worked on it knows. */
static void
slow_ones_are_given_up (gpointer data)
{
    g_autofree char *pong = NULL;
    DunlinTask tasks[] = { { sleep_there, NULL, NULL },
                           { ask_ping, &pong, NULL },
                           { sleep_here, NULL, NULL } };
    g_autoptr (GError) error = NULL;
    gint64 begin = dunlin_clock_now ();
    int cancelled = tiny_cancelled ();

    g_assert_false (
        dunlin_parallel_until (tasks, G_N_ELEMENTS (tasks), dunlin_deadline_in (PATIENCE), &error));
    g_assert_cmpint (dunlin_clock_now () - begin, <, 10 * G_USEC_PER_SEC);
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    g_assert_error (tasks[0].error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    g_assert_no_error (tasks[1].error);
    g_assert_cmpstr (pong, ==, "pong");
    g_assert_error (tasks[2].error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE);
    dunlin_tasks_clear (tasks, G_N_ELEMENTS (tasks));
    client_until (tiny_cancelled () > cancelled);
}

static void
the_next_one_is_told_how_long (gpointer data)
{
    g_autofree char *text = NULL;
    DunlinTask task = { ask_context, &text, NULL };
    g_autoptr (GError) error = NULL;

    g_assert_true (
        dunlin_parallel_until (&task, 1, dunlin_deadline_in (30 * G_USEC_PER_SEC), &error));
    g_assert_no_error (error);
    g_assert_nonnull (strstr (text, " seconds=30"));
}

/* A deadline within a deadline: the earlier one counts. */
static gboolean
ask_inside (gpointer data, GError **error)
{
    DunlinTask task = { ask_context, data, NULL };

    return dunlin_parallel_until (&task, 1, dunlin_deadline_in (60 * G_USEC_PER_SEC), error);
}

static void
the_earlier_deadline_counts (gpointer data)
{
    g_autofree char *text = NULL;
    DunlinTask task = { ask_inside, &text, NULL };

    g_assert_true (
        dunlin_parallel_until (&task, 1, dunlin_deadline_in (30 * G_USEC_PER_SEC), NULL));
    g_assert_nonnull (strstr (text, " seconds=30"));
}

static void
time_that_is_over_calls_nobody (gpointer data)
{
    g_autofree char *text = NULL;
    DunlinTask task = { ask_ping, &text, NULL };

    g_assert_false (dunlin_parallel_until (&task, 1, dunlin_clock_now () - 1, NULL));
    g_assert_nonnull (task.error); /* DEADLINE, or UNAVAILABLE without a connection so far */
    dunlin_tasks_clear (&task, 1);
}

typedef struct {
    const char *name;
    void (*body) (gpointer data);
} Row;

static const Row rows[] = {
    { "slow-ones-are-given-up", slow_ones_are_given_up },
    { "the-next-one-is-told-how-long", the_next_one_is_told_how_long },
    { "the-earlier-deadline-counts", the_earlier_deadline_counts },
    { "time-that-is-over-calls-nobody", time_that_is_over_calls_nobody },
};

static void
on_a_fiber (gconstpointer data)
{
    client_on_fiber (((const Row *)data)->body, NULL);
}

static void
on_a_thread (gconstpointer data)
{
    ((const Row *)data)->body (NULL);
}

int
main (int argc, char *argv[])
{
    GObject *handler = tiny_handler_new ();
    TestServer *server;
    int rc;

    g_test_init (&argc, &argv, NULL);
    server = test_server_new (&tiny_service, handler, NULL);
    client = client_of_port (test_server_port (server), NULL);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *fiber = g_strconcat ("/client/parallel/fiber/", rows[i].name, NULL);
        g_autofree char *thread = g_strconcat ("/client/parallel/thread/", rows[i].name, NULL);

        g_test_add_data_func (fiber, &rows[i], on_a_fiber);
        g_test_add_data_func (thread, &rows[i], on_a_thread);
    }
    rc = g_test_run ();
    dunlin_client_unref (client);
    test_server_free (server);
    g_object_unref (handler);
    return rc;
}
