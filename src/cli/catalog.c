/* Loads IDLs and looks into them. */
#include "cli/catalog.h"

#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "codegen/as_schema.h"
#include "dunlin_schema.h"

struct CliCatalog {
    GHashTable *loaded; /* owned: the IDLs */
    const DunlinSchema *schema;
    const DunlinSchemaService *service;
};

static gboolean
is_extended (const DunlinSchema *schema, const DunlinSchemaService *service)
{
    for (gsize i = 0; i < schema->n_services; i++)
        if (schema->services[i]->parent == service)
            return TRUE;
    return FALSE;
}

/* In @schema, then in what it includes. */
static const DunlinSchemaService *
service_named (const DunlinSchema *schema, const char *name)
{
    for (gsize i = 0; i < schema->n_services; i++)
        if (strcmp (schema->services[i]->name, name) == 0)
            return schema->services[i];
    for (gsize i = 0; i < schema->n_includes; i++) {
        const DunlinSchemaService *found = service_named (schema->includes[i], name);

        if (found != NULL)
            return found;
    }
    return NULL;
}

static char *
names_of_services (const DunlinSchema *schema)
{
    GString *names = g_string_new (NULL);

    for (gsize i = 0; i < schema->n_services; i++)
        g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", schema->services[i]->name);
    return g_string_free (names, FALSE);
}

static const DunlinSchemaService *
only_service (const DunlinSchema *schema)
{
    const DunlinSchemaService *only = NULL;

    for (gsize i = 0; i < schema->n_services; i++) {
        if (is_extended (schema, schema->services[i]))
            continue;
        if (only != NULL)
            return NULL;
        only = schema->services[i];
    }
    return only;
}

static gboolean
pick_service (CliCatalog *self, const char *name, GError **error)
{
    g_autofree char *names = names_of_services (self->schema);

    self->service = name == NULL ? only_service (self->schema) : service_named (self->schema, name);
    if (self->service != NULL)
        return TRUE;
    if (self->schema->n_services == 0)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "the IDL %s has no service",
                     self->schema->name);
    else if (name == NULL)
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "the IDL %s has several services: say --service=ONE of %s", self->schema->name,
                     names);
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "the IDL %s has no service %s; it has %s", self->schema->name, name, names);
    return FALSE;
}

/* @idl: (nullable): NULL with @problem, which becomes @error with the right code. */
static CliCatalog *
finish (GHashTable *loaded, Idl *idl, const char *service, GError *problem, GError **error)
{
    g_autoptr (CliCatalog) self = g_new0 (CliCatalog, 1);

    self->loaded = loaded;
    if (idl == NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS, "the IDL cannot be used: %s",
                     problem->message);
        g_error_free (problem);
        return NULL;
    }
    self->schema = idl_as_schema (idl);
    return pick_service (self, service, error) ? g_steal_pointer (&self) : NULL;
}

CliCatalog *
cli_catalog_from_file (const char *path, char **folders, const char *service, GError **error)
{
    GHashTable *loaded = idl_table_new ();
    g_autoptr (GPtrArray) search = g_ptr_array_new ();
    GError *problem = NULL;
    Idl *idl;

    for (gsize i = 0; folders[i] != NULL; i++)
        g_ptr_array_add (search, folders[i]);
    idl = idl_load (loaded, path, search, &problem);
    return finish (loaded, idl, service, problem, error);
}

CliCatalog *
cli_catalog_from_description (const CliDescription *description, const char *service,
                              GError **error)
{
    GHashTable *loaded = idl_table_new ();
    GError *problem = NULL;
    Idl *idl = idl_load_texts (loaded, description->idl, description->texts, &problem);

    return finish (loaded, idl, service != NULL ? service : description->service, problem, error);
}

void
cli_catalog_free (CliCatalog *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref (self->loaded);
    g_free (self);
}

const DunlinSchemaService *
cli_catalog_service (const CliCatalog *self)
{
    return self->service;
}

static gboolean
each_of (const DunlinSchemaService *service, CliEachMethod each, gpointer data)
{
    for (; service != NULL; service = service->parent)
        for (gsize i = 0; i < service->n_methods; i++)
            if (each (service, &service->methods[i], data))
                return TRUE;
    return FALSE;
}

/* Whether it extends dunlin.Base, as this command knows it. */
static gboolean
has_base (const DunlinSchemaService *service)
{
    for (; service != NULL; service = service->parent)
        if (strcmp (service->name, dunlin_base_schema.name) == 0 &&
            strcmp (service->home->name, dunlin_idl_schema.name) == 0)
            return TRUE;
    return FALSE;
}

void
cli_catalog_each (const CliCatalog *self, CliEachMethod each, gpointer data)
{
    if (!each_of (self->service, each, data) && !has_base (self->service))
        each_of (&dunlin_base_schema, each, data);
}

typedef struct {
    const char *name;
    const DunlinSchemaMethod *found;
    const char *nearest;
    gsize distance;
} Wanted;

static gboolean
match (const DunlinSchemaService *service, const DunlinSchemaMethod *method, gpointer data)
{
    Wanted *wanted = data;
    gsize distance = dunlin_nearest_distance (wanted->name, method->name);

    if (distance < wanted->distance) {
        wanted->distance = distance;
        wanted->nearest = method->name;
    }
    if (distance == 0)
        wanted->found = method;
    return distance == 0;
}

static void
fail (const char *service, const Wanted *wanted, GError **error)
{
    if (wanted->nearest != NULL && dunlin_nearest_is_near (wanted->name, wanted->distance))
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "%s has no method %s; did you mean %s?", service, wanted->name,
                     wanted->nearest);
    else
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "%s has no method %s; `dunlin help` lists them", service, wanted->name);
}

const DunlinSchemaMethod *
cli_catalog_find (const CliCatalog *self, const char *name, GError **error)
{
    const char *colon = strchr (name, ':');
    Wanted wanted = { .name = colon == NULL ? name : colon + 1, .distance = G_MAXSIZE };
    g_autofree char *service = colon == NULL ? NULL : g_strndup (name, (gsize)(colon - name));
    const DunlinSchemaService *other =
        service == NULL ? NULL : service_named (self->schema, service);

    if (strlen (wanted.name) > 200) /* nobody has a name like this, nor one near */
        wanted.name = "?";
    if (service == NULL)
        cli_catalog_each (self, match, &wanted);
    else if (other != NULL)
        each_of (other, match, &wanted);
    if (wanted.found == NULL)
        fail (service == NULL ? self->service->name : service, &wanted, error);
    return wanted.found;
}
