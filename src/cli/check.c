/* dunlin check DEST */
#include <stdio.h>

#include "base/error.h"
#include "cli/greeting.h"
#include "cli/members.h"
#include "cli/options.h"
#include "cli/steps.h"
#include "discovery/zookeeper.h"
#include "wire/mux.h"

/* A certificate that ends sooner gets a warning. */
#define SOON (14 * G_TIME_SPAN_DAY / G_USEC_PER_SEC)

/* How long the ensemble may take to hear that we go. */
#define GOODBYE (2 * G_TIME_SPAN_SECOND)

typedef struct {
    const CliContext *context;
    const CliReach *reach;
    DunlinName *name; /* owned */
    CliSteps steps;
    DunlinLoop *loop;         /* owned */
    DunlinResolver *resolver; /* owned */
    DunlinFiber *fiber;       /* borrowed: while it checks */
    DunlinAddressSet *set;    /* owned, nullable */
} Check;

static gint64
deadline_of (const Check *self)
{
    return dunlin_deadline_in (
        dunlin_settings_get_duration (self->context->settings, "call.timeout"));
}

/* ---- The name ---- */

static void
on_resolved (DunlinResolution *resolution, const DunlinAddressSet *set, gpointer data)
{
    Check *self = data;

    if (set->state == DUNLIN_ADDRESSES_PENDING)
        return;
    g_clear_pointer (&self->set, dunlin_address_set_unref);
    self->set = dunlin_address_set_ref (set);
    dunlin_fiber_wake (self->fiber);
}

static gboolean
wait_resolved (Check *self, DunlinResolution *resolution, GError **error)
{
    gint64 deadline = deadline_of (self);
    g_autoptr (GError) late = NULL;
    const char *problem;

    while (self->set == NULL && dunlin_fiber_park (deadline, &late))
        ;
    if (self->set != NULL && self->set->state == DUNLIN_ADDRESSES_BOUND)
        return TRUE;
    problem = self->set != NULL ? self->set->reason : dunlin_resolution_problem (resolution);
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE, "%s",
                 problem != NULL     ? problem
                 : self->set != NULL ? "nobody is there"
                                     : "no answer in time");
    return FALSE;
}

static gboolean
check_name (Check *self)
{
    g_autoptr (DunlinResolution) resolution = NULL;
    GError *error = NULL;

    cli_steps_begin (&self->steps);
    resolution = dunlin_resolver_resolve (self->resolver, self->name, on_resolved, self);
    if (!wait_resolved (self, resolution, &error)) {
        cli_steps_fault (&self->steps, "resolve", error, NULL);
        return FALSE;
    }
    cli_steps_well (&self->steps, "resolve", "%u %s", self->set->n_addresses,
                    self->set->n_addresses == 1 ? "address" : "addresses");
    return TRUE;
}

/* ---- Certificates ---- */

static char *
expiry_text (gint64 not_after)
{
    g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (not_after);
    gint64 days = (not_after - dunlin_clock_wall_ns () / 1000000000) / (24 * 60 * 60);
    g_autofree char *date = when == NULL ? NULL : g_date_time_format (when, "%Y-%m-%d %H:%M UTC");

    return g_strdup_printf ("expires %s, in %" G_GINT64_FORMAT " days",
                            date == NULL ? "never" : date, days);
}

static void
warn_of_expiry (Check *self, const char *whose, gint64 not_after)
{
    if (not_after - dunlin_clock_wall_ns () / 1000000000 < SOON)
        cli_steps_warn (&self->steps, "TLS", "%s certificate expires soon: renew it", whose);
}

static void
tell_certificates (Check *self, const DunlinPeer *peer)
{
    gint64 ours = dunlin_credentials_not_after (self->reach->credentials);
    g_autofree char *their_expiry = expiry_text (peer->not_after);
    g_autofree char *our_expiry = expiry_text (ours);

    cli_steps_note (&self->steps, "its", "%s, serial %s%s%s, %s",
                    peer->subject == NULL || peer->subject[0] == '\0' ? "no subject"
                                                                      : peer->subject,
                    peer->serial, peer->identity == NULL ? "" : ", for ",
                    peer->identity == NULL ? "" : peer->identity, their_expiry);
    cli_steps_note (&self->steps, "ours", "%s, %s",
                    dunlin_settings_get_string (self->context->settings, "tls.certificate"),
                    our_expiry);
    warn_of_expiry (self, "its", peer->not_after);
    warn_of_expiry (self, "our", ours);
    if (!dunlin_credentials_may_act_as_client (self->reach->credentials))
        cli_steps_warn (&self->steps, "TLS",
                        "our certificate may not be a client's (extended key usage)");
}

