/* Our own client, held against a conformance server: Finagle's, or ours.
 *
 * usage: suite cases|load DEST PROTOCOL... with the options below; a PROTOCOL is thriftmux,
 * ttwitter, thrift or auto. */
#include <stdio.h>
#include <string.h>

#include "interop/dunlin/load.h"
#include "interop/dunlin/tap.h"

static char *ca;
static char *certificate;
static char *key;
static char *what = "no call fails";
static gboolean compact;
static gboolean finagle;
static int workers = 8;
static int rate;
static char **words;

static const GOptionEntry entries[] = {
    { "tls-ca", 0, 0, G_OPTION_ARG_FILENAME, &ca, "call over mutual TLS", "FILE" },
    { "tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate, "ours", "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &key, "ours", "FILE" },
    { "compact", 0, 0, G_OPTION_ARG_NONE, &compact, "the compact protocol", NULL },
    { "finagle", 0, 0, G_OPTION_ARG_NONE, &finagle, "the server is Finagle's", NULL },
    { "what", 0, 0, G_OPTION_ARG_STRING, &what, "name of the load's point", "TEXT" },
    { "workers", 0, 0, G_OPTION_ARG_INT, &workers, "of the load", "N" },
    { "rate", 0, 0, G_OPTION_ARG_INT, &rate, "of the load, calls a second", "N" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL }
};

static const struct {
    const char *name;
    DunlinClientProtocol protocol;
} protocols[] = { { "thriftmux", DUNLIN_CLIENT_PROTOCOL_THRIFTMUX },
                  { "ttwitter", DUNLIN_CLIENT_PROTOCOL_TTWITTER },
                  { "thrift", DUNLIN_CLIENT_PROTOCOL_THRIFT },
                  { "auto", DUNLIN_CLIENT_PROTOCOL_AUTO } };

static gboolean
find_protocol (const char *name, DunlinClientProtocol *protocol)
{
    for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
        if (strcmp (name, protocols[i].name) == 0) {
            *protocol = protocols[i].protocol;
            return TRUE;
        }
    fprintf (stderr, "suite: there is no protocol %s\n", name);
    return FALSE;
}

static DunlinCredentials *
load_credentials (GError **error)
{
    DunlinTlsConfig config = {
        .certificate = certificate, .key = key, .ca = ca, .min_version = "1.2"
    };

    return dunlin_credentials_new (&config, error);
}

static gboolean
run (const char *dest, const char *protocol, DunlinCredentials *credentials)
{
    CallerWay way = { .dest = dest, .is_finagle = finagle };
    g_autofree char *group = g_strdup_printf (
        "dunlin | %s to %s | %s | %s", protocol, finagle ? "Finagle" : "Dunlin",
        compact ? "compact" : "binary", credentials != NULL ? "mutual TLS" : "plain");

    dunlin_client_options_init (&way.options);
    way.options.label = "interop";
    way.options.client_id = "dunlin.interop";
    way.options.timeout = 30 * G_USEC_PER_SEC;
    way.options.credentials = credentials;
    way.options.verify_name = TRUE;
    way.options.encoding = compact ? DUNLIN_ENCODING_COMPACT : DUNLIN_ENCODING_BINARY;
    if (!find_protocol (protocol, &way.options.protocol))
        return FALSE;
    if (strcmp (words[0], "load") == 0)
        caller_load (&way, group, what, (guint)workers, (guint)rate);
    else
        caller_cases (&way, group);
    return TRUE;
}

int
main (int argc, char **argv)
{
    g_autoptr (GOptionContext) context = g_option_context_new ("cases|load DEST PROTOCOL...");
    g_autoptr (DunlinCredentials) credentials = NULL;
    g_autoptr (GError) error = NULL;

    g_option_context_add_main_entries (context, entries, NULL);
    if (!g_option_context_parse (context, &argc, &argv, &error) ||
        (ca != NULL && (credentials = load_credentials (&error)) == NULL)) {
        fprintf (stderr, "suite: %s\n", error->message);
        return 2;
    }
    if (words == NULL || g_strv_length (words) < 3) {
        fprintf (stderr, "usage: suite cases|load DEST PROTOCOL...\n");
        return 2;
    }
    for (char **protocol = words + 2; *protocol != NULL; protocol++)
        if (!run (words[1], *protocol, credentials))
            return 2;
    return caller_end ();
}
