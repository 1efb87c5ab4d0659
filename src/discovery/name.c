/* Names as Finagle writes them: see the header. */
#include "discovery/name.h"

#include "base/error.h"
#include "discovery/host.h"
#include "discovery/serverset.h"

#include <string.h>

/* As Finagle's resolvers: zk2! takes 10 s steps, zk! waits 4 s. */
#define ZK2_LIMBO_MS 10000
#define ZK_LIMBO_MS  4000

typedef struct {
    const char *name;
    DunlinNameKind kind;
    int limbo_ms;
    gboolean (*parse) (DunlinName *self, GError **error);
} Scheme;

void
dunlin_name_free (DunlinName *self)
{
    if (self == NULL)
        return;
    g_free (self->text);
    g_free (self->argument);
    dunlin_ensemble_free (self->ensemble);
    g_free (self->path);
    g_free (self->endpoint);
    g_strfreev (self->hosts);
    g_free (self->ports);
    g_free (self);
}

static gboolean
refuse (GError **error, const char *format, const char *what)
{
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, format, what);
    return FALSE;
}

/* "endpoint", "endpoint#shard" or "#shard" */
static gboolean
parse_endpoint (DunlinName *self, const char *text, GError **error)
{
    const char *hash = strchrnul (text, '#');
    guint64 shard = 0;

    if (hash > text)
        self->endpoint = g_strndup (text, (gsize)(hash - text));
    if (*hash == '\0')
        return *text != '\0' || refuse (error, "its endpoint%s is empty", text);
    if (!g_ascii_string_to_unsigned (hash + 1, 10, 0, G_MAXINT32, &shard, NULL))
        return refuse (error, "'%s' is no shard: it must be a number", hash + 1);
    self->has_shard = TRUE;
    self->shard = (gint32)shard;
    return TRUE;
}

static gboolean
parse_serverset (DunlinName *self, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (self->argument, "!", -1);
    guint n = g_strv_length (parts);

    if (n < 2 || n > 3)
        return refuse (error, "'%s' is not HOST:PORT,...!/path or HOST:PORT,...!/path!endpoint",
                       self->argument);
    self->ensemble = dunlin_ensemble_parse (parts[0], error);
    if (self->ensemble == NULL || !dunlin_serverset_check_path (parts[1], error))
        return FALSE;
    self->path = g_strconcat (self->ensemble->chroot, parts[1], NULL);
    return n == 2 || parse_endpoint (self, parts[2], error);
}

static gboolean
parse_inet (DunlinName *self, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (self->argument, ",", -1);
    guint n = g_strv_length (parts);

    if (n == 0)
        return refuse (error, "it names no host%s", self->argument);
    self->hosts = g_new0 (char *, n + 1);
    self->ports = g_new0 (guint16, n);
    for (guint i = 0; i < n; i++) {
        self->hosts[i] = dunlin_host_port_parse (g_strstrip (parts[i]), &self->ports[i], error);
        if (self->hosts[i] == NULL)
            return FALSE;
        self->n_hosts++;
        if (self->ports[i] == 0)
            return refuse (error, "'%s' has no port", parts[i]);
    }
    return TRUE;
}

static gboolean
parse_unix (DunlinName *self, GError **error)
{
    return self->argument[0] == '/' ||
           refuse (error, "'%s' is no absolute path of a socket", self->argument);
}

static const Scheme schemes[] = {
    { "zk2", DUNLIN_NAME_SERVERSET, ZK2_LIMBO_MS, parse_serverset },
    { "zk", DUNLIN_NAME_SERVERSET, ZK_LIMBO_MS, parse_serverset },
    { "inet", DUNLIN_NAME_INET, 0, parse_inet },
    { "fixedinet", DUNLIN_NAME_FIXED_INET, 0, parse_inet },
    { "unix", DUNLIN_NAME_UNIX, 0, parse_unix },
    { "nil", DUNLIN_NAME_EMPTY, 0, NULL },
    { "neg", DUNLIN_NAME_EMPTY, 0, NULL },
    { "fail", DUNLIN_NAME_FAILED, 0, NULL },
};

/* Without a scheme it is hosts and ports, as with Finagle. */
static const Scheme *
find_scheme (const char *text, const char **argument)
{
    const char *mark = strchr (text, '!');
    g_autofree char *name =
        mark != NULL ? g_strndup (text, (gsize)(mark - text)) : g_strdup ("inet");

    *argument = mark != NULL ? mark + 1 : text;
    for (guint i = 0; i < G_N_ELEMENTS (schemes); i++) {
        if (strcmp (schemes[i].name, name) == 0)
            return &schemes[i];
    }
    return NULL;
}

DunlinName *
dunlin_name_parse (const char *text, GError **error)
{
    g_autoptr (DunlinName) self = g_new0 (DunlinName, 1);
    const char *argument;
    const Scheme *scheme = find_scheme (text, &argument);

    if (scheme == NULL) {
        refuse (error,
                "'%s' has an unknown scheme: say zk2!HOST:PORT,...!/path[!endpoint], zk!, "
                "inet!HOST:PORT,..., fixedinet!, unix!/path, nil! or fail!reason",
                text);
        return NULL;
    }
    self->kind = scheme->kind;
    self->limbo_ms = scheme->limbo_ms;
    self->text = g_strdup (text);
    self->argument = g_strdup (argument);
    if (scheme->parse != NULL && !scheme->parse (self, error)) {
        g_prefix_error (error, "name '%s': ", text);
        return NULL;
    }
    return g_steal_pointer (&self);
}
