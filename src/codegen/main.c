/* dunlin_gen: makes all generated code of one IDL: c_glib's, its JSON metadata, and ours. */
#include "codegen/check.h"
#include "codegen/emit.h"
#include "codegen/names.h"
#include "codegen/thrift.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

static gboolean
write_file (const char *dir, const char *name, const char *text, GError **error)
{
    g_autofree char *path = g_build_filename (dir, name, NULL);
    g_autofree char *old = NULL;

    /* A file that would not change is left alone, so that nothing is compiled for it. */
    if (g_file_get_contents (path, &old, NULL, NULL) && strcmp (old, text) == 0)
        return TRUE;
    return g_file_set_contents (path, text, -1, error);
}

static gboolean
write_part (const char *dir, Idl *idl, const char *suffix, void (*emit) (GString *, Idl *),
            GError **error)
{
    g_autofree char *name = g_strconcat (idl->name, suffix, NULL);
    g_autoptr (GString) text = g_string_new (NULL);

    emit (text, idl);
    return write_file (dir, name, text->str, error);
}

static gboolean
write_schema (const char *dir, Idl *idl, const char *json, GError **error)
{
    g_autofree char *name = g_strconcat (idl->name, "_schema.c", NULL);
    g_autofree char *json_name = g_strconcat (idl->name, ".json", NULL);
    g_autoptr (GString) text = g_string_new (NULL);

    emit_schema (text, idl, json);
    return write_file (dir, json_name, json, error) && write_file (dir, name, text->str, error);
}

static gboolean
write_parent_bridges (const char *dir, Idl *idl, GError **error)
{
    EACH (Service, service, idl->services)
    {
        g_autofree char *name = NULL;
        g_autoptr (GString) text = g_string_new (NULL);

        if (!needs_parent_bridge (service))
            continue;
        name = g_strconcat (service_file (idl, service->parent->name), ".h", NULL);
        emit_parent_bridge (text, idl, service);
        if (!write_file (dir, name, text->str, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
write_ours (const char *dir, Idl *idl, const char *json, GError **error)
{
    return write_schema (dir, idl, json, error) &&
           write_part (dir, idl, "_schema.h", emit_schema_header, error) &&
           write_part (dir, idl, "_stub.c", emit_stub, error) &&
           write_part (dir, idl, "_stub.h", emit_stub_header, error) &&
           write_part (dir, idl, "_autoptr.h", emit_autoptr, error) &&
           write_part (dir, idl, "_bridge.h", emit_bridge, error) &&
           write_parent_bridges (dir, idl, error);
}

/* Copies c_glib's files and takes them away from @from. */
static gboolean
move_files (const char *from, const char *to, GError **error)
{
    g_autoptr (GDir) dir = g_dir_open (from, 0, error);
    const char *name;

    if (dir == NULL)
        return FALSE;
    while ((name = g_dir_read_name (dir)) != NULL) {
        g_autofree char *path = g_build_filename (from, name, NULL);
        g_autofree char *text = NULL;

        if (!g_file_get_contents (path, &text, NULL, error))
            return FALSE;
        g_remove (path);
        if (!g_str_has_suffix (name, ".json") && !write_file (to, name, text, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
read_json (const char *dir, Idl *idl, char **json, GError **error)
{
    g_autofree char *name = g_strconcat (idl->name, ".json", NULL);
    g_autofree char *path = g_build_filename (dir, name, NULL);

    return g_file_get_contents (path, json, NULL, error);
}

static gboolean
generate_in (const char *scratch, const char *out, const char *path, GPtrArray *search,
             GError **error)
{
    g_autoptr (GHashTable) loaded = idl_table_new ();
    g_autofree char *json = NULL;
    Idl *idl;

    if (!thrift_run ("json", path, search, scratch, error))
        return FALSE;
    idl = idl_load (loaded, path, search, error);
    return idl != NULL && check_idl (idl, error) && read_json (scratch, idl, &json, error) &&
           thrift_run ("c_glib", path, search, scratch, error) &&
           move_files (scratch, out, error) && write_ours (out, idl, json, error);
}

static gboolean
generate (const char *out, const char *path, GPtrArray *search, GError **error)
{
    g_autofree char *scratch = g_dir_make_tmp ("dunlin-gen-XXXXXX", error);
    g_autoptr (GError) ignored = NULL;
    gboolean done;

    if (scratch == NULL)
        return FALSE;
    done = generate_in (scratch, out, path, search, error);
    if (!done)
        move_files (scratch, "/dev/null", &ignored); /* empties it */
    g_rmdir (scratch);
    return done;
}

static void
add_search (GPtrArray *search, char **dirs)
{
    for (guint i = 0; dirs != NULL && dirs[i] != NULL; i++)
        g_ptr_array_add (search, dirs[i]);
}

int
main (int argc, char *argv[])
{
    g_autofree char *out = NULL;
    g_auto (GStrv) dirs = NULL;
    g_autoptr (GPtrArray) search = g_ptr_array_new ();
    g_autoptr (GError) error = NULL;
    GOptionEntry entries[] = {
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Directory for the code", "DIR" },
        { "include", 'I', 0, G_OPTION_ARG_FILENAME_ARRAY, &dirs, "Where included IDLs are", "DIR" },
        G_OPTION_ENTRY_NULL
    };
    g_autoptr (GOptionContext) context = g_option_context_new ("FILE.thrift");

    g_option_context_add_main_entries (context, entries, NULL);
    g_option_context_set_summary (context, "Makes the C code of a Thrift IDL for Dunlin.");
    if (!g_option_context_parse (context, &argc, &argv, &error)) {
        g_printerr ("dunlin_gen: %s\n", error->message);
        return 2;
    }
    if (argc != 2 || out == NULL) {
        g_printerr ("usage: dunlin_gen [-I DIR]... -o DIR FILE.thrift\n");
        return 2;
    }
    add_search (search, dirs);
    if (g_mkdir_with_parents (out, 0755) == 0 && generate (out, argv[1], search, &error))
        return 0;
    g_printerr ("%s\n",
                error == NULL ? "dunlin_gen: cannot make the output directory" : error->message);
    return 1;
}
