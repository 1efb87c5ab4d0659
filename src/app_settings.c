/* The table of the framework's settings. A new one is a new row: --help, --print-settings, the
 * environment and the checks come with it. */
#include "app_settings.h"

#include "base/log.h"

#include <string.h>

/* HOST, or HOST:PORT, of the address that callers shall use. */
static gboolean
is_advertised (const char *text)
{
    return strpbrk (text, " \t,/@") == NULL;
}

static gboolean
is_zookeeper_path (const char *text)
{
    return text[0] == '/' && strstr (text, "//") == NULL &&
           (text[1] == '\0' || !g_str_has_suffix (text, "/"));
}

static gboolean
is_user_and_password (const char *text)
{
    const char *colon = strchr (text, ':');

    return text[0] == '\0' || (colon != NULL && colon != text && colon[1] != '\0');
}

/* KEY=VALUE,KEY=VALUE; a comma in a value cannot be said. */
static gboolean
is_metadata (const char *text)
{
    g_auto (GStrv) pairs = g_strsplit (text, ",", -1);

    for (gsize i = 0; pairs[i] != NULL; i++) {
        const char *equals = strchr (pairs[i], '=');

        if (equals == NULL || equals == pairs[i])
            return FALSE;
    }
    return TRUE;
}

static const DunlinSetting thrift[] = {
    { .name = "thrift.host",
      .type = DUNLIN_SETTING_STRING,
      .fallback = "127.0.0.1",
      .help = "The address to listen on. 0.0.0.0 and :: are all of the host's addresses; the "
              "default lets nobody in from outside until you say so." },
    { .name = "thrift.port",
      .type = DUNLIN_SETTING_PORT,
      .fallback = "9090",
      .help = "The port for Thrift and ThriftMux. 0 picks a free one, which the start prints." },
    { .name = "thrift.max-frame",
      .type = DUNLIN_SETTING_SIZE,
      .fallback = "16MiB",
      .help = "The largest request that is read; a larger one closes its connection.",
      .minimum = 1 * DUNLIN_KIB,
      .maximum = 1 * DUNLIN_GIB },
    { .name = "thrift.max-elements",
      .type = DUNLIN_SETTING_INT,
      .fallback = "250000",
      .help = "The most elements that the lists, sets, maps and structs of one request may have "
              "in all: each takes up to 300 bytes of memory once it is read.",
      .unit = "elements",
      .minimum = 1,
      .maximum = 1000000000 },
    { .name = "thrift.allow-invalid-utf8",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help =
          "Whether strings that are not UTF-8 are let through to handlers instead of refused." },
    { .name = "thrift.idle-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "0",
      .help = "Closes a connection on which nothing has happened for so long; 0: never. Callers "
              "of plain Thrift race with it: keep it longer than their pools keep connections.",
      .unit = "s",
      .minimum = 0,
      .maximum = 24 * DUNLIN_HOUR },
    { .name = "thrift.read-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "30s",
      .help = "How long the rest of a request that has begun may take to arrive; also how long a "
              "new connection may stay silent.",
      .unit = "s",
      .minimum = 10 * DUNLIN_MILLISECOND,
      .maximum = 1 * DUNLIN_HOUR },
    { .name = "thrift.write-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "60s",
      .help = "How long a caller may leave its replies unread.",
      .unit = "s",
      .minimum = 10 * DUNLIN_MILLISECOND,
      .maximum = 1 * DUNLIN_HOUR },
    { .name = "thrift.max-connections",
      .type = DUNLIN_SETTING_INT,
      .fallback = "20000",
      .help = "Connections at once; further ones are closed at once.",
      .unit = "connections",
      .minimum = 1,
      .maximum = 1000000 },
};

