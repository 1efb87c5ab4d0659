/* Every service's clock and help: dunlin.Base answered from what the process knows of itself and
 * from what the IDL says of it. */
#include "base_service.h"

#include "base/clock.h"
#include "base/escape.h"
#include "dunlin_stub.h"

/* What the answers are made of; set before the loops start, only @life changes after that. */
static struct {
    DunlinRouter *router; /* borrowed: the app's, as long as the process serves */
    DunlinLife *life;     /* borrowed: likewise */
    const char *name;     /* borrowed: likewise */
    const char *version;  /* borrowed: likewise */
} facts;

static void
set_text (char **field, gboolean *is_set, char *text)
{
    g_free (*field);
    *field = text;
    *is_set = TRUE;
}

#define SET_TEXT(object, field, text) set_text (&(object)->field, &(object)->__isset_##field, text)
#define SET(object, field, value)     ((object)->field = (value), (object)->__isset_##field = TRUE)

static DunlinTime *
make_time (gint64 wall_ns)
{
    DunlinTime *time = g_object_new (DUNLIN_TYPE_TIME, NULL);
    gint64 seconds = wall_ns / 1000000000;
    gint32 nanoseconds = (gint32)(wall_ns % 1000000000);
    g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (seconds);
    g_autofree char *date = g_date_time_format (local, "%Y-%m-%dT%H:%M:%S");
    g_autofree char *offset = g_date_time_format (local, "%:z");

    SET (time, seconds, seconds);
    SET (time, nanoseconds, nanoseconds);
    SET_TEXT (time, iso8601, g_strdup_printf ("%s.%09d%s", date, nanoseconds, offset));
    SET_TEXT (time, zone, g_strdup (g_time_zone_get_identifier (g_date_time_get_timezone (local))));
    return time;
}

static gboolean
ping (DunlinBaseIf *iface, char **_return, GError **error)
{
    *_return = g_strdup ("pong");
    return TRUE;
}

static gboolean
now (DunlinBaseIf *iface, DunlinTime **_return, GError **error)
{
    *_return = make_time (dunlin_clock_wall_ns ());
    return TRUE;
}

static gboolean
status (DunlinBaseIf *iface, DunlinStatus **_return, GError **error)
{
    DunlinStatus *made = g_object_new (DUNLIN_TYPE_STATUS, NULL);
    gint64 since;

    SET (made, state, (DunlinServiceState)dunlin_life_get (facts.life, &since));
    g_clear_object (&made->since);
    SET (made, since, make_time (since));
    SET_TEXT (made, version, g_strdup (facts.version));
    SET_TEXT (made, service_name, g_strdup (facts.name));
    *_return = made;
    return TRUE;
}

/* One "1: map<string, i64> name" of a method's list. */
static DunlinFieldHelp *
make_field (const char *text)
{
    DunlinFieldHelp *field = g_object_new (DUNLIN_TYPE_FIELD_HELP, NULL);
    const char *colon = strchr (text, ':');
    const char *space = strrchr (text, ' ');

    if (colon == NULL || space == NULL || space < colon + 2)
        return field;
    SET (field, id, (gint32)g_ascii_strtoll (text, NULL, 10));
    SET_TEXT (field, type, g_strndup (colon + 2, (gsize)(space - colon - 2)));
    SET_TEXT (field, name, g_strdup (space + 1));
    return field;
}

/* Splits "1: i64 id, 2: map<string, i64> m" at the commas that are not inside a type. */
static void
add_fields (GPtrArray *fields, const char *text)
{
    const char *start = text;
    int depth = 0;

    for (const char *at = text; *text != '\0'; at++) {
        if (*at == '<')
            depth++;
        else if (*at == '>')
            depth--;
        else if ((*at == ',' && depth == 0) || *at == '\0') {
            g_autofree char *one = g_strndup (start, (gsize)(at - start));

            g_ptr_array_add (fields, make_field (g_strstrip (one)));
            start = at + 1;
        }
        if (*at == '\0')
            return;
    }
}

static char *
make_signature (const DunlinMethodInfo *method)
{
    return g_strdup_printf ("%s%s %s(%s)%s%s%s", method->oneway ? "oneway " : "", method->result,
                            method->name, method->arguments,
                            method->exceptions[0] != '\0' ? " throws (" : "", method->exceptions,
                            method->exceptions[0] != '\0' ? ")" : "");
}

static DunlinMethodHelp *
make_help (const DunlinServiceInfo *service, const DunlinMethodInfo *method)
{
    DunlinMethodHelp *help = g_object_new (DUNLIN_TYPE_METHOD_HELP, NULL);

    SET_TEXT (help, name, g_strdup (method->name));
    SET_TEXT (help, declared_in, g_strdup (service->name));
    SET_TEXT (help, signature, make_signature (method));
    add_fields (help->arguments, method->arguments);
    help->__isset_arguments = TRUE;
    SET_TEXT (help, result, g_strdup (method->result));
    add_fields (help->exceptions, method->exceptions);
    help->__isset_exceptions = TRUE;
    SET (help, is_oneway, method->oneway);
    SET_TEXT (help, doc, g_strdup (method->doc));
    return help;
}

/* The service's own methods, then the inherited ones, then (where the IDL does not extend it)
 * those of Base. @each returns TRUE to stop. */
typedef gboolean (*EachMethod) (const DunlinServiceInfo *service, const DunlinMethodInfo *method,
                                gpointer data);

