/* What mends generated c_glib code where it reads and writes: it comes here through
 * codegen/repairs.h, nobody else needs this header. Each function does what the one does that it
 * stands in for when the protocol is not wire/payload's. */
#pragma once

#include <thrift/c_glib/protocol/thrift_protocol.h>
#include <thrift/c_glib/thrift_struct.h>

G_BEGIN_DECLS

/**
 * dunlin_payload_read_struct:
 *
 * Stands in for thrift_struct_read(). When a required field is missing, generated code returns at
 * once and leaks the map entries that it holds in its hands, all the way up. Here that becomes the
 * input's failure instead, and the code runs to its end.
 */
gint32 dunlin_payload_read_struct (ThriftStruct *object, ThriftProtocol *protocol, GError **error);

/**
 * dunlin_payload_read_enum:
 *
 * Stands in for thrift_protocol_read_i32() where an enum is read. As a map's key or a set's element
 * generated code takes 0 for "no key", forgets the entry and leaks its value: refused.
 */
gint32 dunlin_payload_read_enum (ThriftProtocol *protocol, gint32 *value, GError **error);

/**
 * dunlin_payload_gather_keys:
 * @keys: (out): a list that is the protocol's, or for foreign ones the caller's, until
 *   dunlin_payload_free_keys()
 *
 * Stands in for g_hash_table_foreach() with thrift_hash_table_get_keys(), which looks for the
 * list's end with every key: half a minute of a loop's time for a few hundred thousand, which a
 * peer may have sent to get them back.
 */
void dunlin_payload_gather_keys (ThriftProtocol *protocol, GHashTable *table, GList **keys);
/* Stands in for g_list_free(). */
void dunlin_payload_free_keys (ThriftProtocol *protocol, GList *keys);

/**
 * dunlin_payload_look_up:
 *
 * Stands in for g_hash_table_lookup(), with which generated code finds the value of each key that
 * it has gathered, one after the other: they were gathered with them.
 */
gpointer dunlin_payload_look_up (ThriftProtocol *protocol, GHashTable *table, gconstpointer key);

/**
 * dunlin_payload_scratch:
 *
 * Stands in for alloca(), with which generated code copies the keys that it has gathered: a large
 * map would leave a fiber's stack, past its guard page.
 *
 * Returns: (transfer none): @n bytes, until the map or set that is being written ends.
 */
gpointer dunlin_payload_scratch (ThriftProtocol *protocol, gsize n);

/* Stand in for thrift_protocol_write_map_end() and _write_set_end(), where that memory's time ends.
 */
gint32 dunlin_payload_write_map_end (ThriftProtocol *protocol, GError **error);
gint32 dunlin_payload_write_set_end (ThriftProtocol *protocol, GError **error);

/**
 * dunlin_payload_hash_table_insert:
 *
 * Stands in for g_hash_table_insert(), which, given an element that a set has already, frees it and
 * then keeps it as the old one's value.
 */
void dunlin_payload_hash_table_insert (GHashTable *table, gpointer key, gpointer value);

G_END_DECLS
