/* What mends the faults of generated c_glib code while it runs. Generated code comes here through
 * codegen/repairs.h, which is compiled in front of it; nobody else needs this header, but for
 * dunlin_repairs_library(). */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * dunlin_repairs_register_type:
 *
 * Stands in for g_type_register_static(): only one thread registers a type, the others get what it
 * registered; and classes get a finalize that goes on to the parent's, so that an object does not
 * leak what GObject holds for it. Ends the process when two different types have the same name.
 *
 * Returns: the type.
 */
GType dunlin_repairs_register_type (GType parent, const char *name, const GTypeInfo *info,
                                    GTypeFlags flags);

/**
 * dunlin_repairs_get_class:
 * @type: the type whose class is asked for
 *
 * Stands in for G_TYPE_INSTANCE_GET_CLASS(). Generated processors look for their parent's class
 * from the class of the instance rather than from their own, and so call themselves without end;
 * for processors this gives the class of @type.
 *
 * Returns: (transfer none): a class.
 */
gpointer dunlin_repairs_get_class (gconstpointer instance, GType type);

/**
 * dunlin_repairs_library:
 *
 * Mends the library's own classes whose finalize stops short: ThriftApplicationException, and the
 * transports that its clients use. Runs with every generated ensure_types function; may run again.
 */
void dunlin_repairs_library (void);

/**
 * dunlin_repairs_touch:
 * @types: the GType functions of an IDL's classes
 *
 * Registers the types and makes their classes, and mends the library's. For the time before there
 * are other threads.
 */
void dunlin_repairs_touch (GType (*const *types) (void), gsize n_types);

/* Seeded hashes (SipHash-1-3) in place of GLib's, which a peer that picks the keys of a map can
 * make collide. The seed is drawn once a process. */
guint dunlin_repairs_str_hash (gconstpointer key);
guint dunlin_repairs_int_hash (gconstpointer key);
guint dunlin_repairs_int64_hash (gconstpointer key);
guint dunlin_repairs_double_hash (gconstpointer key);
guint dunlin_repairs_direct_hash (gconstpointer key);

G_END_DECLS
