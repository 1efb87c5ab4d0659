/* An IDL as data: what the generator emits for each, and what help, docs, JSON and validation read.
 * Everything is constant; no table owns anything. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct DunlinSchema DunlinSchema;
typedef struct DunlinSchemaType DunlinSchemaType;
typedef struct DunlinSchemaEnum DunlinSchemaEnum;
typedef struct DunlinSchemaStruct DunlinSchemaStruct;
typedef struct DunlinSchemaService DunlinSchemaService;

/* What a value is on the wire, typedefs looked through. */
typedef enum {
    DUNLIN_SCHEMA_VOID,
    DUNLIN_SCHEMA_BOOL,
    DUNLIN_SCHEMA_I8,
    DUNLIN_SCHEMA_I16,
    DUNLIN_SCHEMA_I32,
    DUNLIN_SCHEMA_I64,
    DUNLIN_SCHEMA_DOUBLE,
    DUNLIN_SCHEMA_STRING,
    DUNLIN_SCHEMA_BINARY,
    DUNLIN_SCHEMA_LIST,
    DUNLIN_SCHEMA_SET,
    DUNLIN_SCHEMA_MAP,
    DUNLIN_SCHEMA_ENUM,
    DUNLIN_SCHEMA_STRUCT
} DunlinSchemaKind;

/**
 * DunlinSchemaType:
 * @text: as the IDL writes it, such as "map<string, list<Leaf>>" or a typedef's name
 * @key: of a map
 * @element: of a list or set; the value of a map
 * @enumeration: of an enum
 * @structure: of a struct, union or exception
 */
struct DunlinSchemaType {
    DunlinSchemaKind kind;
    const char *text;
    const DunlinSchemaType *key;
    const DunlinSchemaType *element;
    const DunlinSchemaEnum *enumeration;
    const DunlinSchemaStruct *structure;
};

/* An annotation of the IDL: (max_length = "100"). */
typedef struct {
    const char *name;
    const char *value;
} DunlinSchemaNote;

typedef enum {
    DUNLIN_SCHEMA_DEFAULT, /* always written, may be missing when read */
    DUNLIN_SCHEMA_REQUIRED,
    DUNLIN_SCHEMA_OPTIONAL
} DunlinSchemaRequiredness;

/**
 * DunlinSchemaField:
 * @value: (nullable): the default, as the IDL writes it
 * @doc: the IDL's comment; "" for none
 *
 * A field of a struct, an argument, or an exception that a method declares.
 */
typedef struct {
    gint16 id;
    const char *name;
    const DunlinSchemaType *type;
    DunlinSchemaRequiredness requiredness;
    const char *value;
    const char *doc;
    const DunlinSchemaNote *notes;
    gsize n_notes;
} DunlinSchemaField;

typedef enum {
    DUNLIN_SCHEMA_FORM_STRUCT,
    DUNLIN_SCHEMA_FORM_UNION,
    DUNLIN_SCHEMA_FORM_EXCEPTION
} DunlinSchemaForm;

/**
 * DunlinSchemaStruct:
 * @get_type: (nullable): the generated class; %NULL for one that was read at run time
 */
struct DunlinSchemaStruct {
    const char *name;
    DunlinSchemaForm form;
    const char *doc;
    GType (*get_type) (void);
    const DunlinSchemaField *fields;
    gsize n_fields;
    const DunlinSchemaNote *notes;
    gsize n_notes;
};

typedef struct {
    const char *name;
    gint32 number;
    const char *doc;
} DunlinSchemaMember;

struct DunlinSchemaEnum {
    const char *name;
    const char *doc;
    const DunlinSchemaMember *members;
    gsize n_members;
};

/**
 * DunlinSchemaConstant:
 * @value: as the IDL writes it
 */
typedef struct {
    const char *name;
    const DunlinSchemaType *type;
    const char *value;
    const char *doc;
} DunlinSchemaConstant;

typedef struct DunlinSchemaMethod {
    const char *name;
    gboolean oneway;
    const char *doc;
    const DunlinSchemaType *result;
    const DunlinSchemaField *arguments;
    gsize n_arguments;
    const DunlinSchemaField *exceptions;
    gsize n_exceptions;
    const DunlinSchemaNote *notes;
    gsize n_notes;
} DunlinSchemaMethod;

/**
 * DunlinSchemaService:
 * @parent: (nullable): the service that it extends
 * @methods: its own, in the IDL's order
 */
struct DunlinSchemaService {
    const char *name;
    const char *doc;
    const DunlinSchema *home;
    const DunlinSchemaService *parent;
    const DunlinSchemaMethod *methods;
    gsize n_methods;
    const DunlinSchemaNote *notes;
    gsize n_notes;
};

/**
 * DunlinSchema:
 * @name: of the IDL, such as "address_book"
 * @text: the IDL as it was written
 * @json: (nullable): the output of `thrift --gen json`; %NULL for one that was read at run time
 * @sha256: of the IDL's text, hexadecimal
 */
struct DunlinSchema {
    const char *name;
    const char *doc;
    const char *text;
    const char *json;
    const char *sha256;
    const DunlinSchema *const *includes;
    gsize n_includes;
    const DunlinSchemaEnum *const *enums;
    gsize n_enums;
    const DunlinSchemaStruct *const *structs;
    gsize n_structs;
    const DunlinSchemaConstant *constants;
    gsize n_constants;
    const DunlinSchemaService *const *services;
    gsize n_services;
};

/* Returns: (nullable): the value of the annotation @name among @notes. */
const char *dunlin_schema_note (const DunlinSchemaNote *notes, gsize n_notes, const char *name);

/* Returns: (nullable): the field with this id. */
const DunlinSchemaField *dunlin_schema_field_by_id (const DunlinSchemaStruct *self, gint16 id);

/* Returns: (nullable): the field with this name, which need not be terminated. */
const DunlinSchemaField *dunlin_schema_field_by_name (const DunlinSchemaStruct *self,
                                                      const char *name, gsize length);

/* Returns: (nullable): the enum's name for @number. */
const char *dunlin_schema_member_name (const DunlinSchemaEnum *self, gint32 number);

G_END_DECLS
