#include "codegen/check.h"
gboolean
check_idl (Idl *idl, GError **error)
{
    return TRUE;
}
