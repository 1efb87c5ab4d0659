/* The router: an open-addressed table of names, filled before the loops start, read-only after. */
#include "rpc/router.h"

#include "base/error.h"

#include <string.h>

typedef struct {
    const char *name; /* borrowed: the IDL's; NULL: free */
    gsize length;
    const DunlinMethod *method; /* borrowed */
} Slot;

typedef struct {
    char *name; /* owned; NULL for the table of calls without a service's name */
    const DunlinServiceInfo *info;
    Slot *slots;   /* owned */
    guint n_slots; /* a power of two */
    guint n_used;
} Table;

struct DunlinRouter {
    GPtrArray *tables;   /* owned: of Table; [0] is of calls without a service's name */
    GPtrArray *methods;  /* owned: of DunlinMethod */
    GPtrArray *handlers; /* owned references */
    Table *fallback;     /* owned */
};

static void
table_free (gpointer data)
{
    Table *self = data;

    g_free (self->name);
    g_free (self->slots);
    g_free (self);
}

static Table *
table_new (const char *name, const DunlinServiceInfo *info)
{
    Table *self = g_new0 (Table, 1);

    self->name = g_strdup (name);
    self->info = info;
    self->n_slots = 16;
    self->slots = g_new0 (Slot, self->n_slots);
    return self;
}

/* FNV-1a: the names are ours, so nobody can choose colliding ones. */
static guint
hash (const char *name, gsize length)
{
    guint h = 2166136261u;

    for (gsize i = 0; i < length; i++)
        h = (h ^ (guint8)name[i]) * 16777619u;
    return h;
}

static Slot *
table_slot (const Table *self, const char *name, gsize length)
{
    guint at = hash (name, length) & (self->n_slots - 1);

    while (self->slots[at].name != NULL &&
           (self->slots[at].length != length || memcmp (self->slots[at].name, name, length) != 0))
        at = (at + 1) & (self->n_slots - 1);
    return &self->slots[at];
}

static void
table_grow (Table *self)
{
    g_autofree Slot *old = g_steal_pointer (&self->slots);
    guint n_old = self->n_slots;

    self->n_slots *= 2;
    self->slots = g_new0 (Slot, self->n_slots);
    for (guint i = 0; i < n_old; i++) {
        if (old[i].name != NULL)
            *table_slot (self, old[i].name, old[i].length) = old[i];
    }
}

/* A name that is there already stays: the first service, and a child before its parent, wins. */
static void
table_add (Table *self, const DunlinMethod *method)
{
    const char *name = method->info->name;
    Slot *slot;

    if ((self->n_used + 1) * 2 > self->n_slots)
        table_grow (self);
    slot = table_slot (self, name, strlen (name));
    if (slot->name != NULL)
        return;
    *slot = (Slot){ .name = name, .length = strlen (name), .method = method };
    self->n_used++;
}

DunlinRouter *
dunlin_router_new (void)
{
    DunlinRouter *self = g_new0 (DunlinRouter, 1);

    self->tables = g_ptr_array_new_with_free_func (table_free);
    self->methods = g_ptr_array_new_with_free_func (g_free);
    self->handlers = g_ptr_array_new_with_free_func (g_object_unref);
    g_ptr_array_add (self->tables, table_new (NULL, NULL));
    self->fallback = table_new (NULL, NULL);
    return self;
}

void
dunlin_router_free (DunlinRouter *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref (self->tables);
    g_ptr_array_unref (self->methods);
    g_ptr_array_unref (self->handlers);
    table_free (self->fallback);
    g_free (self);
}

static gboolean
check_handler (const DunlinServiceInfo *info, GObject *handler, GError **error)
{
    if (G_TYPE_CHECK_INSTANCE_TYPE (handler, info->handler_type ()))
        return TRUE;
    g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                 "the handler of service %s is a %s, which is no %s: derive it from the generated "
                 "handler class",
                 info->name, G_OBJECT_TYPE_NAME (handler), g_type_name (info->handler_type ()));
    return FALSE;
}

static const DunlinMethod *
make_method (DunlinRouter *self, const DunlinServiceInfo *info, const DunlinMethodInfo *method,
             GObject *handler)
{
    DunlinMethod *made = g_new0 (DunlinMethod, 1);

    made->info = method;
    made->service = info->name;
    made->handler = handler;
    made->index = self->methods->len;
    g_ptr_array_add (self->methods, made);
    return made;
}

static Table *
find_table (const DunlinRouter *self, const char *name, gsize length)
{
    for (guint i = 1; i < self->tables->len; i++) {
        Table *table = g_ptr_array_index (self->tables, i);

        if (strlen (table->name) == length && memcmp (table->name, name, length) == 0)
            return table;
    }
    return NULL;
}

gboolean
dunlin_router_add (DunlinRouter *self, const DunlinServiceInfo *info, GObject *handler,
                   GError **error)
{
    Table *plain = g_ptr_array_index (self->tables, 0);
    Table *own;

    if (!check_handler (info, handler, error))
        return FALSE;
    if (find_table (self, info->name, strlen (info->name)) != NULL) {
        g_set_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS,
                     "service %s is served twice: one handler a service", info->name);
        return FALSE;
    }
    info->ensure_types ();
    g_ptr_array_add (self->handlers, g_object_ref (handler));
    own = table_new (info->name, info);
    g_ptr_array_add (self->tables, own);
    for (const DunlinServiceInfo *level = info; level != NULL; level = level->extends) {
        for (gsize i = 0; i < level->n_methods; i++) {
            const DunlinMethod *method = make_method (self, info, &level->methods[i], handler);

            table_add (own, method);
            table_add (plain, method);
        }
    }
    return TRUE;
}

gboolean
dunlin_router_add_fallback (DunlinRouter *self, const DunlinServiceInfo *info, GObject *handler,
                            GError **error)
{
    if (!check_handler (info, handler, error))
        return FALSE;
    info->ensure_types ();
    g_ptr_array_add (self->handlers, g_object_ref (handler));
    for (gsize i = 0; i < info->n_methods; i++)
        table_add (self->fallback, make_method (self, info, &info->methods[i], handler));
    return TRUE;
}

const DunlinMethod *
dunlin_router_find (const DunlinRouter *self, const char *name, gsize length)
{
    const Table *table = g_ptr_array_index (self->tables, 0);
    const Slot *slot = table_slot (table, name, length);
    const char *colon;

    if (G_LIKELY (slot->name != NULL))
        return slot->method; /* names from an IDL have no colon */
    colon = memchr (name, ':', length);
    if (colon == NULL)
        return table_slot (self->fallback, name, length)->method;
    table = find_table (self, name, (gsize)(colon - name));
    if (table == NULL)
        return NULL;
    length -= (gsize)(colon - name) + 1;
    name = colon + 1;
    slot = table_slot (table, name, length);
    if (slot->name == NULL)
        slot = table_slot (self->fallback, name, length);
    return slot->method;
}

guint
dunlin_router_n_methods (const DunlinRouter *self)
{
    return self->methods->len;
}

const DunlinMethod *
dunlin_router_method (const DunlinRouter *self, guint index)
{
    return g_ptr_array_index (self->methods, index);
}

const DunlinServiceInfo *
dunlin_router_default (const DunlinRouter *self)
{
    return self->tables->len > 1 ? ((Table *)g_ptr_array_index (self->tables, 1))->info : NULL;
}
