/* When slow calls are sent a second time. */
#include "client/backup.h"

#include "base/clock.h"
#include "base/random.h"

#define MS     G_TIME_SPAN_MILLISECOND
#define SECOND G_TIME_SPAN_SECOND

typedef struct {
    DunlinBackup *backup;
    DunlinRandom random;
    gint64 now;
} Fixture;

static void
begin_with (Fixture *self, const DunlinBackupOptions *options)
{
    dunlin_backup_free (self->backup);
    self->now = 100 * SECOND;
    self->backup = dunlin_backup_new (options, NULL, self->now);
    dunlin_random_init_with_seed (&self->random, 1);
}

static void
set_up (Fixture *self, gconstpointer data)
{
    begin_with (self, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
    dunlin_backup_free (self->backup);
}

/* @n calls, 100 a second. Returns: what the last was told. */
static gint64
call (Fixture *self, guint n, gint64 took)
{
    gint64 after = 0;

    for (guint i = 0; i < n; i++) {
        self->now += SECOND / 100;
        after = dunlin_backup_begin (self->backup, self->now);
        dunlin_backup_record (self->backup, took, self->now);
    }
    return after;
}

static void
assert_about (gint64 value, gint64 expected)
{
    g_assert_cmpfloat_with_epsilon ((double)value, (double)expected, (double)expected * 0.03);
}

static void
nothing_known_is_nothing_sent (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (call (self, 99, 5 * MS), ==, DUNLIN_NEVER);
    self->now += 3 * SECOND;
    g_assert_cmpint (call (self, 1, 5 * MS), ==,
                     DUNLIN_NEVER); /* 99 do not have a 99th percentile */
}

static void
percentile_is_when (Fixture *self, gconstpointer data)
{
    for (guint i = 0; i < 1000; i++)
        call (self, 1, (1 + i % 100) * MS);
    assert_about (call (self, 1, MS), 99 * MS);
}

static void
percentile_follows (Fixture *self, gconstpointer data)
{
    call (self, 1000, 5 * MS);
    call (self, 4000, 40 * MS);
    assert_about (call (self, 1, 40 * MS), 40 * MS);
    call (self, 4000, 5 * MS);
    assert_about (call (self, 1, 5 * MS), 5 * MS);
}

static void
fast_methods_wait_a_millisecond (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (call (self, 1000, 30), ==, MS);
}

static void
slow_methods_have_none (Fixture *self, gconstpointer data)
{
    g_assert_cmpint (call (self, 1000, 3 * SECOND), ==, DUNLIN_NEVER);
}

/* All are slow at once: not twice the load, but one in a hundred more. */
static void
load_is_bounded (Fixture *self, gconstpointer data)
{
    guint sent = 0;

    for (guint i = 0; i < 10000; i++) {
        call (self, 1, 5 * MS);
        sent += dunlin_backup_may_send (self->backup, NULL, self->now) ? 1 : 0;
    }
    g_assert_cmpuint (sent, >=, 90);
    g_assert_cmpuint (sent, <=, 110);
    g_assert_cmpuint (dunlin_backup_get_count (self->backup, DUNLIN_BACKUPS_SENT), ==, sent);
    g_assert_cmpuint (dunlin_backup_get_count (self->backup, DUNLIN_BACKUPS_BUDGET_EXHAUSTED), ==,
                      10000 - sent);
}

static void
clients_budget_counts_too (Fixture *self, gconstpointer data)
{
    DunlinBudgetOptions one_in_ten_seconds = { 10 * SECOND, 0.1, 0 };
    DunlinBudget budget;

    dunlin_budget_init (&budget, &one_in_ten_seconds, self->now);
    call (self, 1000, 5 * MS);
    g_assert_true (dunlin_backup_may_send (self->backup, &budget, self->now));
    g_assert_false (dunlin_backup_may_send (self->backup, &budget, self->now));
    /* The method's own budget has lost nothing by that. */
    g_assert_true (dunlin_backup_may_send (self->backup, NULL, self->now));
}

static void
no_extra_load_is_off (Fixture *self, gconstpointer data)
{
    DunlinBackupOptions options = DUNLIN_BACKUP_DEFAULTS;

    options.extra_load = 0;
    begin_with (self, &options);
    g_assert_cmpint (call (self, 1000, 5 * MS), ==, DUNLIN_NEVER);
    g_assert_false (dunlin_backup_may_send (self->backup, NULL, self->now));
}

static gint64
latency (Fixture *self)
{
    return dunlin_random_below (&self->random, 100) < 2 ? 200 * MS : 5 * MS;
}

/* Every fiftieth try takes 40 times as long: sent a second time, hardly any call does. */
static void
tail_is_cut (Fixture *self, gconstpointer data)
{
    DunlinBackupOptions options = DUNLIN_BACKUP_DEFAULTS;
    guint slow = 0, sent = 0;

    options.extra_load = 0.03;
    begin_with (self, &options);
    for (guint i = 0; i < 20000; i++) {
        gint64 took = latency (self), after = 0;

        self->now += SECOND / 100;
        after = dunlin_backup_begin (self->backup, self->now);
        dunlin_backup_record (self->backup, took, self->now);
        if (took > after && dunlin_backup_may_send (self->backup, NULL, self->now)) {
            gint64 second = latency (self);

            dunlin_backup_record (self->backup, second, self->now);
            sent++;
            if (after + second < took)
                dunlin_backup_won (self->backup);
            took = MIN (took, after + second);
        }
        slow += took > 50 * MS;
    }
    g_test_message ("of 20000 calls %u sent twice, %u still slow", sent, slow);
    g_assert_cmpuint (sent, <, 600);
    g_assert_cmpuint (slow, <, 60); /* 400 without */
    g_assert_cmpuint (dunlin_backup_get_count (self->backup, DUNLIN_BACKUPS_WON), >, 300);
}

static void
metrics_have_finagles_names (Fixture *self, gconstpointer data)
{
    DunlinBackupMetrics metrics;
    gint64 value = 0;

    dunlin_backup_metrics_init (&metrics, "clnt/t");
    dunlin_backup_free (self->backup);
    self->backup = dunlin_backup_new (NULL, &metrics, self->now);
    call (self, 1000, 5 * MS);
    dunlin_backup_may_send (self->backup, NULL, self->now);
    dunlin_backup_won (self->backup);
    g_assert_true (dunlin_stats_find ("clnt/t/backups/backups_sent", &value));
    g_assert_cmpint (value, ==, 1);
    g_assert_true (dunlin_stats_find ("clnt/t/backups/backups_won", &value));
    g_assert_cmpint (value, ==, 1);
    g_assert_true (dunlin_stats_find ("clnt/t/backups/budget_exhausted", &value));
    g_assert_true (dunlin_stats_find ("clnt/t/backups/send_backup_after_ms", &value));
    g_assert_cmpint (value, >=, 2);
}

static JsonNode *
describe (Fixture *self)
{
    g_autoptr (JsonBuilder) json = json_builder_new ();

    json_builder_begin_object (json);
    dunlin_backup_describe (self->backup, self->now, json);
    json_builder_end_object (json);
    return json_builder_get_root (json);
}

static void
description_says_when (Fixture *self, gconstpointer data)
{
    g_autoptr (JsonNode) before = describe (self);
    g_autoptr (JsonNode) after = NULL;

    g_assert_true (
        json_object_get_null_member (json_node_get_object (before), "send_backup_after_ms"));
    call (self, 1000, 5 * MS);
    after = describe (self);
    g_assert_cmpfloat_with_epsilon (
        json_object_get_double_member (json_node_get_object (after), "send_backup_after_ms"), 5,
        0.2);
}

int
main (int argc, char *argv[])
{
    static const struct {
        const char *claim;
        void (*func) (Fixture *, gconstpointer);
    } tests[] = {
        { "nothing-known-is-nothing-sent", nothing_known_is_nothing_sent },
        { "percentile-is-when", percentile_is_when },
        { "percentile-follows", percentile_follows },
        { "fast-methods-wait-a-millisecond", fast_methods_wait_a_millisecond },
        { "slow-methods-have-none", slow_methods_have_none },
        { "load-is-bounded", load_is_bounded },
        { "clients-budget-counts-too", clients_budget_counts_too },
        { "no-extra-load-is-off", no_extra_load_is_off },
        { "tail-is-cut", tail_is_cut },
        { "metrics-have-finagles-names", metrics_have_finagles_names },
        { "description-says-when", description_says_when },
    };

    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
        g_autofree char *path = g_strconcat ("/client/backup/", tests[i].claim, NULL);

        g_test_add (path, Fixture, NULL, set_up, tests[i].func, tear_down);
    }
    return g_test_run ();
}