/* ---- One address ---- */

static const char *
name_to_verify (const Check *self, const DunlinAddress *address)
{
    const DunlinClientOptions *client = &self->reach->client;

    if (client->server_name != NULL)
        return client->server_name;
    return client->verify_name && address->port != 0 ? address->host : NULL;
}

static void
fail_open (Check *self, const DunlinAddress *address, GError *error)
{
    const char *name = name_to_verify (self, address);
    g_autofree char *remedy = NULL;

    if (self->reach->credentials == NULL) {
        cli_steps_fault (&self->steps, "TCP", error, NULL);
        return;
    }
    if (name != NULL)
        remedy = g_strdup_printf ("The certificate had to be for %s: --server-name says another "
                                  "name, --verify-name=false none.",
                                  name);
    cli_steps_fault (&self->steps, "TLS", error, remedy);
}

/* A connection as far as TLS; both steps are told when @tell. */
static CliTalk *
open_talk (Check *self, const DunlinAddress *address, gboolean tell)
{
    GError *error = NULL;
    CliTalk *talk;
    int fd;

    cli_steps_begin (&self->steps);
    fd = cli_talk_connect (address, deadline_of (self), &error);
    if (fd < 0) {
        cli_steps_fault (&self->steps, "TCP", error, NULL);
        return NULL;
    }
    if (tell)
        cli_steps_well (&self->steps, "TCP", "connected");
    cli_steps_begin (&self->steps);
    talk = cli_talk_open (fd, address, self->reach->credentials, name_to_verify (self, address),
                          deadline_of (self), &error);
    if (talk == NULL)
        fail_open (self, address, error);
    return talk;
}

static void
tell_tls (Check *self, CliTalk *talk)
{
    const DunlinPeer *peer = cli_talk_peer (talk);

    if (peer->tls_version == NULL) {
        cli_steps_note (&self->steps, "TLS", "none: no tls.certificate is set");
        return;
    }
    cli_steps_well (&self->steps, "TLS", "%s, %s", peer->tls_version, peer->tls_cipher);
    tell_certificates (self, peer);
}

static const char *
protocol_remedy (const Check *self)
{
    return self->reach->credentials == NULL
               ? "Does the service want TLS? Name --tls.certificate, --tls.key and --tls.ca."
               : "With TLS 1.3 a service that refuses our certificate hangs up only now: its log "
                 "says why.";
}

/* Returns: FALSE after a failure to connect at all. */
static gboolean
check_mux (Check *self, const DunlinAddress *address)
{
    g_autoptr (CliTalk) talk = open_talk (self, address, TRUE);
    GError *error = NULL;
    guint32 window;

    if (talk == NULL)
        return FALSE;
    tell_tls (self, talk);
    cli_steps_begin (&self->steps);
    if (!cli_greeting_mux (talk, deadline_of (self), &window, &error)) {
        cli_steps_warn (&self->steps, "ThriftMux", "not spoken: %s", error->message);
        g_error_free (error);
        return TRUE;
    }
    if (window == DUNLIN_MUX_WINDOW_MAX)
        cli_steps_well (&self->steps, "ThriftMux", "spoken");
    else
        cli_steps_well (&self->steps, "ThriftMux", "spoken, in fragments of %u bytes", window);
    cli_steps_begin (&self->steps);
    if (cli_greeting_mux_ping (talk, deadline_of (self), &error))
        cli_steps_well (&self->steps, "ping", "the session's ping is answered");
    else
        cli_steps_fault (&self->steps, "ping", error, NULL);
    return TRUE;
}

