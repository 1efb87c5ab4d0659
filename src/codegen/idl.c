/* The memory of an IDL, and what can be asked of a type. */
#include "codegen/idl.h"

Idl *
idl_new (const char *name, const char *path)
{
    Idl *self = g_new0 (Idl, 1);

    self->chunk = g_string_chunk_new (4096);
    self->blocks = g_ptr_array_new_with_free_func (g_free);
    self->arrays = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
    self->name = idl_text (self, name);
    self->path = idl_text (self, path);
    self->doc = self->text = self->c_namespace = self->sha256 = "";
    self->includes = idl_array (self);
    self->include_lines = idl_array (self);
    self->enums = idl_array (self);
    self->aliases = idl_array (self);
    self->structs = idl_array (self);
    self->constants = idl_array (self);
    self->services = idl_array (self);
    return self;
}

void
idl_free (Idl *self)
{
    g_ptr_array_unref (self->arrays);
    g_ptr_array_unref (self->blocks);
    g_string_chunk_free (self->chunk);
    g_free (self);
}

void *
idl_alloc (Idl *self, gsize size)
{
    void *block = g_malloc0 (size);

    g_ptr_array_add (self->blocks, block);
    return block;
}

GPtrArray *
idl_array (Idl *self)
{
    GPtrArray *array = g_ptr_array_new ();

    g_ptr_array_add (self->arrays, array);
    return array;
}

const char *
idl_text (Idl *self, const char *text)
{
    return g_string_chunk_insert_const (self->chunk, text);
}

Type *
type_true (Type *self)
{
    while (self->kind == TYPE_ALIAS)
        self = self->alias->type;
    return self;
}

gboolean
type_is_container (Type *self)
{
    TypeKind kind = type_true (self)->kind;

    return kind == TYPE_LIST || kind == TYPE_SET || kind == TYPE_MAP;
}

gboolean
type_is_number (Type *self)
{
    TypeKind kind = type_true (self)->kind;

    return (kind >= TYPE_BOOL && kind <= TYPE_DOUBLE) || kind == TYPE_ENUM;
}

void
set_error_at (GError **error, const Idl *idl, int line, const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start (arguments, format);
    text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error (error, CODEGEN_ERROR, 0, "%s:%d: %s", idl->path, line, text);
}
