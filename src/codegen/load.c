/* Finds an IDL and what it includes, and says what its names stand for. */
#include "codegen/idl.h"

#include <string.h>

/* Typedefs of typedefs, and what is in their types: nobody writes as many, and the stack stays
 * small. */
#define MAX_CHAIN 500

/* Where IDLs come from: files, or texts by name. */
typedef struct {
    GPtrArray *search;
    GHashTable *texts; /* nullable */
} Source;

static Idl *load (GHashTable *loaded, const char *path, const Source *source, GError **error);

GHashTable *
idl_table_new (void)
{
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)idl_free);
}

/* The include whose base name is before the dot of @name; @rest is what is behind it. */
static Idl *
home_of (Idl *self, const char *name, const char **rest)
{
    const char *dot = strchr (name, '.');

    *rest = name;
    if (dot == NULL)
        return self;
    *rest = dot + 1;
    EACH (Idl, include, self->includes)
    if (strncmp (include->name, name, (gsize)(dot - name)) == 0 &&
        include->name[dot - name] == '\0')
        return include;
    return NULL;
}

static gboolean
find_definition (Idl *home, const char *name, Type *type)
{
    EACH (Struct, item, home->structs)
    if (strcmp (item->name, name) == 0) {
        type->kind = TYPE_STRUCT;
        type->structure = item;
        return TRUE;
    }
    EACH (Enum, item, home->enums)
    if (strcmp (item->name, name) == 0) {
        type->kind = TYPE_ENUM;
        type->enumeration = item;
        return TRUE;
    }
    EACH (Alias, item, home->aliases)
    if (strcmp (item->name, name) == 0) {
        type->kind = TYPE_ALIAS;
        type->alias = item;
        return TRUE;
    }
    return FALSE;
}

static gboolean
resolve_type (Idl *self, Type *type, GError **error)
{
    const char *name;
    Idl *home;

    if (type->key != NULL && !resolve_type (self, type->key, error))
        return FALSE;
    if (type->element != NULL)
        return resolve_type (self, type->element, error);
    if (type->kind != TYPE_ALIAS)
        return TRUE;
    home = home_of (self, type->text, &name);
    if (home != NULL && find_definition (home, name, type))
        return TRUE;
    set_error_at (error, self, type->line, "there is no type %s", type->text);
    return FALSE;
}

/* Whether the type is made of nothing that is made of it. */
static gboolean
has_end (Type *type, int depth)
{
    gboolean ends;

    if (type->key != NULL && !has_end (type->key, depth + 1))
        return FALSE;
    if (type->element != NULL)
        return has_end (type->element, depth + 1);
    if (type->kind != TYPE_ALIAS)
        return TRUE;
    if (type->alias->is_open || depth > MAX_CHAIN)
        return FALSE;
    type->alias->is_open = TRUE;
    ends = has_end (type->alias->type, depth + 1);
    type->alias->is_open = FALSE;
    return ends;
}

static gboolean
resolve_aliases (Idl *self, GError **error)
{
    EACH (Alias, alias, self->aliases)
    if (!resolve_type (self, alias->type, error))
        return FALSE;
    EACH (Alias, alias, self->aliases)
    if (!has_end (alias->type, 0)) {
        set_error_at (error, self, alias->line,
                      "the typedef %s is made of itself, or of too many others", alias->name);
        return FALSE;
    }
    return TRUE;
}

static gboolean
resolve_fields (Idl *self, GPtrArray *fields, GError **error)
{
    EACH (Field, field, fields)
    if (!resolve_type (self, field->type, error))
        return FALSE;
    return TRUE;
}

static gboolean
check_thrown (Idl *self, const Method *method, GError **error)
{
    EACH (Field, field, method->exceptions)
    {
        Type *type = type_true (field->type);

        if (type->kind == TYPE_STRUCT && type->structure->form == FORM_EXCEPTION)
            continue;
        set_error_at (error, self, field->line, "%s throws %s, which is no exception", method->name,
                      field->type->text);
        return FALSE;
    }
    return TRUE;
}

/* The parent service by its name; one that is defined above, as the Thrift compiler wants it, so
 * that nobody is among their own parents. */
static Service *
find_parent (Idl *self, const Service *service)
{
    const char *name;
    Idl *home = home_of (self, service->parent_name, &name);

    if (home == NULL)
        return NULL;
    EACH (Service, parent, home->services)
    {
        if (parent == service)
            return NULL;
        if (strcmp (parent->name, name) == 0)
            return parent;
    }
    return NULL;
}

static gboolean
resolve_parent (Idl *self, Service *service, GError **error)
{
    if (service->parent_name == NULL)
        return TRUE;
    service->parent = find_parent (self, service);
    if (service->parent != NULL)
        return TRUE;
    set_error_at (error, self, service->line, "there is no service %s above", service->parent_name);
    return FALSE;
}

