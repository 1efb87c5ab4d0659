/* Hostile IDLs: whatever the text, the generator's parser and checks come to an end, with an error
 * that names a line or with an IDL whose every part can be walked. */
#include "codegen/check.h"
#include "codegen/emit.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* What accepts an IDL must also be able to emit its code. */
static void
emit_all (Idl *idl)
{
    void (*const parts[]) (GString *, Idl *) = { emit_schema_header, emit_stub, emit_stub_header,
                                                 emit_autoptr, emit_bridge };
    g_autoptr (GString) out = g_string_new (NULL);

    for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
        parts[i](out, idl);
    emit_schema (out, idl, "{}");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
    Idl *idl = idl_new ("fuzz", "fuzz.thrift");
    g_autofree char *text = size == 0 ? g_strdup ("") : g_strndup ((const char *)data, size);
    g_autoptr (GError) error = NULL;

    if (idl_parse (idl, text, &error) && idl_resolve (idl, &error) && check_idl (idl, &error))
        emit_all (idl);
    else
        g_assert_true (g_str_has_prefix (error->message, "fuzz.thrift:"));
    idl_free (idl);
    return 0;
}
