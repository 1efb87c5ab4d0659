/* What mends the faults of generated c_glib code (Thrift 0.17) while it runs: types and classes.
 * The hashes are in siphash.c. */
#include "wire/repairs.h"

#include <thrift/c_glib/processor/thrift_dispatch_processor.h>
#include <thrift/c_glib/thrift_application_exception.h>
#include <thrift/c_glib/transport/thrift_buffered_transport.h>
#include <thrift/c_glib/transport/thrift_framed_transport.h>
#include <thrift/c_glib/transport/thrift_memory_buffer.h>
#include <thrift/c_glib/transport/thrift_socket.h>

/* Whether a class's own finalize calls the parent's: found out with its first object, so that a
 * Thrift that has mended it is left alone. */
typedef enum { CHAINS_UNKNOWN, CHAINS_NO, CHAINS_YES } Chains;

/* What is kept for a mended type, for ever, as static types live for ever. */
typedef struct {
    GClassInitFunc class_init;
    gconstpointer class_data;
    void (*finalize) (GObject *object);
    void (*parent_finalize) (GObject *object);
    int chains; /* Chains, atomic */
} Mended;

static GQuark mended_quark;    /* of a type: its Mended */
static GQuark registrar_quark; /* of a type: the GTypeInfo that it was registered with */
static GQuark probe_quark;     /* of an object */

static void
init_quarks (void)
{
    static gsize done;

    if (!g_once_init_enter (&done))
        return;
    mended_quark = g_quark_from_static_string ("dunlin-repairs-mended");
    registrar_quark = g_quark_from_static_string ("dunlin-repairs-registrar");
    probe_quark = g_quark_from_static_string ("dunlin-repairs-probe");
    g_once_init_leave (&done, 1);
}

/* The object's own type, or the nearest parent that was mended: somebody may have subclassed it. */
static Mended *
look_up_mended (GObject *object)
{
    GType type = G_OBJECT_TYPE (object);
    Mended *mended = (Mended *)g_type_get_qdata (type, mended_quark);

    while (mended == NULL) {
        type = g_type_parent (type);
        g_assert (type != 0);
        mended = (Mended *)g_type_get_qdata (type, mended_quark);
    }
    return mended;
}

/* GLib's look-up takes a lock that all threads share. What a class is never changes, so each thread
 * remembers what it was told. */
static Mended *
mended_of (GObject *object)
{
    static _Thread_local struct {
        gconstpointer class;
        Mended *mended;
    } known[64];
    gconstpointer class = ((GTypeInstance *)object)->g_class;
    guintptr at = (guintptr) class >> 4;

    at = (at ^ at >> 6) % G_N_ELEMENTS (known);
    if (G_UNLIKELY (known[at].class != class)) {
        known[at].mended = look_up_mended (object);
        known[at].class = class;
    }
    return known[at].mended;
}

static void
on_probe_destroyed (gpointer data)
{
    *(gboolean *)data = TRUE;
}

/* GObject's finalize destroys an object's data: whether that happens within the class's own
 * finalize tells whether it chains up. */
static void
finalize_first (Mended *mended, GObject *object)
{
    gboolean chained = FALSE;

    g_object_set_qdata_full (object, probe_quark, &chained, on_probe_destroyed);
    mended->finalize (object);
    g_atomic_int_set (&mended->chains, chained ? CHAINS_YES : CHAINS_NO);
    if (!chained)
        mended->parent_finalize (object);
}

static void
mended_finalize (GObject *object)
{
    Mended *mended = mended_of (object);
    int chains = g_atomic_int_get (&mended->chains);

    if (chains == CHAINS_UNKNOWN) {
        finalize_first (mended, object);
        return;
    }
    mended->finalize (object);
    if (chains == CHAINS_NO)
        mended->parent_finalize (object);
}

/* What GObject does here, it does once more as the last reference goes: it holds locks, thirty of
 * them for a reply's few objects. */
static void
dispose_nothing (GObject *object)
{
}