static const DunlinSetting tls[] = {
    { .name = "tls.mode",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "required",
      .allowed = "required|off",
      .help = "required: TLS, and every caller shows a certificate that tls.ca has signed. off: "
              "neither; for a loopback address or a network that is safe by other means." },
    { .name = "tls.certificate",
      .type = DUNLIN_SETTING_PATH,
      .help = "The service's certificate and those between it and the CA, PEM." },
    { .name = "tls.key",
      .type = DUNLIN_SETTING_PATH,
      .help = "The certificate's private key, PEM; readable by nobody else." },
    { .name = "tls.ca",
      .type = DUNLIN_SETTING_PATH,
      .help = "The CA certificates that callers' certificates must come from, PEM." },
    { .name = "tls.crl",
      .type = DUNLIN_SETTING_PATH,
      .help = "Revoked certificates, PEM; one list for every CA in the chain." },
    { .name = "tls.min-version",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "1.2",
      .allowed = "1.2|1.3",
      .help = "The oldest TLS version that is spoken." },
    { .name = "tls.ciphers",
      .type = DUNLIN_SETTING_STRING,
      .help = "The TLS 1.2 ciphers in OpenSSL's notation; empty: Mozilla's intermediate list." },
    { .name = "tls.ciphersuites",
      .type = DUNLIN_SETTING_STRING,
      .help = "The TLS 1.3 cipher suites in OpenSSL's notation; empty: OpenSSL's own." },
    { .name = "tls.resumption",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help = "Whether callers may resume TLS sessions: cheaper to connect again, but the "
              "certificate is then not shown again." },
    { .name = "tls.handshake-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "15s",
      .help = "How long a handshake may take.",
      .unit = "s",
      .minimum = 10 * DUNLIN_MILLISECOND,
      .maximum = 1 * DUNLIN_HOUR },
    { .name = "tls.max-handshakes",
      .type = DUNLIN_SETTING_INT,
      .fallback = "256",
      .help =
          "Handshakes at once; further connections wait their turn. One that takes longer than a "
          "quarter of a second waits for its caller and no longer counts.",
      .unit = "handshakes",
      .minimum = 1,
      .maximum = 100000 },
};

static const DunlinSetting zookeeper[] = {
    { .name = "zookeeper.servers",
      .type = DUNLIN_SETTING_ADDRESSES,
      .flags = DUNLIN_SETTING_CHROOT,
      .help = "The ensemble to register with; empty: the service is not announced." },
    { .name = "zookeeper.path",
      .type = DUNLIN_SETTING_STRING,
      .fallback = "/services/dunlin",
      .check = is_zookeeper_path,
      .allowed = "a path such as /services/address_book",
      .help = "The serverset to join, which callers name as zk2!SERVERS!PATH." },
    { .name = "zookeeper.advertise",
      .type = DUNLIN_SETTING_STRING,
      .check = is_advertised,
      .allowed = "HOST or HOST:PORT",
      .help = "The address to announce; empty: found by itself. Needed behind address "
              "translation, as in containers." },
    { .name = "zookeeper.shard",
      .type = DUNLIN_SETTING_INT,
      .fallback = "0",
      .help = "This replica's number.",
      .minimum = 0,
      .maximum = G_MAXINT32 },
    { .name = "zookeeper.session-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "10s",
      .help = "How long a replica that has died stays announced, and how long the ensemble may be "
              "away (as while it elects a leader) before a live one has to register anew.",
      .unit = "s",
      .minimum = 1 * DUNLIN_SECOND,
      .maximum = 10 * DUNLIN_MINUTE },
    { .name = "zookeeper.digest",
      .type = DUNLIN_SETTING_STRING,
      .flags = DUNLIN_SETTING_SECRET,
      .check = is_user_and_password,
      .allowed = "USER:PASSWORD",
      .help = "Credentials for the ensemble. With them only this user may change the member, and "
              "everybody may read it. Better given by file or environment than by flag." },
    { .name = "zookeeper.metadata",
      .type = DUNLIN_SETTING_STRING,
      .check = is_metadata,
      .allowed = "KEY=VALUE[,KEY=VALUE]...",
      .help = "What the member tells callers besides." },
    { .name = "zookeeper.tls",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "off",
      .allowed = "off|required",
      .help = "required: TLS to the ensemble, whose servers listen for it at the ports of "
              "zookeeper.servers; each must show a certificate for its own name there." },
    { .name = "zookeeper.tls.certificate",
      .type = DUNLIN_SETTING_PATH,
      .help = "The certificate that the ensemble is shown, and those between it and its CA, PEM; "
              "empty: the service's own." },
    { .name = "zookeeper.tls.key",
      .type = DUNLIN_SETTING_PATH,
      .help = "That certificate's private key, PEM; empty: the service's own." },
    { .name = "zookeeper.tls.ca",
      .type = DUNLIN_SETTING_PATH,
      .help = "The CA certificates that the ensemble's must come from, PEM; empty: tls.ca." },
    { .name = "zookeeper.tls.server-name",
      .type = DUNLIN_SETTING_STRING,
      .check = is_advertised,
      .allowed = "a host's name or an address",
      .help = "What every server's certificate must be for; empty: each for its own name in "
              "zookeeper.servers." },
};

