/* An IDL as read from its text: what the checks look at and what the code is emitted from. It is
 * read from the text and not from `thrift --gen json`, because that has neither lines nor the names
 * of enums and typedefs where they are used; thrift.c runs the compiler, which has the last word on
 * what is valid. */
#pragma once

#include <glib.h>

typedef struct Idl Idl;
typedef struct Type Type;

/* An annotation: (name = "value"). */
typedef struct {
    const char *name;
    const char *value;
} Note;

typedef struct {
    const char *file; /* as the IDL writes it */
    int line;
} Include;

typedef enum {
    VALUE_INT,
    VALUE_DOUBLE,
    VALUE_LITERAL,
    VALUE_NAME,
    VALUE_LIST,
    VALUE_MAP
} ValueKind;

/* A default or constant. */
typedef struct {
    ValueKind kind;
    const char *text;  /* as the IDL writes it */
    GPtrArray *items;  /* of Value; for a list */
    gboolean is_empty; /* of a list or map */
} Value;

typedef struct {
    const char *name;
    int number;
    const char *doc;
    int line;
} Member;

typedef struct {
    Idl *home;
    const char *name;
    const char *doc;
    int line;
    GPtrArray *members; /* of Member */
} Enum;

typedef struct {
    Idl *home;
    const char *name;
    const char *doc;
    int line;
    Type *type;
    gboolean is_open; /* while load.c looks for a typedef inside itself */
} Alias;

typedef enum { REQUIRED_DEFAULT, REQUIRED, REQUIRED_OPTIONAL } Requiredness;

typedef struct {
    int id; /* negative where the IDL gives none */
    const char *name;
    const char *doc;
    int line;
    Type *type;
    Requiredness requiredness;
    Value *value; /* nullable: the default */
    GPtrArray *notes;
} Field;

typedef enum { FORM_STRUCT, FORM_UNION, FORM_EXCEPTION } Form;

typedef struct {
    Idl *home;
    Form form;
    const char *name;
    const char *doc;
    int line;
    GPtrArray *fields;
    GPtrArray *notes;
} Struct;

typedef struct {
    const char *name;
    const char *doc;
    int line;
    Type *type;
    Value *value;
} Constant;

typedef struct {
    const char *name;
    const char *doc;
    int line;
    gboolean oneway;
    Type *result;
    GPtrArray *arguments;  /* of Field */
    GPtrArray *exceptions; /* of Field */
    GPtrArray *notes;
} Method;

typedef struct Service {
    Idl *home;
    const char *name;
    const char *doc;
    int line;
    const char *parent_name; /* nullable */
    struct Service *parent;  /* nullable */
    GPtrArray *methods;
    GPtrArray *notes;
} Service;

typedef enum {
    TYPE_VOID,
    TYPE_BOOL,
    TYPE_I8,
    TYPE_I16,
    TYPE_I32,
    TYPE_I64,
    TYPE_DOUBLE,
    TYPE_STRING,
    TYPE_BINARY,
    TYPE_LIST,
    TYPE_SET,
    TYPE_MAP,
    TYPE_ENUM,
    TYPE_STRUCT,
    TYPE_ALIAS
} TypeKind;

struct Type {
    TypeKind kind;
    const char *text; /* as the IDL writes it: "map<string, list<base.Id>>" */
    int line;
    Type *key;     /* of a map */
    Type *element; /* of a list or set; the value of a map */
    Enum *enumeration;
    Struct *structure;
    Alias *alias;
};

/* Everything in it lives as long as it. */
struct Idl {
    const char *name; /* "address_book" */
    const char *path;
    const char *doc;
    const char *text; /* as it was written; "" until it is loaded */
    const char *sha256;
    const char *c_namespace; /* "" for none */
    int c_namespace_line;
    GPtrArray *includes;      /* of Idl (not owned: the table of load.c owns them) */
    GPtrArray *include_lines; /* of Include */
    gboolean is_loaded;       /* with all that it includes */
    GPtrArray *enums;
    GPtrArray *aliases;
    GPtrArray *structs;
    GPtrArray *constants;
    GPtrArray *services;
    GStringChunk *chunk;
    GPtrArray *blocks;
    GPtrArray *arrays;
};

/* Goes through a GPtrArray of Idl parts. */
#define EACH(T, item, array)                                                                       \
    for (guint item##_at = 0; item##_at < (array)->len; item##_at++)                               \
        for (T *item = (T *)g_ptr_array_index ((array), item##_at); item != NULL; item = NULL)

#define CODEGEN_ERROR (g_quark_from_static_string ("dunlin-codegen"))

Idl *idl_new (const char *name, const char *path);
void idl_free (Idl *self);
void *idl_alloc (Idl *self, gsize size);
GPtrArray *idl_array (Idl *self);
const char *idl_text (Idl *self, const char *text);

/* Parses the text; types are not yet resolved. */
gboolean idl_parse (Idl *self, const char *text, GError **error);
/* Finds what the names of types and parent services stand for; the includes are resolved. */
gboolean idl_resolve (Idl *self, GError **error);

/* Reads @path and what it includes, looking beside it and in @search. Returns the IDL, which
 * belongs to @loaded (by path). */
Idl *idl_load (GHashTable *loaded, const char *path, GPtrArray *search, GError **error);
/* As idl_load(), but from memory: @texts has the text of each IDL by its name. An include is looked
 * for by its file's name without folder and extension. */
Idl *idl_load_texts (GHashTable *loaded, const char *name, GHashTable *texts, GError **error);
/* A table for idl_load(). */
GHashTable *idl_table_new (void);

/* The type behind typedefs. */
Type *type_true (Type *self);
gboolean type_is_container (Type *self);
/* Kept in a GArray or as a plain value: bool, integers, double, enum. */
gboolean type_is_number (Type *self);

void set_error_at (GError **error, const Idl *idl, int line, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