static void
check_thrift (Check *self, const DunlinAddress *address)
{
    g_autoptr (CliTalk) talk = open_talk (self, address, FALSE);
    DunlinEncoding encoding = self->reach->client.encoding;
    const char *answer = "";
    gboolean upgraded = FALSE;
    GError *error = NULL;

    if (talk == NULL)
        return;
    cli_steps_begin (&self->steps);
    if (!cli_greeting_upgrade (talk, encoding, deadline_of (self), &upgraded, &error)) {
        cli_steps_fault (&self->steps, "Thrift", error, protocol_remedy (self));
        return;
    }
    cli_steps_well (&self->steps, "Thrift",
                    upgraded ? "framed, upgraded to TTwitter" : "framed, plain: no TTwitter");
    cli_steps_begin (&self->steps);
    if (cli_greeting_call_ping (talk, encoding, upgraded, deadline_of (self), &answer, &error))
        cli_steps_well (&self->steps, "call", "%s", answer);
    else
        cli_steps_fault (&self->steps, "call", error, protocol_remedy (self));
}

static void
check_address (Check *self, const DunlinAddress *address)
{
    g_autofree char *text = dunlin_address_to_string (address);

    cli_steps_title (&self->steps, "%s%s%s", text, address->node != NULL ? " " : "",
                     address->node != NULL ? address->node : "");
    if (check_mux (self, address))
        check_thrift (self, address);
}

/* ---- The whole ---- */

static void
check_all (gpointer data)
{
    Check *self = data;

    self->fiber = dunlin_fiber_self ();
    cli_steps_title (&self->steps, "%s", self->name->text);
    if (self->name->kind == DUNLIN_NAME_SERVERSET)
        cli_members_check (&self->steps, self->name, &self->reach->resolver, deadline_of (self));
    if (check_name (self))
        for (guint i = 0; i < self->set->n_addresses; i++)
            check_address (self, &self->set->addresses[i]);
    dunlin_loop_stop (self->loop);
}

static void
start (gpointer data)
{
    Check *self = data;
    GError *error = NULL;

    if (dunlin_fiber_spawn ("check", check_all, self, &error) == NULL && error != NULL) {
        cli_steps_fault (&self->steps, "check", error, NULL);
        dunlin_loop_stop (self->loop);
    }
}

static int
tell_sum (const CliSteps *steps)
{
    if (steps->faults > 0)
        printf ("%u %s\n", steps->faults, steps->faults == 1 ? "fault" : "faults");
    else if (steps->warnings > 0)
        printf ("no fault, %u %s\n", steps->warnings,
                steps->warnings == 1 ? "warning" : "warnings");
    else
        puts ("all is well");
    return steps->faults > 0 ? CLI_FAILED : CLI_OK;
}

static gboolean
check_in_loop (Check *self, GError **error)
{
    self->loop = dunlin_loop_new ("control", error);
    if (self->loop == NULL)
        return FALSE;
    self->resolver = dunlin_resolver_new (self->loop, &self->reach->resolver);
    dunlin_loop_post (self->loop, start, self);
    dunlin_loop_run (self->loop);
    dunlin_resolver_free (self->resolver);
    dunlin_zookeeper_wait_closed (dunlin_deadline_in (GOODBYE));
    dunlin_loop_free (self->loop);
    g_clear_pointer (&self->set, dunlin_address_set_unref);
    return TRUE;
}

static int
run (const CliContext *context, GError **error)
{
    g_auto (CliReach) reach = { 0 };
    g_autoptr (DunlinName) name = dunlin_name_parse (context->arguments[0], error);
    Check check = {
        .context = context, .reach = &reach, .name = name, .steps = { .colours = context->colours }
    };

    if (name == NULL || !cli_reach_init (&reach, context->settings, error) ||
        !check_in_loop (&check, error))
        return -1;
    return tell_sum (&check.steps);
}

static const char help[] =
    "Goes the way a Finagle caller goes, and tells each step and its time: the serverset in\n"
    "ZooKeeper and each member's JSON, addresses, TCP, TLS with both certificates and when they\n"
    "expire, ThriftMux and its ping, TTwitter's upgrade, a call of ping(). Faults come with what\n"
    "to do about them; the exit code is 1 then.\n"
    "\n"
    "Example:\n"
    "  dunlin check zk2!zk1:2181!/services/address_book --tls.certificate=me.pem ...\n";

const CliCommand cli_check = {
    .name = "check",
    .arguments = "DEST",
    .n_least = 1,
    .n_most = 1,
    .summary = "goes a caller's way step by step and says what is wrong",
    .help = help,
    .run = run,
};