static void
mend_dispose (GObjectClass *class)
{
    const GObjectClass *plain = (const GObjectClass *)g_type_class_peek (G_TYPE_OBJECT);

    if (class->dispose == plain->dispose)
        class->dispose = dispose_nothing;
}

static void
mend_class (gpointer class, Mended *mended)
{
    GObjectClass *parent = (GObjectClass *)g_type_class_peek_parent (class);

    mended->finalize = G_OBJECT_CLASS (class)->finalize;
    mended->parent_finalize = parent->finalize;
    if (mended->finalize != mended->parent_finalize)
        G_OBJECT_CLASS (class)->finalize = mended_finalize;
}

static void
mended_class_init (gpointer class, gpointer data)
{
    Mended *mended = (Mended *)data;

    if (mended->class_init != NULL)
        mended->class_init (class, (gpointer)mended->class_data);
    mend_class (class, mended);
    mend_dispose ((GObjectClass *)class);
}

static GType
register_class (GType parent, const char *name, const GTypeInfo *info, GTypeFlags flags)
{
    Mended *mended = g_new0 (Mended, 1);
    GTypeInfo ours = *info;
    GType type;

    mended->class_init = info->class_init;
    mended->class_data = info->class_data;
    ours.class_init = mended_class_init;
    ours.class_data = mended;
    type = g_type_register_static (parent, name, &ours, flags);
    g_type_set_qdata (type, mended_quark, mended);
    return type;
}

/* Two IDLs without a c_glib namespace may both have an "Address": their objects must not be taken
 * for one another's. The info is static in the function that registers, so it tells who did. */
static void
check_same_type (GType type, const char *name, const GTypeInfo *info)
{
    if (g_type_get_qdata (type, registrar_quark) != info)
        g_error ("two IDLs define the type %s: give each a c_glib namespace of its own", name);
}

static GType
register_new (GType parent, const char *name, const GTypeInfo *info, GTypeFlags flags)
{
    gboolean is_class = g_type_is_a (parent, G_TYPE_OBJECT);
    GType type = is_class ? register_class (parent, name, info, flags)
                          : g_type_register_static (parent, name, info, flags);

    g_type_set_qdata (type, registrar_quark, (gpointer)info);
    return type;
}

GType
dunlin_repairs_register_type (GType parent, const char *name, const GTypeInfo *info,
                              GTypeFlags flags)
{
    static GMutex registering;
    GType type;

    init_quarks ();
    g_mutex_lock (&registering);
    type = g_type_from_name (name);
    if (type != 0)
        check_same_type (type, name, info);
    else
        type = register_new (parent, name, info, flags);
    g_mutex_unlock (&registering);
    return type;
}

gpointer
dunlin_repairs_get_class (gconstpointer instance, GType type)
{
    const GTypeInstance *self = (const GTypeInstance *)instance;

    if (g_type_is_a (type, THRIFT_TYPE_DISPATCH_PROCESSOR))
        return g_type_class_peek (type);
    return self->g_class;
}

static void
mend_library_class (GType type)
{
    gpointer class = g_type_class_ref (type); /* for ever: the class is changed */
    Mended *mended = g_new0 (Mended, 1);

    g_type_set_qdata (type, mended_quark, mended);
    mend_class (class, mended);
}

void
dunlin_repairs_library (void)
{
    static gsize done;

    if (!g_once_init_enter (&done))
        return;
    init_quarks ();
    mend_library_class (THRIFT_TYPE_APPLICATION_EXCEPTION);
    mend_library_class (THRIFT_TYPE_MEMORY_BUFFER);
    mend_library_class (THRIFT_TYPE_FRAMED_TRANSPORT);
    mend_library_class (THRIFT_TYPE_BUFFERED_TRANSPORT);
    mend_library_class (THRIFT_TYPE_SOCKET);
    g_once_init_leave (&done, 1);
}

void
dunlin_repairs_touch (GType (*const *types) (void), gsize n_types)
{
    dunlin_repairs_library ();
    for (gsize i = 0; i < n_types; i++) {
        GType type = types[i]();

        if (G_TYPE_IS_CLASSED (type))
            g_type_class_ref (type); /* for ever: static types are never unloaded */
    }
}
