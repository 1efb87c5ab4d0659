/* A service as data: what the generator emits for each service of an IDL, and what dispatch, help
 * and (later) JSON, docs and limits read. */
#pragma once

#include "rpc/stub.h"
#include "wire/schema.h"

G_BEGIN_DECLS

/**
 * DunlinMethodInfo:
 * @name: as in the IDL
 * @oneway: draws no reply
 * @arguments: "1: i64 id, 2: string name", as the IDL writes it; "" for none
 * @result: "string", "list<Address>", "void"
 * @exceptions: "1: NotFound not_found"; "" for none
 * @doc: the IDL's comment; "" for none
 * @stub: calls the handler
 * @schema: the same as data, with annotations and types
 */
typedef struct {
    const char *name;
    gboolean oneway;
    const char *arguments;
    const char *result;
    const char *exceptions;
    const char *doc;
    DunlinStub stub;
    const DunlinSchemaMethod *schema;
} DunlinMethodInfo;

/**
 * DunlinServiceInfo:
 * @name: as in the IDL, such as "AddressBook"
 * @doc: the IDL's comment
 * @extends: (nullable): the parent service's description
 * @handler_type: GType function of the generated handler class, which a handler must be of
 * @methods: the service's own methods (not the parent's), in the IDL's order
 * @n_methods: how many
 * @ensure_types: touches every GType of the IDL and of those it includes: registration is not
 *   thread-safe, so this runs before the loops start
 * @idl_name: the IDL's name, such as "address_book"
 * @idl_json: the output of `thrift --gen json` for the IDL
 * @idl_sha256: of the IDL's text, hexadecimal
 * @schema: the service as data; its @home is the whole IDL, with those that it includes
 * @slots: (nullable): a perfect hash of the own methods' names: index plus one, or 0
 * @slot_bits: the table has 2^@slot_bits slots
 * @slot_seed: with which no two methods share a slot
 */
typedef struct DunlinServiceInfo {
    const char *name;
    const char *doc;
    const struct DunlinServiceInfo *extends;
    GType (*handler_type) (void);
    const DunlinMethodInfo *methods;
    gsize n_methods;
    void (*ensure_types) (void);
    const char *idl_name;
    const char *idl_json;
    const char *idl_sha256;
    const DunlinSchemaService *schema;
    const guint8 *slots;
    guint8 slot_bits;
    guint64 slot_seed;
} DunlinServiceInfo;

/**
 * dunlin_service_info_find:
 * @method: not necessarily terminated
 * @length: bytes of @method
 *
 * Returns: (transfer none) (nullable): the method, the service's own or inherited.
 */
const DunlinMethodInfo *dunlin_service_info_find (const DunlinServiceInfo *self, const char *method,
                                                  gsize length);

G_END_DECLS
