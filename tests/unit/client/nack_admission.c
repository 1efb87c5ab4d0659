/* Services that refuse most of what they get are given a part of it only. */
#include "client/nack_admission.h"

#define SECOND G_TIME_SPAN_SECOND

typedef struct {
    DunlinNackAdmission admission;
    DunlinRandom random;
    gint64 now;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
    self->now = 100 * SECOND;
    dunlin_random_init_with_seed (&self->random, 1);
    dunlin_nack_admission_init (&self->admission, NULL, NULL, self->now);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
}

/* @n calls, @rate a second, of which @refused in a hundred that are sent draw a nack. Returns: the
 * part that was not sent. */
static double
call (Fixture *self, guint n, guint rate, guint refused)
{
    guint dropped = 0;

    for (guint i = 0; i < n; i++) {
        self->now += SECOND / rate;
        if (dunlin_nack_admission_admit (&self->admission, &self->random, self->now))
            dunlin_nack_admission_record (
                &self->admission, dunlin_random_below (&self->random, 100) < refused, self->now);
        else
            dropped++;
    }
    return (double)dropped / n;
}

static void
well_service_gets_all (Fixture *self, gconstpointer data)
{
    g_assert_cmpfloat (call (self, 100000, 100, 0), ==, 0);
    g_assert_cmpfloat (call (self, 100000, 100, 40), ==, 0);
}

static void
refusing_service_gets_a_quarter (Fixture *self, gconstpointer data)
{
    call (self, 100000, 100, 100);
    g_assert_cmpfloat_with_epsilon (call (self, 100000, 100, 100), 0.75, 0.01);
}

/* Two thirds refused: the third that is accepted is two thirds of the threshold. */
static void
half_refusing_service_gets_some (Fixture *self, gconstpointer data)
{
    call (self, 100000, 100, 67);
    g_assert_cmpfloat_with_epsilon (call (self, 100000, 100, 67), 0.34, 0.05);
}

static void
moment_of_refusal_drops_nothing (Fixture *self, gconstpointer data)
{
    call (self, 1000, 100, 0);
    g_assert_cmpfloat (call (self, 2000, 100, 100), ==, 0); /* twenty seconds of two minutes */
    g_assert_cmpfloat (call (self, 1000, 100, 0), ==, 0);
}

static void
recovered_service_gets_all_again (Fixture *self, gconstpointer data)
{
    call (self, 100000, 100, 100);
    call (self, 50000, 100, 0);
    g_assert_cmpfloat (call (self, 1000, 100, 0), ==, 0);
}

static void
few_calls_are_never_dropped (Fixture *self, gconstpointer data)
{
    g_assert_cmpfloat (call (self, 10000, 3, 100), ==, 0);
    call (self, 100000, 100, 100);
    self->now += 2 * SECOND;
    g_assert_cmpfloat (call (self, 100, 3, 100), ==, 0);
}

static void
metrics_and_description_tell (Fixture *self, gconstpointer data)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    DunlinTallyMetrics metrics;
    gint64 value = 0;

    dunlin_nack_admission_metrics_init (&metrics, "clnt/t");
    dunlin_nack_admission_init (&self->admission, NULL, &metrics, self->now);
    call (self, 100000, 100, 100);
    g_assert_true (dunlin_stats_find ("clnt/t/nack_admission_control/dropped_requests", &value));
    g_assert_cmpint (
        value, ==,
        (gint64)dunlin_nack_admission_get_count (&self->admission, DUNLIN_NACK_ADMISSION_DROPPED));
    g_assert_cmpint (value, >, 50000);
    json_builder_begin_object (json);
    dunlin_nack_admission_describe (&self->admission, self->now, json);
    json_builder_end_object (json);
    root = json_builder_get_root (json);
    g_assert_cmpfloat_with_epsilon (
        json_object_get_double_member (json_node_get_object (root), "dropped_part"), 0.75, 0.001);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *claim;
        void (*func) (Fixture *, gconstpointer);
    } tests[] = {
        { "well-service-gets-all", well_service_gets_all },
        { "refusing-service-gets-a-quarter", refusing_service_gets_a_quarter },
        { "half-refusing-service-gets-some", half_refusing_service_gets_some },
        { "moment-of-refusal-drops-nothing", moment_of_refusal_drops_nothing },
        { "recovered-service-gets-all-again", recovered_service_gets_all_again },
        { "few-calls-are-never-dropped", few_calls_are_never_dropped },
        { "metrics-and-description-tell", metrics_and_description_tell },
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/client/nack-admission/", tests[i].claim, NULL);

        g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
    return g_test_run ();
}