static gboolean
walk_levels (const DunlinServiceInfo *service, EachMethod each, gpointer data, gboolean *base_seen)
{
    for (; service != NULL; service = service->extends) {
        if (service == &dunlin_base_service)
            *base_seen = TRUE;
        for (gsize i = 0; i < service->n_methods; i++) {
            if (each (service, &service->methods[i], data))
                return TRUE;
        }
    }
    return FALSE;
}

static void
walk_methods (EachMethod each, gpointer data)
{
    gboolean base_seen = FALSE;

    if (!walk_levels (dunlin_router_default (facts.router), each, data, &base_seen) && !base_seen)
        walk_levels (&dunlin_base_service, each, data, &base_seen);
}

static gboolean
add_help (const DunlinServiceInfo *service, const DunlinMethodInfo *method, gpointer data)
{
    g_ptr_array_add (data, make_help (service, method));
    return FALSE;
}

static gboolean
help (DunlinBaseIf *iface, GPtrArray **_return, GError **error)
{
    walk_methods (add_help, *_return);
    return TRUE;
}

typedef struct {
    const char *name;
    DunlinMethodHelp *found; /* owned */
} Wanted;

static gboolean
match_help (const DunlinServiceInfo *service, const DunlinMethodInfo *method, gpointer data)
{
    Wanted *wanted = data;

    if (strcmp (method->name, wanted->name) != 0)
        return FALSE;
    wanted->found = make_help (service, method);
    return TRUE;
}

static gboolean
help_for (DunlinBaseIf *iface, DunlinMethodHelp **_return, const char *method,
          DunlinUnknownMethod **unknown, GError **error)
{
    Wanted wanted = { .name = method };

    walk_methods (match_help, &wanted);
    *_return = wanted.found;
    if (wanted.found != NULL)
        return TRUE;
    *unknown = g_object_new (DUNLIN_TYPE_UNKNOWN_METHOD, NULL);
    SET_TEXT (*unknown, method, g_strdup (method));
    SET_TEXT (*unknown, message,
              g_strdup_printf ("%s has no method '%s': help() lists them", facts.name, method));
    return FALSE;
}

/* The answer of describe() as it grows: two objects, each with a member for every IDL. */
typedef struct {
    GPtrArray *seen; /* names */
    GString *json;   /* what the Thrift compiler says of each */
    GString *texts;  /* and each as it was written */
} Description;

/* @idl and all that it includes, each once. */
static void
add_idl (Description *self, const DunlinSchema *idl)
{
    const char *comma = self->seen->len > 0 ? "," : "";

    if (g_ptr_array_find_with_equal_func (self->seen, idl->name, g_str_equal, NULL))
        return;
    g_ptr_array_add (self->seen, (gpointer)idl->name);
    g_string_append_printf (self->json, "%s\"%s\":%s", comma, idl->name, idl->json);
    g_string_append_printf (self->texts, "%s\"%s\":", comma, idl->name);
    dunlin_escape_json (self->texts, idl->text, strlen (idl->text), G_MAXSIZE);
    for (gsize i = 0; i < idl->n_includes; i++)
        add_idl (self, idl->includes[i]);
}

/* {"service": "AddressBook", "idl": "address_book", "idls": {"address_book": {...}, "dunlin":
 * {...}}, "texts": {"address_book": "...", "dunlin": "..."}}. The texts are there because the
 * compiler's JSON is not the whole IDL: it has no enum where one is used, only i32. */
static gboolean
describe (DunlinBaseIf *iface, char **_return, GError **error)
{
    const DunlinServiceInfo *service = dunlin_router_default (facts.router);
    g_autoptr (GPtrArray) seen = g_ptr_array_new ();
    g_autoptr (GString) json = g_string_new (NULL);
    g_autoptr (GString) texts = g_string_new (NULL);
    Description description = { seen, json, texts };

    add_idl (&description, service->schema->home);
    add_idl (&description, dunlin_base_service.schema->home);
    *_return = g_strdup_printf ("{\"service\":\"%s\",\"idl\":\"%s\",\"idls\":{%s},\"texts\":{%s}}",
                                service->name, service->idl_name, json->str, texts->str);
    return TRUE;
}

void
dunlin_base_service_fill (GObject *handler, DunlinRouter *router, DunlinLife *life,
                          const char *name, const char *version)
{
    DunlinBaseHandlerClass *class;

    facts.router = router;
    facts.life = life;
    facts.name = name;
    facts.version = version;
    if (!DUNLIN_IS_BASE_HANDLER (handler))
        return;
    class = DUNLIN_BASE_HANDLER_GET_CLASS (handler);
    class->ping = class->ping != NULL ? class->ping : ping;
    class->now = class->now != NULL ? class->now : now;
    class->status = class->status != NULL ? class->status : status;
    class->help = class->help != NULL ? class->help : help;
    class->help_for = class->help_for != NULL ? class->help_for : help_for;
    class->describe = class->describe != NULL ? class->describe : describe;
}

gboolean
dunlin_base_service_add_fallback (DunlinRouter *router, DunlinLife *life, const char *name,
                                  const char *version, GError **error)
{
    g_autoptr (GObject) handler = g_object_new (DUNLIN_TYPE_BASE_HANDLER, NULL);

    dunlin_base_service_fill (handler, router, life, name, version);
    return dunlin_router_add_fallback (router, &dunlin_base_service, handler, error);
}
