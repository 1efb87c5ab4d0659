/* The error table: every code has a complete line, and the lines agree with each other. */
#include "base/error.h"

#include <gio/gio.h>

static const DunlinErrorRow *
row_of (int code)
{
    g_autoptr (GError) error = g_error_new (DUNLIN_ERROR, code, "secret internals");

    return dunlin_error_row (error);
}

static void
test_every_code_has_a_complete_row (void)
{
    for (int code = 0; code < DUNLIN_N_ERRORS; code++) {
        const DunlinErrorRow *row = row_of (code);

        g_assert_nonnull (row->name);
        g_assert_nonnull (row->public_message);
        g_assert_cmpint (row->http_status, >=, 400);
        g_assert_cmpint (row->http_status, <, 600);
        g_assert_cmpint (row->thrift_type, >, DUNLIN_TAPP_UNKNOWN);
        g_assert_cmpint (row->thrift_type, <=, DUNLIN_TAPP_PROTOCOL_ERROR);
    }
}

static void
test_names_are_distinct (void)
{
    g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

    for (int code = 0; code < DUNLIN_N_ERRORS; code++)
        g_assert_true (g_hash_table_add (names, (gpointer)row_of (code)->name));
}

/* Finagle requeues what was rejected and is retryable, so only calls that never ran may be. */
static void
test_only_nacks_may_be_sent_again (void)
{
    for (int code = 0; code < DUNLIN_N_ERRORS; code++) {
        const DunlinErrorRow *row = row_of (code);

        if (row->nack || row->mux_flags != 0)
            g_assert_true (row->mux_flags & DUNLIN_MUX_FAILURE_REJECTED);
        if (!row->nack)
            g_assert_false (row->mux_flags & DUNLIN_MUX_FAILURE_RETRYABLE);
    }
}

/* A call may have begun by then, so the row is no nack; one that had not is refused for good. */
static void
test_passed_deadline_is_final (void)
{
    const DunlinErrorRow *row = row_of (DUNLIN_ERROR_DEADLINE);

    g_assert_false (row->nack);
    g_assert_cmpuint (row->mux_flags, ==,
                      DUNLIN_MUX_FAILURE_REJECTED | DUNLIN_MUX_FAILURE_NON_RETRYABLE);
}

static void
test_overload_may_be_sent_again (void)
{
    const DunlinErrorRow *row = row_of (DUNLIN_ERROR_OVERLOADED);

    g_assert_true (row->nack);
    g_assert_cmpuint (row->mux_flags, ==,
                      DUNLIN_MUX_FAILURE_RETRYABLE | DUNLIN_MUX_FAILURE_REJECTED);
    g_assert_cmpint (row->http_status, ==, 503);
}

static void
test_denied_may_not_be_sent_again (void)
{
    g_assert_cmpuint (row_of (DUNLIN_ERROR_DENIED)->mux_flags, ==,
                      DUNLIN_MUX_FAILURE_REJECTED | DUNLIN_MUX_FAILURE_NON_RETRYABLE);
}

static void
test_foreign_errors_are_internal (void)
{
    g_autoptr (GError) foreign = g_error_new (G_IO_ERROR, DUNLIN_ERROR_OVERLOADED, "x");
    const DunlinErrorRow *internal = row_of (DUNLIN_ERROR_INTERNAL);

    g_assert_true (dunlin_error_row (foreign) == internal);
    g_assert_true (dunlin_error_row (NULL) == internal);
    g_assert_true (row_of (DUNLIN_N_ERRORS) == internal);
    g_assert_true (row_of (-1) == internal);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/base/error/every-code-has-a-complete-row",
                     test_every_code_has_a_complete_row);
    g_test_add_func ("/base/error/names-are-distinct", test_names_are_distinct);
    g_test_add_func ("/base/error/only-nacks-may-be-sent-again", test_only_nacks_may_be_sent_again);
    g_test_add_func ("/base/error/passed-deadline-is-final", test_passed_deadline_is_final);
    g_test_add_func ("/base/error/overload-may-be-sent-again", test_overload_may_be_sent_again);
    g_test_add_func ("/base/error/denied-may-not-be-sent-again", test_denied_may_not_be_sent_again);
    g_test_add_func ("/base/error/foreign-errors-are-internal", test_foreign_errors_are_internal);
    return g_test_run ();
}
