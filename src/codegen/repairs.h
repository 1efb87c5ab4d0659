/* Compiled in front of generated c_glib code (-include), and of nothing else: sends what the code
 * does wrongly through the functions of wire/repairs.h. Thrift 0.17's faults that this mends:
 *  - finalize does not chain up: every struct leaks what GObject keeps for it;
 *  - *_get_type () of structs and interfaces races between threads;
 *  - a dispatch processor whose service extends another calls itself for ever on an unknown method;
 *  - maps and sets use hashes that a peer can make collide;
 *  - a missing required field leaks the elements and entries around it;
 *  - an enum's 0 as the key of a map leaks its value, and is lost, as it is in a set;
 *  - an element that a set has already is freed and kept;
 *  - the keys of a map that is written are gathered in quadratic time, and then copied to the
 * stack, however many they are. */
#pragma once

#include <glib-object.h>
#include <string.h>
#include <thrift/c_glib/thrift_struct.h>
#include <thrift/c_glib/processor/thrift_dispatch_processor.h>

#include "wire/payload_repairs.h"
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

#define thrift_struct_read(object, protocol, error)                                                \
    dunlin_payload_read_struct ((object), (protocol), (error))

/* Enums are read into variables called ecast and a number. */
#define thrift_protocol_read_i32(protocol, value, error)                                           \
    (strncmp (#value, "&ecast", 6) == 0                                                            \
         ? dunlin_payload_read_enum ((protocol), (value), (error))                                 \
         : (thrift_protocol_read_i32)((protocol), (value), (error)))

#define g_hash_table_insert(table, key, value)                                                     \
    dunlin_payload_hash_table_insert ((table), (key), (value))

/* Where generated code writes a map or set it has a variable called protocol; where it looks up a
 * method it has none, and this one stands for the usual functions. */
static ThriftProtocol *const protocol G_GNUC_UNUSED = NULL;
#define g_hash_table_foreach(table, get_keys, keys)                                                \
    dunlin_payload_gather_keys (protocol, (table), (keys))
#define g_hash_table_lookup(table, key) dunlin_payload_look_up (protocol, (table), (key))
#define g_list_free(keys)               dunlin_payload_free_keys (protocol, (keys))
#undef g_newa
#define g_newa(type, n) ((type *)dunlin_payload_scratch (protocol, sizeof (type) * (gsize)(n)))

#define thrift_protocol_write_map_end(protocol, error)                                             \
    dunlin_payload_write_map_end ((protocol), (error))
#define thrift_protocol_write_set_end(protocol, error)                                             \
    dunlin_payload_write_set_end ((protocol), (error))
