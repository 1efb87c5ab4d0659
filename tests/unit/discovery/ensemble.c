/* The setting that names an ensemble's hosts. */
#include "discovery/ensemble.h"

#include "base/error.h"

#include <string.h>

typedef struct {
    const char *name;
    const char *text;
    const char *hosts; /* as dunlin_ensemble_to_string(); NULL: refused */
    const char *chroot;
} Row;

static const Row rows[] = {
    { "one-host", "zk1", "zk1:2181", "" },
    { "hosts-and-ports", "zk1:2182,10.0.0.1:2183,zk-3.example.org",
      "zk1:2182,10.0.0.1:2183,"
      "zk-3.example.org:2181",
      "" },
    { "chroot", "h1:2181,h2:2181/a/b", "h1:2181,h2:2181", "/a/b" },
    { "final-slash", "h1:2181/", "h1:2181", "" },
    { "chroot-with-final-slash", "h1/a/", "h1:2181", "/a" },
    { "spaces-around-commas", " h1 , h2:1 ", "h1:2181,h2:1", "" },
    { "ipv6-in-brackets", "[::1]:2182,[2001:db8::1]", "[::1]:2182,[2001:db8::1]:2181", "" },
    { "empty", "", NULL, NULL },
    { "empty-host", "h1,,h2", NULL, NULL },
    { "port-only", ":2181", NULL, NULL },
    { "port-zero", "h:0", NULL, NULL },
    { "port-too-large", "h:65536", NULL, NULL },
    { "port-no-number", "h:zk", NULL, NULL },
    { "port-missing", "h:", NULL, NULL },
    { "open-bracket", "[::1:2181", NULL, NULL },
    { "bad-character", "h 1:2181", NULL, NULL },
    { "name-syntax-of-finagle", "zk!h1:2181!/path", NULL, NULL },
    { "chroot-with-empty-part", "h1//a", NULL, NULL },
};

static void
parsed_or_refused (gconstpointer data)
{
    const Row *row = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinEnsemble) ensemble = dunlin_ensemble_parse (row->text, &error);
    g_autofree char *hosts = NULL;

    if (row->hosts == NULL) {
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
        return;
    }
    g_assert_no_error (error);
    hosts = dunlin_ensemble_to_string (ensemble);
    g_assert_cmpstr (hosts, ==, row->hosts);
    g_assert_cmpstr (ensemble->chroot, ==, row->chroot);
}

static void
too_many_hosts_are_refused (void)
{
    g_autoptr (GString) text = g_string_new ("h");
    g_autoptr (GError) error = NULL;

    for (int i = 0; i < 64; i++)
        g_string_append (text, ",h");
    g_assert_null (dunlin_ensemble_parse (text->str, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
}

static void
hosts_without_address_are_passed_over (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinEnsemble) ensemble =
        dunlin_ensemble_parse ("zookeeper.invalid:1,127.0.0.1:2,[::1]:3/a", NULL);
    g_autoptr (GArray) resolved = dunlin_ensemble_resolve (ensemble, &error);
    g_autofree char *addresses =
        resolved != NULL ? dunlin_ensemble_addresses_to_string (resolved) : NULL;

    g_assert_no_error (error);
    g_assert_cmpstr (addresses, ==, "127.0.0.1:2,::1:3");
}

static void
no_address_at_all_is_an_error (void)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinEnsemble) ensemble = dunlin_ensemble_parse ("zookeeper.invalid", NULL);

    g_assert_null (dunlin_ensemble_resolve (ensemble, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_UNAVAILABLE);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = g_strconcat ("/discovery/ensemble/", rows[i].name, NULL);

        g_test_add_data_func (path, &rows[i], parsed_or_refused);
    }
    g_test_add_func ("/discovery/ensemble/too-many-hosts-are-refused", too_many_hosts_are_refused);
    g_test_add_func ("/discovery/ensemble/hosts-without-address-are-passed-over",
                     hosts_without_address_are_passed_over);
    g_test_add_func ("/discovery/ensemble/no-address-at-all-is-an-error",
                     no_address_at_all_is_an_error);
    return g_test_run ();
}
