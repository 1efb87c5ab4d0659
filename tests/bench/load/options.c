/* GOption, and what it cannot check. */
#include "bench/load/options.h"

#include <string.h>

/* What a load has at most: a port has 64511 others to talk to, and a run ends. */
#define IN_FLIGHT_MAX   16384
#define CONNECTIONS_MAX 60000
#define SECONDS_MAX     600
#define ECHO_MAX        (64 << 20)

static char *protocol = "framed";
static char *call = "ping";
static char *handshakes;
static char **pids;

static gboolean
wrong (GError **error, const char *option, const char *value, const char *allowed)
{
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s=%s: it must be %s", option,
                 value, allowed);
    return FALSE;
}

/* Returns: the place of @word in @words, or -1. */
static int
find_word (const char *word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++)
        if (strcmp (word, words[i]) == 0)
            return i;
    return -1;
}

static gboolean
parse_call (LoadOptions *self, GError **error)
{
    static const char *const methods[] = { "ping", "get", "echo", "sleep", NULL };
    g_auto (GStrv) parts = g_strsplit (call, ":", 2);
    guint64 argument = 0;
    int method = parts[0] == NULL ? -1 : find_word (parts[0], methods);
    gboolean wants_argument = method == LOAD_ECHO || method == LOAD_SLEEP;

    if (method < 0 || wants_argument != (parts[1] != NULL) ||
        (wants_argument &&
         !g_ascii_string_to_unsigned (parts[1], 10, 0, ECHO_MAX, &argument, NULL)))
        return wrong (error, "call", call, "ping, get, echo:BYTES or sleep:MILLISECONDS");
    self->method = (LoadMethod)method;
    self->argument = (gsize)argument;
    return TRUE;
}

static gboolean
parse_words (LoadOptions *self, GError **error)
{
    static const char *const protocols[] = { "framed", "ttwitter", "mux", NULL };
    static const char *const versions[] = { "off", "1.2", "1.3", NULL };
    static const char *const kinds[] = { "full", "resumed", NULL };
    int index = find_word (protocol, protocols);

    if (index < 0)
        return wrong (error, "protocol", protocol, "framed, ttwitter or mux");
    self->protocol = (LoadProtocol)index;
    if (self->tinit && self->protocol != LOAD_MUX)
        return wrong (error, "protocol", protocol, "mux, with --tinit");
    if (self->tls == NULL)
        self->tls = g_strdup ("off");
    if (find_word (self->tls, versions) < 0)
        return wrong (error, "tls", self->tls, "off, 1.2 or 1.3");
    if (handshakes == NULL)
        return TRUE;
    index = find_word (handshakes, kinds);
    if (index < 0 || strcmp (self->tls, "off") == 0)
        return wrong (error, "handshakes", handshakes, "full or resumed, with --tls=1.2 or 1.3");
    self->handshakes = index == 0 ? LOAD_FULL_HANDSHAKES : LOAD_RESUMED_HANDSHAKES;
    return TRUE;
}

static gboolean
parse_pids (LoadOptions *self, GError **error)
{
    self->n_server_pids = pids == NULL ? 0 : g_strv_length (pids);
    self->server_pids = g_new0 (int, self->n_server_pids + 1);
    for (gsize i = 0; i < self->n_server_pids; i++) {
        guint64 pid;

        if (!g_ascii_string_to_unsigned (pids[i], 10, 1, G_MAXINT, &pid, NULL))
            return wrong (error, "server-pid", pids[i], "a process's number");
        self->server_pids[i] = (int)pid;
    }
    return TRUE;
}

static gboolean
check_range (const char *option, double value, double least, double most, GError **error)
{
    g_autofree char *text = g_strdup_printf ("%g", value);
    g_autofree char *allowed = g_strdup_printf ("from %g to %g", least, most);

    return (value >= least && value <= most) || wrong (error, option, text, allowed);
}

