/* Runs the Thrift compiler. */
#include "codegen/thrift.h"

#include "codegen/idl.h"

#include <string.h>

/* When it fails, all that it said is the error. Its warnings are left out: most are of the kind "no
 * generator named scala". */
static gboolean
check (int status, const char *said, GError **error)
{
    if (g_spawn_check_wait_status (status, NULL))
        return TRUE;
    g_set_error (error, CODEGEN_ERROR, 0, "the Thrift compiler refuses the IDL:\n%s", said);
    return FALSE;
}

gboolean
thrift_run (const char *generator, const char *idl, GPtrArray *search, const char *out,
            GError **error)
{
    g_autoptr (GPtrArray) argv = g_ptr_array_new ();
    g_autofree char *said = NULL;
    g_autofree char *complained = NULL;
    g_autofree char *both = NULL;
    int status;

    g_ptr_array_add (argv, (gpointer) "thrift");
    g_ptr_array_add (argv, (gpointer) "-nowarn");
    for (guint i = 0; i < search->len; i++) {
        g_ptr_array_add (argv, (gpointer) "-I");
        g_ptr_array_add (argv, g_ptr_array_index (search, i));
    }
    g_ptr_array_add (argv, (gpointer) "--gen");
    g_ptr_array_add (argv, (gpointer)generator);
    g_ptr_array_add (argv, (gpointer) "-out");
    g_ptr_array_add (argv, (gpointer)out);
    g_ptr_array_add (argv, (gpointer)idl);
    g_ptr_array_add (argv, NULL);
    if (!g_spawn_sync (NULL, (char **)argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said,
                       &complained, &status, error)) {
        g_prefix_error (error, "running the Thrift compiler (is thrift-compiler installed?): ");
        return FALSE;
    }
    both = g_strconcat (said, complained, NULL);
    return check (status, g_strstrip (both), error);
}
