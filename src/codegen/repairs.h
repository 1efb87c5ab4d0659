/* Compiled in front of generated c_glib code (-include), and of nothing else: sends what the code
 * does wrongly through the functions of wire/repairs.h. Thrift 0.17's faults that this mends:
 *  - finalize does not chain up: every struct leaks what GObject keeps for it;
 *  - *_get_type () of structs and interfaces races between threads;
 *  - a dispatch processor whose service extends another calls itself for ever on an unknown method;
 *  - maps and sets use hashes that a peer can make collide. */
#pragma once

#include <glib-object.h>
#include <thrift/c_glib/thrift_struct.h>
#include <thrift/c_glib/processor/thrift_dispatch_processor.h>

#include "wire/repairs.h"

#define g_type_register_static(parent, name, info, flags)                                          \
    dunlin_repairs_register_type ((parent), (name), (info), (GTypeFlags)(flags))

#undef G_TYPE_INSTANCE_GET_CLASS
#define G_TYPE_INSTANCE_GET_CLASS(instance, g_type, c_type)                                        \
    ((c_type *)dunlin_repairs_get_class ((instance), (g_type)))

#define g_str_hash    dunlin_repairs_str_hash
#define g_int_hash    dunlin_repairs_int_hash
#define g_int64_hash  dunlin_repairs_int64_hash
#define g_double_hash dunlin_repairs_double_hash
#define g_direct_hash dunlin_repairs_direct_hash
