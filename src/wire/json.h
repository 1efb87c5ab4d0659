/* Natural JSON and Thrift's bytes, translated by the schema, without generated code between:
 *
 * - structs are objects by the names of their fields; a union has exactly one. A field that is not
 *   there is not written either: whoever reads applies its default, as with any other sender. A
 *   required field must be there, or have a default that is a scalar. null is the same as leaving
 *   a field out.
 * - integers are numbers, or the same digits in quotes; doubles are numbers, "NaN", "Infinity" or
 *   "-Infinity"; binary is base64 with padding; enums are names, or numbers (those without a name
 *   come out as numbers).
 * - lists and sets are arrays, and no set has an element twice. Maps are objects whose names are
 *   the keys' text (7 is "7", RED is "RED"), or, when keys are structs or containers, arrays of
 *   [key, value].
 * - what a reply has that the schema does not know comes out under "#" and the field's id, with
 *   bytes that are not text as base64; or is passed over.
 *
 * Errors name the place: `value.leaf.nmber: Leaf has no such field; did you mean number?`. */
#pragma once

#include "wire/payload.h"
#include "wire/schema.h"

G_BEGIN_DECLS

/**
 * DunlinJsonOptions:
 * @pretty: over several lines
 * @i64_as_text: 64-bit integers in quotes, for readers whose numbers are doubles
 * @skip_unknown: what the schema does not know is passed over
 * @replace_invalid_utf8: what is not UTF-8 in a string becomes U+FFFD instead of an error
 * @max_text: bytes of JSON that one value may become; 0: 64 MiB
 */
typedef struct {
    gboolean pretty;
    gboolean i64_as_text;
    gboolean skip_unknown;
    gboolean replace_invalid_utf8;
    gsize max_text;
} DunlinJsonOptions;

/**
 * dunlin_json_to_thrift:
 * @type: of the value; a method's arguments are a struct: dunlin_schema_arguments()
 * @to: from dunlin_payload_new(); what it may write is limited by its own limits
 * @out: appended to; as it was on failure
 * @error: DUNLIN_ERROR_MALFORMED or _TOO_LARGE
 *
 * Writes @json as a struct with its stop byte.
 */
gboolean dunlin_json_to_thrift (const DunlinSchemaStruct *type, const char *json, gsize length,
                                ThriftProtocol *to, DunlinBuffer *out, GError **error);

/**
 * dunlin_json_from_thrift:
 * @from: standing where a value of @type begins, with its input set
 * @out: appended to; as it was on failure
 * @options: (nullable):
 * @error: DUNLIN_ERROR_MALFORMED or _TOO_LARGE
 *
 * Reads one value. Whatever the bytes are, work and memory are bounded by their number, @from's
 * limits and @options.
 */
gboolean dunlin_json_from_thrift (const DunlinSchemaType *type, ThriftProtocol *from, GString *out,
                                  const DunlinJsonOptions *options, GError **error);

/* Returns: the arguments of @method as a struct, for as long as @method lives. */
DunlinSchemaStruct dunlin_schema_arguments (const DunlinSchemaMethod *method);

G_END_DECLS
