/* Files: includes beside the IDL and in the search path, once each, and what cannot be found. */
#include "support/idl_case.h"

#include <glib/gstdio.h>
#include <string.h>

/* A folder of IDLs. */
typedef struct {
    char *dir;
    GPtrArray *search; /* owned: with the folder "lib" in it */
    GHashTable *loaded;
} Fixture;

static char *
write_idl (Fixture *self, const char *name, const char *text)
{
    char *path = g_build_filename (self->dir, name, NULL);

    g_assert_true (g_file_set_contents (path, text, -1, NULL));
    return path;
}

static void
set_up (Fixture *self, gconstpointer data)
{
    self->dir = g_dir_make_tmp ("dunlin-load-XXXXXX", NULL);
    self->search = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (self->search, g_build_filename (self->dir, "lib", NULL));
    g_assert_cmpint (g_mkdir ((const char *)g_ptr_array_index (self->search, 0), 0700), ==, 0);
    self->loaded = idl_table_new ();
}

static void
remove_files (const char *dir)
{
    g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name (files)) != NULL) {
        g_autofree char *path = g_build_filename (dir, name, NULL);

        if (g_file_test (path, G_FILE_TEST_IS_DIR))
            remove_files (path);
        else
            g_remove (path);
    }
    g_rmdir (dir);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    remove_files (self->dir);
    g_free (self->dir);
    g_ptr_array_unref (self->search);
    g_hash_table_unref (self->loaded);
}

static void
test_includes (Fixture *self, gconstpointer data)
{
    g_autofree char *base = write_idl (self, "lib/base.thrift", "struct B {}\nservice Base {}");
    g_autofree char *near =
        write_idl (self, "near.thrift", "include 'base.thrift'\nstruct N { 1: base.B b }");
    g_autofree char *top = write_idl (self, "top.thrift",
                                      "include 'near.thrift'\ninclude 'base.thrift'\n"
                                      "struct T { 1: near.N n, 2: list<base.B> b }\n"
                                      "service Top extends base.Base {}");
    GError *error = NULL;
    Idl *idl = idl_load (self->loaded, top, self->search, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (idl->name, ==, "top");
    g_assert_cmpuint (idl->includes->len, ==, 2);
    g_assert_cmpuint (g_hash_table_size (self->loaded), ==, 3);
    g_assert_true (IDL_PART (Idl, IDL_PART (Idl, idl->includes, 0)->includes, 0) ==
                   IDL_PART (Idl, idl->includes, 1));
    g_assert_cmpstr (IDL_PART (Service, idl->services, 0)->parent->home->name, ==, "base");
}

static void
test_sha256 (Fixture *self, gconstpointer data)
{
    g_autofree char *path = write_idl (self, "empty.thrift", "");
    const Idl *idl = idl_load (self->loaded, path, self->search, NULL);

    g_assert_cmpstr (idl->sha256, ==,
                     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void
test_missing (Fixture *self, gconstpointer data)
{
    g_autofree char *path = write_idl (self, "top.thrift", "\n\ninclude 'nowhere.thrift'");
    g_autoptr (GError) error = NULL;

    g_assert_null (idl_load (self->loaded, path, self->search, &error));
    g_assert_true (
        g_str_has_suffix (error->message, "top.thrift:3: cannot find the included nowhere.thrift"));
}

static void
test_no_file (Fixture *self, gconstpointer data)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (idl_load (self->loaded, "/nonexistent/x.thrift", self->search, &error));
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_error_in_include (Fixture *self, gconstpointer data)
{
    g_autofree char *bad = write_idl (self, "bad.thrift", "\nstruct {");
    g_autofree char *top = write_idl (self, "top.thrift", "include 'bad.thrift'");
    g_autoptr (GError) error = NULL;

    g_assert_null (idl_load (self->loaded, top, self->search, &error));
    g_assert_nonnull (strstr (error->message, "bad.thrift:2: a name expected"));
}

static void
test_circle (Fixture *self, gconstpointer data)
{
    g_autofree char *a = write_idl (self, "a.thrift", "include 'b.thrift'");
    g_autofree char *b = write_idl (self, "b.thrift", "include 'a.thrift'");
    g_autoptr (GError) error = NULL;

    g_assert_null (idl_load (self->loaded, a, self->search, &error));
    g_assert_nonnull (strstr (error->message, "a.thrift includes itself"));
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
    g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    add ("/codegen/load/includes-beside-and-searched", test_includes);
    add ("/codegen/load/sha256-of-the-text", test_sha256);
    add ("/codegen/load/missing-include-names-the-line", test_missing);
    add ("/codegen/load/missing-file", test_no_file);
    add ("/codegen/load/error-in-an-include-names-it", test_error_in_include);
    add ("/codegen/load/includes-in-a-circle-are-refused", test_circle);
    return g_test_run ();
}
