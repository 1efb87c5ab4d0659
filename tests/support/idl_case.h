/* For tests of the generator: an IDL from a text, without a file. */
#pragma once

#include "codegen/idl.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Idl, idl_free)

/* Returns: (transfer full): the parsed and resolved IDL "t", which is said to be in t.thrift;
 * %NULL with @error. */
static inline Idl *
idl_case (const char *text, GError **error)
{
    g_autoptr (Idl) idl = idl_new ("t", "t.thrift");

    if (!idl_parse (idl, text, error) || !idl_resolve (idl, error))
        return NULL;
    return g_steal_pointer (&idl);
}

/* As idl_case(), of a text without errors. */
static inline Idl *
idl_case_good (const char *text)
{
    GError *error = NULL;
    Idl *idl = idl_case (text, &error);

    g_assert_no_error (error);
    return idl;
}

/* The part at @at of one of the IDL's arrays. */
#define IDL_PART(T, array, at) ((T *)g_ptr_array_index ((array), (at)))
