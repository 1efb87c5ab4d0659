/* The rows, and what is made of them. */
#include "cli/options.h"

#include <string.h>

#include "app_client.h"
#include "app_config.h"
#include "app_settings.h"
#include "base/error.h"
#include "discovery/dest.h"

static const DunlinSetting rows[] = {
    { .name = "call.timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "10s",
      .help = "How long a call may take, finding the service included; also what the service is "
              "told as its deadline.",
      .unit = "s",
      .minimum = 1 * DUNLIN_MILLISECOND,
      .maximum = 24 * DUNLIN_HOUR },
    { .name = "call.protocol",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "auto",
      .allowed = "auto|thriftmux|ttwitter|thrift",
      .help = "What is spoken: auto asks the service; ttwitter is framed Thrift with Finagle's "
              "headers where the service knows them, thrift without." },
    { .name = "call.encoding",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "binary",
      .allowed = "binary|compact",
      .help = "Thrift's encoding. Finagle's services take the one that they were made with." },
    { .name = "call.client-id",
      .type = DUNLIN_SETTING_STRING,
      .fallback = "dunlin",
      .help = "What the service is told as its caller (Finagle's ClientId)." },
    { .name = "call.server-name",
      .type = DUNLIN_SETTING_STRING,
      .help = "The name that the service's certificate must bear; empty: the host that DEST or "
              "ZooKeeper names." },
    { .name = "call.verify-name",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "true",
      .help =
          "Whether the service's certificate must bear a name, and not only come from tls.ca." },
    { .name = "call.idl",
      .type = DUNLIN_SETTING_PATH,
      .help = "The service's IDL, FILE.thrift, for services that cannot describe themselves, such "
              "as Finagle's; empty: the service is asked." },
    { .name = "call.include",
      .type = DUNLIN_SETTING_STRING,
      .help = "Folders, separated by commas, in which IDLs that the IDL includes are looked for." },
    { .name = "call.service",
      .type = DUNLIN_SETTING_STRING,
      .help = "Which of the IDL's services it is; empty: the only one that no other extends." },
    { .name = "call.output",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "pretty",
      .allowed = "pretty|compact",
      .help = "JSON over several lines, or on one." },
    { .name = "call.i64-as-text",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help =
          "Whether 64-bit integers come out in quotes, for readers whose numbers are doubles." },
    { .name = "call.skip-unknown",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help = "Whether fields that the IDL does not have are left out of what is shown, instead of "
              "being shown by their ids, as in \"#7\"." },
    { .name = "call.verbose",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help = "Whether to say, on standard error, who answered, how and when." },
    { .name = "call.colour",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "auto",
      .allowed = "auto|always|never",
      .help = "auto: on a terminal, unless the environment has NO_COLOR." },
    { .name = "describe.form",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "idl",
      .allowed = "idl|json",
      .help = "idl: the service's IDL as it was written; json: all that describe() answers." },
    { .name = "resolve.watch",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help = "Whether to go on and tell every change, until interrupted." },
    { .name = "press.rate",
      .type = DUNLIN_SETTING_INT,
      .fallback = "0",
      .help =
          "Calls a second, begun on time however slow the answers are; 0: each of --concurrency "
          "callers makes one call after the other.",
      .unit = "calls",
      .minimum = 0,
      .maximum = 1000000 },
    { .name = "press.concurrency",
      .type = DUNLIN_SETTING_INT,
      .fallback = "8",
      .help = "Calls at once; with --rate at most so many (at least 1000), what is too late then "
              "counts as failed.",
      .unit = "calls",
      .minimum = 1,
      .maximum = 100000 },
    { .name = "press.duration",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "10s",
      .help = "How long calls are begun.",
      .unit = "s",
      .minimum = 10 * DUNLIN_MILLISECOND,
      .maximum = 24 * DUNLIN_HOUR },
    { .name = "press.requests",
      .type = DUNLIN_SETTING_INT,
      .fallback = "0",
      .help = "Ends after so many calls; 0: when the duration is over.",
      .unit = "calls",
      .minimum = 0,
      .maximum = 1000000000 },
    { .name = "press.loops",
      .type = DUNLIN_SETTING_INT,
      .fallback = "1",
      .help = "Threads that call, each with connections of its own.",
      .unit = "loops",
      .minimum = 1,
      .maximum = 64 },
    { .name = "press.csv",
      .type = DUNLIN_SETTING_PATH,
      .help = "A file that gets a line a second: when, calls, failures, percentiles." },
};

const char *const cli_options_common[] = {
    "timeout", "protocol",    "encoding",    "client-id", "idl",    "include", "service",
    "verbose", "server-name", "verify-name", "output",    "colour", NULL,
};

