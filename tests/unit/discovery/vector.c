/* Weights of a serverset as zk2! counts them. */
#include "discovery/vector.h"

#include "base/error.h"

#include <string.h>

static const DunlinMember member = { .service = { NULL, (char *)"127.0.0.1", 9401 },
                                     .has_shard = TRUE,
                                     .shard = 0 };

static double
weight_by (const char *json)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinVector) vector = dunlin_vector_decode (json, strlen (json), &error);

    g_assert_no_error (error);
    return dunlin_vector_weight (vector, "member_0000000000", &member, &member.service);
}

static void
matching_entries_multiply (void)
{
    g_assert_cmpfloat (
        weight_by (
            "{\"vector\":[{\"select\":\"inet=127.0.0.1:9401\",\"weight\":0.5,\"priority\":1},"
            "{\"select\":\"shard=0\",\"weight\":2.0},"
            "{\"select\":\"member=member_0000000000\",\"weight\":0.25}]}"),
        ==, 0.25);
}

static void
entries_for_others_do_not_count (void)
{
    g_assert_cmpfloat (
        weight_by ("{\"vector\":[{\"select\":\"inet=127.0.0.1:9402\",\"weight\":0.5},"
                   "{\"select\":\"shard=1\",\"weight\":0.5},"
                   "{\"select\":\"member=member_1\",\"weight\":0.5}]}"),
        ==, 1.0);
}

/* Measured with Finagle: 3 is ignored, 3.0 counts. */
static void
weight_must_be_a_float (void)
{
    g_assert_cmpfloat (weight_by ("{\"vector\":[{\"select\":\"shard=0\",\"weight\":3}]}"), ==, 1.0);
    g_assert_cmpfloat (weight_by ("{\"vector\":[{\"select\":\"shard=0\",\"weight\":3.0}]}"), ==,
                       3.0);
    g_assert_cmpfloat (weight_by ("{\"vector\":[{\"select\":\"shard=0\",\"weight\":\"3.0\"}]}"), ==,
                       1.0);
}

static void
nonsense_is_passed_over (void)
{
    const char *nonsense[] = { "{}",
                               "{\"vector\":{}}",
                               "{\"vector\":[1,null,\"x\",[]]}",
                               "{\"vector\":[{\"weight\":0.5}]}",
                               "{\"vector\":[{\"select\":1,\"weight\":0.5}]}",
                               "{\"vector\":[{\"select\":\"all\",\"weight\":0.5}]}",
                               "{\"vector\":[{\"select\":\"inet=127.0.0.1\",\"weight\":0.5}]}",
                               "{\"vector\":[{\"select\":\"inet=\",\"weight\":0.5}]}",
                               "{\"vector\":[{\"select\":\"shard=x\",\"weight\":0.5}]}",
                               "{\"vector\":[{\"select\":\"shard=0\",\"weight\":-1.0}]}" };

    for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
        g_assert_cmpfloat (weight_by (nonsense[i]), ==, 1.0);
}

static void
what_is_no_json_fails (void)
{
    g_autoptr (GError) error = NULL;

    g_assert_null (dunlin_vector_decode ("[", 1, &error));
    g_assert_error (error, DUNLIN_ERROR, DUNLIN_ERROR_MALFORMED);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/discovery/vector/matching-entries-multiply", matching_entries_multiply);
    g_test_add_func ("/discovery/vector/entries-for-others-do-not-count",
                     entries_for_others_do_not_count);
    g_test_add_func ("/discovery/vector/weight-must-be-a-float", weight_must_be_a_float);
    g_test_add_func ("/discovery/vector/nonsense-is-passed-over", nonsense_is_passed_over);
    g_test_add_func ("/discovery/vector/what-is-no-json-fails", what_is_no_json_fails);
    return g_test_run ();
}