static gboolean
resolve_service (Idl *self, Service *service, GError **error)
{
    EACH (Method, method, service->methods)
    {
        if (!resolve_type (self, method->result, error) ||
            !resolve_fields (self, method->arguments, error) ||
            !resolve_fields (self, method->exceptions, error) ||
            !check_thrown (self, method, error))
            return FALSE;
    }
    return resolve_parent (self, service, error);
}

gboolean
idl_resolve (Idl *self, GError **error)
{
    if (!resolve_aliases (self, error))
        return FALSE;
    EACH (Struct, item, self->structs)
    if (!resolve_fields (self, item->fields, error))
        return FALSE;
    EACH (Constant, constant, self->constants)
    if (!resolve_type (self, constant->type, error))
        return FALSE;
    EACH (Service, service, self->services)
    if (!resolve_service (self, service, error))
        return FALSE;
    return TRUE;
}

static char *stem_of (const char *path);

static char *
find_text (const char *name, GHashTable *texts)
{
    g_autofree char *stem = stem_of (name);

    return g_hash_table_contains (texts, stem) ? g_steal_pointer (&stem) : NULL;
}

static char *
find_file (const Idl *self, const char *name, GPtrArray *search)
{
    g_autofree char *dir = g_path_get_dirname (self->path);
    g_autofree char *beside = g_build_filename (dir, name, NULL);

    if (g_file_test (beside, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&beside);
    for (guint i = 0; search != NULL && i < search->len; i++) {
        g_autofree char *path = g_build_filename (g_ptr_array_index (search, i), name, NULL);

        if (g_file_test (path, G_FILE_TEST_EXISTS))
            return g_steal_pointer (&path);
    }
    return NULL;
}

static gboolean
load_include (GHashTable *loaded, Idl *self, const Include *line, const Source *source,
              GError **error)
{
    g_autofree char *path = source->texts != NULL ? find_text (line->file, source->texts)
                                                  : find_file (self, line->file, source->search);
    Idl *include;

    if (path == NULL) {
        set_error_at (error, self, line->line, "cannot find the included %s", line->file);
        return FALSE;
    }
    include = load (loaded, path, source, error);
    if (include == NULL)
        return FALSE;
    if (!include->is_loaded) {
        set_error_at (error, self, line->line, "%s includes itself, by way of this line",
                      include->path);
        return FALSE;
    }
    g_ptr_array_add (self->includes, include);
    return TRUE;
}

static gboolean
load_includes (GHashTable *loaded, Idl *self, const Source *source, GError **error)
{
    EACH (const Include, line, self->include_lines)
    if (!load_include (loaded, self, line, source, error))
        return FALSE;
    return TRUE;
}

static char *
stem_of (const char *path)
{
    char *name = g_path_get_basename (path);
    char *dot = strrchr (name, '.');

    if (dot != NULL)
        *dot = '\0';
    return name;
}

static gboolean
read_text (const char *path, const Source *source, char **text, GError **error)
{
    if (source->texts == NULL)
        return g_file_get_contents (path, text, NULL, error);
    *text = g_strdup (g_hash_table_lookup (source->texts, path));
    if (*text != NULL)
        return TRUE;
    g_set_error (error, CODEGEN_ERROR, 0, "there is no IDL %s", path);
    return FALSE;
}

/* Puts the new IDL into @loaded; what it includes is still to come. */
static Idl *
load_text (GHashTable *loaded, const char *path, const char *key, const Source *source,
           GError **error)
{
    g_autofree char *name = stem_of (path);
    g_autofree char *text = NULL;
    g_autofree char *sha256 = NULL;
    Idl *self;

    if (!read_text (path, source, &text, error))
        return NULL;
    self = idl_new (name, path);
    g_hash_table_insert (loaded, g_strdup (key), self);
    sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
    self->sha256 = idl_text (self, sha256);
    self->text = idl_text (self, text);
    return idl_parse (self, text, error) ? self : NULL;
}

static Idl *
load (GHashTable *loaded, const char *path, const Source *source, GError **error)
{
    g_autofree char *key =
        source->texts != NULL ? g_strdup (path) : g_canonicalize_filename (path, NULL);
    Idl *self = (Idl *)g_hash_table_lookup (loaded, key);

    if (self != NULL)
        return self;
    self = load_text (loaded, path, key, source, error);
    if (self == NULL || !load_includes (loaded, self, source, error) || !idl_resolve (self, error))
        return NULL;
    self->is_loaded = TRUE;
    return self;
}

Idl *
idl_load (GHashTable *loaded, const char *path, GPtrArray *search, GError **error)
{
    const Source source = { .search = search };

    return load (loaded, path, &source, error);
}

Idl *
idl_load_texts (GHashTable *loaded, const char *name, GHashTable *texts, GError **error)
{
    const Source source = { .texts = texts };

    return load (loaded, name, &source, error);
}