static gboolean
check_all (const LoadOptions *self, GError **error)
{
    if (strcmp (self->tls, "off") != 0 &&
        (self->certificate == NULL || self->key == NULL || self->ca == NULL)) {
        g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                             "TLS needs --certificate, --key and --ca");
        return FALSE;
    }
    return check_range ("port", self->port, 1, 65535, error) &&
           check_range ("threads", self->threads, 1, 64, error) &&
           check_range ("connections", self->connections, self->threads, CONNECTIONS_MAX, error) &&
           check_range ("in-flight", self->in_flight, 1, IN_FLIGHT_MAX, error) &&
           check_range ("idle", self->idle, 0, CONNECTIONS_MAX, error) &&
           check_range ("warm-up", self->warm_up, 0, SECONDS_MAX, error) &&
           check_range ("seconds", self->seconds, 0.1, SECONDS_MAX, error) &&
           check_range ("rate", self->rate, 0, 1e9, error) &&
           check_range ("patience", self->patience, 0, SECONDS_MAX, error);
}

gboolean
load_options_parse (LoadOptions *self, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_INT, &self->port, "on 127.0.0.1", "PORT" },
        { "protocol", 0, 0, G_OPTION_ARG_STRING, &protocol, "framed, ttwitter or mux", "NAME" },
        { "tinit", 0, 0, G_OPTION_ARG_NONE, &self->tinit, "mux sessions begin as Finagle's", NULL },
        { "call", 0, 0, G_OPTION_ARG_STRING, &call, "ping, get, echo:BYTES, sleep:MS", "CALL" },
        { "connections", 0, 0, G_OPTION_ARG_INT, &self->connections, "that call (1)", "N" },
        { "in-flight", 0, 0, G_OPTION_ARG_INT, &self->in_flight, "calls on each (1)", "N" },
        { "idle", 0, 0, G_OPTION_ARG_INT, &self->idle, "connections that do not call (0)", "N" },
        { "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &self->warm_up, "not measured (0.5)", "SECONDS" },
        { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &self->seconds, "measured (2)", "SECONDS" },
        { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &self->rate,
          "begin so many calls, answered or not (0: the next call when one is answered)",
          "PER_SECOND" },
        { "patience", 0, 0, G_OPTION_ARG_DOUBLE, &self->patience,
          "for the last answers, besides what sleep takes (10)", "SECONDS" },
        { "tls", 0, 0, G_OPTION_ARG_STRING, &self->tls, "off, 1.2 or 1.3 (off)", "VERSION" },
        { "handshakes", 0, 0, G_OPTION_ARG_STRING, &handshakes,
          "no calls but handshakes: full or resumed", "KIND" },
        { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &self->certificate, "ours", "FILE" },
        { "key", 0, 0, G_OPTION_ARG_FILENAME, &self->key, "ours", "FILE" },
        { "ca", 0, 0, G_OPTION_ARG_FILENAME, &self->ca, "of the server", "FILE" },
        { "server-pid", 0, 0, G_OPTION_ARG_STRING_ARRAY, &pids, "measured as well", "PID" },
        { "threads", 0, 0, G_OPTION_ARG_INT, &self->threads, "of this program (1)", "N" },
        { NULL, 0, 0, 0, NULL, NULL, NULL }
    };
    g_autoptr (GOptionContext) context = g_option_context_new ("- calls a conformance service");

    *self = (LoadOptions){
        .connections = 1, .in_flight = 1, .warm_up = 0.5, .seconds = 2, .patience = 10, .threads = 1
    };
    g_option_context_add_main_entries (context, entries, NULL);
    return g_option_context_parse (context, argc, argv, error) && parse_call (self, error) &&
           parse_words (self, error) && parse_pids (self, error) && check_all (self, error);
}

void
load_options_clear (LoadOptions *self)
{
    g_clear_pointer (&self->tls, g_free);
    g_clear_pointer (&self->certificate, g_free);
    g_clear_pointer (&self->key, g_free);
    g_clear_pointer (&self->ca, g_free);
    g_clear_pointer (&self->server_pids, g_free);
    self->n_server_pids = 0;
}