static const DunlinSetting server[] = {
    { .name = "server.name",
      .type = DUNLIN_SETTING_STRING,
      .help = "How the service is called in statistics and logs; empty: the program's name." },
    { .name = "server.reactors",
      .type = DUNLIN_SETTING_INT,
      .fallback = "0",
      .help = "Event loops, each on a thread of its own; 0: one a processor.",
      .unit = "loops",
      .minimum = 0,
      .maximum = 256 },
    { .name = "server.max-concurrency",
      .type = DUNLIN_SETTING_INT,
      /* What Linux's default of vm.max_map_count (65,530) has stacks for, two mappings each. */
      .fallback = "30000",
      .help = "Calls at once in the whole process; further ones are refused so that callers try "
              "elsewhere. 0: no limit.",
      .unit = "calls",
      .minimum = 0,
      .maximum = 10000000 },
    { .name = "server.drain-grace",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "20s",
      .help = "How long the service goes on after it has left ZooKeeper: Finagle callers keep a "
              "member that has gone for up to 20 s.",
      .unit = "s",
      .minimum = 0,
      .maximum = 1 * DUNLIN_HOUR },
    { .name = "server.drain-timeout",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "60s",
      .help = "How long calls that are running may take to finish after that.",
      .unit = "s",
      .minimum = 0,
      .maximum = 24 * DUNLIN_HOUR },
    { .name = "server.stall-warning",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "100ms",
      .help = "A handler that holds its loop longer without waiting is named in the log; 0: never.",
      .unit = "ms",
      .minimum = 0,
      .maximum = 1 * DUNLIN_HOUR },
    { .name = "server.stack-size",
      .type = DUNLIN_SETTING_SIZE,
      .fallback = "256KiB",
      .help = "The stack of a call, of which only what is used takes memory.",
      .minimum = 32 * DUNLIN_KIB,
      .maximum = 64 * DUNLIN_MIB },
};

static const DunlinSetting rest[] = {
    { .name = "deadline.mode",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "enabled",
      .allowed = "enabled|lenient|off",
      .help = "Calls whose deadline has passed before they begin: enabled refuses them, lenient "
              "counts them and runs them, off does not look." },
    { .name = "deadline.clock-skew",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "2s",
      .help = "How far a caller's clock may be behind ours before the difference counts as time "
              "that its calls were under way.",
      .unit = "ms",
      .minimum = 0,
      .maximum = 1 * DUNLIN_HOUR },
    { .name = "offload.threads",
      .type = DUNLIN_SETTING_INT,
      .fallback = "16",
      .help = "Threads for what blocks or computes for long.",
      .unit = "threads",
      .minimum = 1,
      .maximum = 4096 },
    { .name = "offload.queue",
      .type = DUNLIN_SETTING_INT,
      .fallback = "10000",
      .help = "Jobs that may wait for one of them; further ones are refused.",
      .unit = "jobs",
      .minimum = 1,
      .maximum = 10000000 },
    { .name = "log.level",
      .type = DUNLIN_SETTING_STRING,
      .fallback = "info",
      .check = dunlin_log_levels_valid,
      .allowed = "LEVEL or DOMAIN=LEVEL, separated by commas, LEVEL one of off, error, warning, "
                 "notice, info, debug",
      .help = "What is logged, as in dunlin-tls=debug,info." },
    { .name = "log.format",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "auto",
      .allowed = "auto|text|json|journald",
      .help = "How log lines on standard error look. auto: the journal's way where systemd "
              "listens, text on a terminal, JSON otherwise." },
    { .name = "access-log.path",
      .type = DUNLIN_SETTING_PATH,
      .help = "A file that gets one line a call, opened anew on SIGHUP; - is standard error; "
              "empty: none." },
    { .name = "access-log.format",
      .type = DUNLIN_SETTING_ENUM,
      .fallback = "text",
      .allowed = "text|json",
      .help = "How its lines look." },
};

void
dunlin_app_declare_settings (DunlinSettings *settings)
{
    dunlin_settings_declare (settings, thrift, G_N_ELEMENTS (thrift));
    dunlin_settings_declare (settings, tls, G_N_ELEMENTS (tls));
    dunlin_settings_declare (settings, zookeeper, G_N_ELEMENTS (zookeeper));
    dunlin_settings_declare (settings, server, G_N_ELEMENTS (server));
    dunlin_settings_declare (settings, rest, G_N_ELEMENTS (rest));
}