void
cli_options_declare (DunlinSettings *settings)
{
    dunlin_app_declare_settings (settings);
    dunlin_app_declare_client_settings (settings); /* a service's file may have them */
    dunlin_settings_declare (settings, rows, G_N_ELEMENTS (rows));
    dunlin_settings_share_file (settings); /* and its own, which nobody knows here */
    dunlin_settings_set_default (settings, "log.level", "error");
}

const DunlinSetting *
cli_options_find (const char *last)
{
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (strcmp (strchr (rows[i].name, '.') + 1, last) == 0)
            return &rows[i];
    return NULL;
}

/* "--watch" as "--resolve.watch"; what is no short flag stays. */
static char *
expand (const char *argument)
{
    gsize length = strcspn (argument, "=");
    g_autofree char *name = NULL;
    const DunlinSetting *row;

    if (!g_str_has_prefix (argument, "--"))
        return g_strdup (argument);
    name = g_strndup (argument + 2, length - 2);
    row = cli_options_find (name);
    return row == NULL ? g_strdup (argument)
                       : g_strconcat ("--", row->name, argument + length, NULL);
}

char **
cli_options_expand (int argc, char *const argv[])
{
    char **expanded = g_new0 (char *, (gsize)argc + 1);
    gboolean done = FALSE;

    for (int i = 0; i < argc; i++) {
        done = done || strcmp (argv[i], "--") == 0;
        expanded[i] = done ? g_strdup (argv[i]) : expand (argv[i]);
    }
    return expanded;
}

static gboolean
is_given (DunlinSettings *settings, const char *name)
{
    return dunlin_settings_get_string (settings, name)[0] != '\0';
}

static gboolean
wants_tls (DunlinSettings *settings)
{
    if (dunlin_settings_get_source (settings, "tls.mode") != DUNLIN_SOURCE_DEFAULT)
        return dunlin_settings_get_enum (settings, "tls.mode") == DUNLIN_TLS_MODE_REQUIRED;
    return is_given (settings, "tls.certificate") || is_given (settings, "tls.key") ||
           is_given (settings, "tls.ca");
}

gboolean
cli_options_credentials (DunlinSettings *settings, DunlinCredentials **credentials, GError **error)
{
    *credentials = NULL;
    return !wants_tls (settings) || dunlin_app_config_credentials (settings, credentials, error);
}

static const char *
text_or_null (DunlinSettings *settings, const char *name)
{
    const char *text = dunlin_settings_get_string (settings, name);

    return text[0] != '\0' ? text : NULL;
}

static void
fill_client (CliReach *self, DunlinSettings *settings)
{
    DunlinClientOptions *client = &self->client;

    dunlin_client_options_init (client);
    client->label = "dunlin";
    client->protocol = (DunlinClientProtocol)dunlin_settings_get_enum (settings, "call.protocol");
    client->encoding = (DunlinEncoding)dunlin_settings_get_enum (settings, "call.encoding");
    client->credentials = self->credentials;
    client->verify_name = dunlin_settings_get_bool (settings, "call.verify-name");
    client->server_name = text_or_null (settings, "call.server-name");
    client->client_id = text_or_null (settings, "call.client-id");
    client->timeout = dunlin_settings_get_duration (settings, "call.timeout");
    client->connect_timeout = client->timeout;
    client->acquire_timeout = client->timeout;
}

gboolean
cli_reach_init (CliReach *self, DunlinSettings *settings, GError **error)
{
    *self = (CliReach){ 0 };
    if (!cli_options_credentials (settings, &self->credentials, error) ||
        !dunlin_app_config_zookeeper_tls (settings, self->credentials, &self->ensemble, error)) {
        cli_reach_clear (self);
        return FALSE;
    }
    fill_client (self, settings);
    self->resolver.digest = text_or_null (settings, "zookeeper.digest");
    self->resolver.tls = self->ensemble;
    return TRUE;
}

void
cli_reach_clear (CliReach *self)
{
    g_clear_pointer (&self->credentials, dunlin_credentials_unref);
    g_clear_pointer (&self->ensemble, dunlin_zookeeper_tls_free);
}

DunlinClient *
cli_reach_client (const CliReach *self, const char *dest, GError **error)
{
    return dunlin_dest_client_new (dest, &self->client, &self->resolver, error);
}

DunlinJsonOptions
cli_options_json (DunlinSettings *settings)
{
    return (DunlinJsonOptions){
        .pretty = dunlin_settings_get_enum (settings, "call.output") == CLI_OUTPUT_PRETTY,
        .i64_as_text = dunlin_settings_get_bool (settings, "call.i64-as-text"),
        .skip_unknown = dunlin_settings_get_bool (settings, "call.skip-unknown"),
        .replace_invalid_utf8 = TRUE,
    };
}
