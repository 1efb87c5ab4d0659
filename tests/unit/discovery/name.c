/* Names as Finagle writes them. */
#include "discovery/name.h"

#include "base/error.h"

#include <string.h>

#define REFUSED (-1)

typedef struct {
    const char *name;
    const char *text;
    int kind; /* or REFUSED */
    const char *path;
    const char *endpoint;
    int shard; /* -1: none */
    int limbo_ms;
    guint n_hosts;
} Row;

static const Row rows[] = {
    { "zk2", "zk2!h1:1,h2:2!/services/book", DUNLIN_NAME_SERVERSET, "/services/book", NULL, -1,
      10000, 0 },
    { "zk", "zk!h!/book", DUNLIN_NAME_SERVERSET, "/book", NULL, -1, 4000, 0 },
    { "chroot", "zk2!h:1/eu!/book", DUNLIN_NAME_SERVERSET, "/eu/book", NULL, -1, 10000, 0 },
    { "endpoint", "zk2!h:1!/book!admin", DUNLIN_NAME_SERVERSET, "/book", "admin", -1, 10000, 0 },
    { "endpoint-and-shard", "zk2!h:1!/book!admin#3", DUNLIN_NAME_SERVERSET, "/book", "admin", 3,
      10000, 0 },
    { "shard", "zk2!h:1!/book!#0", DUNLIN_NAME_SERVERSET, "/book", NULL, 0, 10000, 0 },
    { "inet", "inet!h1:80,[::1]:81", DUNLIN_NAME_INET, NULL, NULL, -1, 0, 2 },
    { "without-scheme", "h1:80, h2:81", DUNLIN_NAME_INET, NULL, NULL, -1, 0, 2 },
    { "fixedinet", "fixedinet!h1:80", DUNLIN_NAME_FIXED_INET, NULL, NULL, -1, 0, 1 },
    { "unix", "unix!/run/book.sock", DUNLIN_NAME_UNIX, NULL, NULL, -1, 0, 0 },
    { "nil", "nil!", DUNLIN_NAME_EMPTY, NULL, NULL, -1, 0, 0 },
    { "neg", "neg!", DUNLIN_NAME_EMPTY, NULL, NULL, -1, 0, 0 },
    { "fail", "fail!not today!", DUNLIN_NAME_FAILED, NULL, NULL, -1, 0, 0 },
    { "empty-is-refused", "", REFUSED, NULL, NULL, -1, 0, 0 },
    { "unknown-scheme-is-refused", "consul!h:1!/x", REFUSED, NULL, NULL, -1, 0, 0 },
    { "host-without-port-is-refused", "h1", REFUSED, NULL, NULL, -1, 0, 0 },
    { "no-host-is-refused", "inet!", REFUSED, NULL, NULL, -1, 0, 0 },
    { "empty-host-is-refused", "inet!h1:1,,h2:1", REFUSED, NULL, NULL, -1, 0, 0 },
    { "zk2-without-path-is-refused", "zk2!h:1", REFUSED, NULL, NULL, -1, 0, 0 },
    { "zk2-without-hosts-is-refused", "zk2!!/book", REFUSED, NULL, NULL, -1, 0, 0 },
    { "zk2-with-relative-path-is-refused", "zk2!h:1!book", REFUSED, NULL, NULL, -1, 0, 0 },
    { "zk2-with-empty-endpoint-is-refused", "zk2!h:1!/book!", REFUSED, NULL, NULL, -1, 0, 0 },
    { "zk2-with-too-much-is-refused", "zk2!h:1!/book!a!b", REFUSED, NULL, NULL, -1, 0, 0 },
    { "shard-that-is-no-number-is-refused", "zk2!h:1!/book!#x", REFUSED, NULL, NULL, -1, 0, 0 },
    { "shard-too-large-is-refused", "zk2!h:1!/book!#4294967296", REFUSED, NULL, NULL, -1, 0, 0 },
    { "relative-socket-is-refused", "unix!book.sock", REFUSED, NULL, NULL, -1, 0, 0 },
};

static void
parsed_or_refused (gconstpointer data)
{
    const Row *row = data;
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinName) name = dunlin_name_parse (row->text, &error);

    if (row->kind == REFUSED) {
        g_assert_null (name);
        g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_SETTINGS);
        g_test_message ("%s", error->message);
        g_assert_nonnull (strstr (error->message, row->text));
        return;
    }
    g_assert_no_error (error);
    g_assert_cmpint ((int)name->kind, ==, row->kind);
    g_assert_cmpstr (name->text, ==, row->text);
    g_assert_cmpstr (name->path, ==, row->path);
    g_assert_cmpstr (name->endpoint, ==, row->endpoint);
    g_assert_cmpint (name->has_shard ? name->shard : -1, ==, row->shard);
    g_assert_cmpint (name->limbo_ms, ==, row->limbo_ms);
    g_assert_cmpuint (name->n_hosts, ==, row->n_hosts);
}

static void
reason_of_fail_is_kept_whole (void)
{
    g_autoptr (DunlinName) name = dunlin_name_parse ("fail!not today!", NULL);

    g_assert_cmpstr (name->argument, ==, "not today!");
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *path = g_strconcat ("/discovery/name/", rows[i].name, NULL);

        g_test_add_data_func (path, &rows[i], parsed_or_refused);
    }
    g_test_add_func ("/discovery/name/reason-of-fail-is-kept-whole", reason_of_fail_is_kept_whole);
    return g_test_run ();
}
