/* Reads children and their data, one after the other. */
#include "cli/members.h"

#include <string.h>

#include "base/error.h"
#include "discovery/serverset.h"
#include "discovery/zookeeper.h"
#include "fiber/fiber.h"

#define SESSION_TIMEOUT_MS 10000

typedef struct {
    DunlinFiber *fiber; /* borrowed: waits for us */
    gboolean is_started;
    gboolean is_answered;
    const char *refusal; /* static, nullable */
    DunlinZookeeperCode code;
    char *message;   /* owned */
    GBytes *data;    /* owned, nullable */
    char **children; /* owned, nullable */
} Reading;

static void
reading_clear (Reading *self)
{
    g_clear_pointer (&self->message, g_free);
    g_clear_pointer (&self->data, g_bytes_unref);
    g_clear_pointer (&self->children, g_strfreev);
    self->is_answered = FALSE;
}

static void
on_event (DunlinZookeeperEvent event, const char *path, gpointer data)
{
    Reading *self = data;

    if (event == DUNLIN_ZOOKEEPER_STARTED)
        self->is_started = TRUE;
    else if (event == DUNLIN_ZOOKEEPER_AUTH_FAILED)
        self->refusal = "the ensemble refuses zookeeper.digest";
    dunlin_fiber_wake (self->fiber);
}

static void
on_reply (const DunlinZookeeperReply *reply, gpointer data)
{
    Reading *self = data;

    self->is_answered = TRUE;
    self->code = reply->code;
    self->message = g_strdup (reply->message);
    self->data = reply->data == NULL ? NULL : g_bytes_ref (reply->data);
    self->children = g_strdupv (reply->children);
    dunlin_fiber_wake (self->fiber);
}

static gboolean
wait_started (Reading *self, DunlinZookeeper *zookeeper, gint64 deadline, GError **error)
{
    g_autoptr (GError) late = NULL;
    const char *problem;

    while (!self->is_started && self->refusal == NULL && dunlin_fiber_park (deadline, &late))
        ;
    if (self->is_started)
        return TRUE;
    problem = self->refusal != NULL ? self->refusal : dunlin_zookeeper_problem (zookeeper);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "no session: %s",
                 problem != NULL ? problem : "no answer");
    return FALSE;
}

/* After a request: its answer is in @self. */
static gboolean
wait_answered (Reading *self, const char *path, gint64 deadline, GError **error)
{
    while (!self->is_answered)
        if (!dunlin_fiber_park (deadline, error))
            return FALSE;
    if (self->code == DUNLIN_ZOOKEEPER_OK)
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "%s: %s", path,
                 self->code == DUNLIN_ZOOKEEPER_NO_NODE ? "there is no such node" : self->message);
    return FALSE;
}

static gboolean
judge_member (const DunlinName *name, GBytes *data, GError **error)
{
    gsize length = 0;
    const char *json = data == NULL ? NULL : g_bytes_get_data (data, &length);
    g_auto (DunlinMember) member = { 0 };

    return dunlin_member_decode (json == NULL ? "" : json, length, &member, error) &&
           dunlin_member_pick (&member, name->endpoint, error) != NULL;
}

static gboolean
check_member (CliSteps *steps, Reading *reading, const DunlinName *name, const char *node)
{
    gsize length = 0;
    const char *json = reading->data == NULL ? "" : g_bytes_get_data (reading->data, &length);
    g_autofree char *text = g_strndup (length == 0 ? "" : json, length);
    GError *error = NULL;

    if (judge_member (name, reading->data, &error)) {
        cli_steps_well (steps, "member", "%s %s", node, text);
        return TRUE;
    }
    g_prefix_error (&error, "callers pass %s over: ", node);
    cli_steps_fault (steps, "member", error, NULL);
    cli_steps_note (steps, "", "%s", text);
    return FALSE;
}

/* Returns: how many can be used. */
static guint
check_members (CliSteps *steps, Reading *reading, DunlinZookeeper *zookeeper,
               const DunlinName *name, char **nodes, gint64 deadline)
{
    guint n = 0;

    for (gsize i = 0; nodes[i] != NULL; i++) {
        g_autofree char *path = g_strconcat (name->path, "/", nodes[i], NULL);
        GError *error = NULL;

        if (!dunlin_serverset_is_member (nodes[i]))
            continue;
        reading_clear (reading);
        cli_steps_begin (steps);
        dunlin_zookeeper_get (zookeeper, path, FALSE, on_reply, reading);
        if (wait_answered (reading, path, deadline, &error))
            n += (guint)check_member (steps, reading, name, nodes[i]);
        else
            cli_steps_fault (steps, "member", error, NULL);
    }
    return n;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
    return strcmp (*(char *const *)a, *(char *const *)b);
}

static void
check_set (CliSteps *steps, Reading *reading, DunlinZookeeper *zookeeper, const DunlinName *name,
           gint64 deadline)
{
    g_auto (GStrv) nodes = NULL;
    GError *error = NULL;

    cli_steps_begin (steps);
    dunlin_zookeeper_get_children (zookeeper, name->path, FALSE, on_reply, reading);
    if (!wait_answered (reading, name->path, deadline, &error)) {
        cli_steps_fault (steps, "serverset", error,
                         "No service has announced itself there yet, or the path is another one: "
                         "a service's is its zookeeper.path.");
        return;
    }
    nodes = g_steal_pointer (&reading->children);
    qsort (nodes, g_strv_length (nodes), sizeof *nodes, compare_names);
    cli_steps_well (steps, "serverset", "%s, nodes: %u", name->path, g_strv_length (nodes));
    if (check_members (steps, reading, zookeeper, name, nodes, deadline) == 0)
        cli_steps_fault (steps, "serverset",
                         g_error_new (DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE,
                                      "no member of %s can be used", name->path),
                         "Is the service running, and its zookeeper.servers and zookeeper.path "
                         "these? Its log says when it has joined.");
}

void
cli_members_check (CliSteps *steps, const DunlinName *name, const DunlinResolverOptions *options,
                   gint64 deadline)
{
    DunlinZookeeperOptions session = { .ensemble = name->ensemble,
                                       .session_timeout_ms = SESSION_TIMEOUT_MS,
                                       .digest = options->digest,
                                       .tls = options->tls };
    Reading reading = { .fiber = dunlin_fiber_self () };
    DunlinZookeeper *zookeeper =
        dunlin_zookeeper_new (dunlin_loop_current (), &session, on_event, &reading);
    g_autofree char *ensemble = dunlin_ensemble_to_string (name->ensemble);
    GError *error = NULL;

    cli_steps_begin (steps);
    dunlin_zookeeper_start (zookeeper);
    if (wait_started (&reading, zookeeper, deadline, &error)) {
        cli_steps_well (steps, "ZooKeeper", "%s", ensemble);
        check_set (steps, &reading, zookeeper, name, deadline);
    } else {
        g_prefix_error (&error, "%s: ", ensemble);
        cli_steps_fault (steps, "ZooKeeper", error,
                         "Is the ensemble there, and does it speak TLS (zookeeper.tls)?");
    }
    dunlin_zookeeper_free (zookeeper);
    reading_clear (&reading);
}
