/* A Thrift struct field by field, binary or compact: just enough for small fixed structs such as
 * TTwitter's headers. Calls are wire/payload's. Pure. */
#pragma once

#include <thrift/c_glib/protocol/thrift_protocol.h>

#include "wire/context.h"

G_BEGIN_DECLS

/**
 * DunlinField:
 * @id: of the field; before the first field of a struct 0, for compact counts from the last one
 * @type: its type
 * @yes: the value, when it is a bool, which is then read already
 */
typedef struct {
    gint16 id;
    ThriftType type;
    gboolean yes;
} DunlinField;

/**
 * DunlinFieldCodec:
 * @next: reads a field's header into a struct's zero-initialised #DunlinField; FALSE at the end
 * @read_i64: a value of that type
 * @read_string: a value of that type, borrowed
 * @read_list: a list's or set's element type (of no meaning when empty) and count, which is never
 *   more than the bytes that are left
 * @read_map: likewise
 * @skip_scalar: passes over a value that is neither container nor struct; a bool is an element
 * @put: writes a field's header and notes it in the struct's @last; a bool's with its value
 * @put_i64: a value of that type
 * @put_string: a value of that type
 * @put_list: a list's element type and count
 *
 * Readers that meet what cannot be set the #DunlinReader's failed.
 */
typedef struct {
    gboolean (*next) (DunlinReader *in, DunlinField *field);
    gint64 (*read_i64) (DunlinReader *in);
    DunlinSlice (*read_string) (DunlinReader *in);
    guint32 (*read_list) (DunlinReader *in, ThriftType *element);
    guint32 (*read_map) (DunlinReader *in, ThriftType *key, ThriftType *value);
    void (*skip_scalar) (DunlinReader *in, ThriftType type);
    void (*put) (DunlinBuffer *to, DunlinField *last, DunlinField field);
    void (*put_i64) (DunlinBuffer *to, gint64 value);
    void (*put_string) (DunlinBuffer *to, DunlinSlice value);
    void (*put_list) (DunlinBuffer *to, ThriftType element, guint32 n);
} DunlinFieldCodec;

extern const DunlinFieldCodec dunlin_field_binary;
extern const DunlinFieldCodec dunlin_field_compact;

/* Passes over the value of a field whose header @next has read. At most 64 levels deep. */
void dunlin_field_skip (const DunlinFieldCodec *codec, DunlinReader *in, const DunlinField *field);

G_END_DECLS
