/* dunlin resolve DEST [--watch] */
#include <signal.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/options.h"
#include "cli/screen.h"
#include "discovery/zookeeper.h"

typedef struct {
    const CliContext *context;
    DunlinLoop *loop;             /* owned */
    DunlinResolver *resolver;     /* owned */
    DunlinResolution *resolution; /* owned */
    DunlinTimer *patience;        /* owned */
    gboolean watch;
    int code;
    GError *error; /* owned */
} Resolve;

static void
append_address (GString *out, const DunlinAddress *address, gboolean colours)
{
    g_autofree char *text = dunlin_address_to_string (address);

    cli_screen_style (out, colours, CLI_CYAN, text);
    if (address->node != NULL)
        g_string_append_printf (out, " %s", address->node);
    if (address->port != 0 && g_strcmp0 (address->host, address->address) != 0)
        g_string_append_printf (out, " host %s", address->host);
    if (address->has_shard)
        g_string_append_printf (out, " shard %d", address->shard);
    if (address->weight < 1 || address->weight > 1)
        g_string_append_printf (out, " weight %g", address->weight);
    for (gsize i = 0; address->metadata != NULL && address->metadata[i] != NULL; i += 2) {
        g_string_append_c (out, ' ');
        cli_screen_clean (out, address->metadata[i]);
        g_string_append_c (out, '=');
        cli_screen_clean (out, address->metadata[i + 1]);
    }
    g_string_append_c (out, '\n');
}

static void
append_time (GString *out)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_local ();
    g_autofree char *text = g_date_time_format (now, "%H:%M:%S");

    g_string_append_printf (out, "%s ", text);
}

static void
show (const Resolve *self, const DunlinAddressSet *set)
{
    static const char *const states[] = {
        [DUNLIN_ADDRESSES_PENDING] = "not known yet",
        [DUNLIN_ADDRESSES_BOUND] = "",
        [DUNLIN_ADDRESSES_EMPTY] = "nobody is there",
        [DUNLIN_ADDRESSES_FAILED] = "cannot be resolved",
    };
    g_autoptr (GString) out = g_string_new (NULL);

    if (self->watch) {
        append_time (out);
        g_string_append_printf (out, "%u %s\n", set->n_addresses,
                                set->n_addresses == 1 ? "address" : "addresses");
    }
    for (guint i = 0; i < set->n_addresses; i++) {
        g_string_append (out, self->watch ? "  " : "");
        append_address (out, &set->addresses[i], self->context->colours);
    }
    if (set->state != DUNLIN_ADDRESSES_BOUND && self->watch)
        g_string_append_printf (out, "  %s%s%s\n", states[set->state],
                                set->reason != NULL ? ": " : "",
                                set->reason != NULL ? set->reason : "");
    fwrite (out->str, 1, out->len, stdout);
    fflush (stdout);
}

static void
end (Resolve *self, int code)
{
    self->code = code;
    dunlin_loop_stop (self->loop);
}

static void
on_resolved (DunlinResolution *resolution, const DunlinAddressSet *set, gpointer data)
{
    Resolve *self = data;

    if (set->state == DUNLIN_ADDRESSES_PENDING)
        return;
    dunlin_timer_disarm (self->patience);
    show (self, set);
    if (self->watch)
        return;
    if (set->state != DUNLIN_ADDRESSES_BOUND)
        g_set_error (&self->error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "%s",
                     set->reason != NULL ? set->reason : "nobody is there");
    end (self, self->error == NULL ? CLI_OK : -1);
}

static void
on_too_late (gpointer data)
{
    Resolve *self = data;
    const char *problem = dunlin_resolution_problem (self->resolution);

    g_set_error (&self->error, DUNLIN_ERROR, DUNLIN_ERROR_DEADLINE,
                 "%s could not be resolved in time: %s", self->context->arguments[0],
                 problem != NULL ? problem : "no answer");
    end (self, -1);
}

static void
on_interrupt (gpointer data)
{
    end (data, CLI_OK);
}

static void
follow (Resolve *self, const DunlinName *name)
{
    gint64 timeout = dunlin_settings_get_duration (self->context->settings, "call.timeout");

    self->resolution = dunlin_resolver_resolve (self->resolver, name, on_resolved, self);
    self->patience = dunlin_timer_new (self->loop, on_too_late, self);
    if (!self->watch)
        dunlin_timer_arm (self->patience, dunlin_deadline_in (timeout));
    dunlin_loop_watch_signal (self->loop, SIGINT, on_interrupt, self);
    dunlin_loop_watch_signal (self->loop, SIGTERM, on_interrupt, self);
    dunlin_loop_run (self->loop);
    dunlin_timer_free (self->patience);
    dunlin_resolution_free (self->resolution);
}

/* How long the ensemble may take to hear that we go. */
#define GOODBYE (2 * G_TIME_SPAN_SECOND)

static int
run (const CliContext *context, GError **error)
{
    g_auto (CliReach) reach = { 0 };
    g_autoptr (DunlinName) name = dunlin_name_parse (context->arguments[0], error);
    Resolve self = { .context = context,
                     .watch = dunlin_settings_get_bool (context->settings, "resolve.watch") };

    if (name == NULL || !cli_reach_init (&reach, context->settings, error))
        return -1;
    self.loop = dunlin_loop_new ("control", error);
    if (self.loop == NULL)
        return -1;
    self.resolver = dunlin_resolver_new (self.loop, &reach.resolver);
    follow (&self, name);
    dunlin_resolver_free (self.resolver);
    dunlin_zookeeper_wait_closed (dunlin_deadline_in (GOODBYE));
    dunlin_loop_free (self.loop);
    if (self.error != NULL)
        g_propagate_error (error, self.error);
    return self.code;
}

static const char help[] =
    "Prints the addresses that DEST leads to, one a line, with the member's node, shard,\n"
    "weight and metadata where it is in ZooKeeper. Members that callers pass over are not\n"
    "among them; `dunlin check` says why.\n"
    "\n"
    "Example:\n"
    "  dunlin resolve zk2!zk1:2181!/services/address_book --watch\n";

static const char *const rows[] = { "watch", NULL };

const CliCommand cli_resolve = {
    .name = "resolve",
    .arguments = "DEST",
    .n_least = 1,
    .n_most = 1,
    .summary = "prints where a name leads to",
    .help = help,
    .rows = rows,
    .run = run,
};
