/* What the end of a try means. */
#include "client/verdict.h"

#define GOOD    DUNLIN_HEALTH_GOOD
#define BAD     DUNLIN_HEALTH_BAD
#define UNKNOWN DUNLIN_HEALTH_UNKNOWN
#define NEVER   DUNLIN_AGAIN_NEVER
#define MAYBE   DUNLIN_AGAIN_IF_IDEMPOTENT
#define ALWAYS  DUNLIN_AGAIN_ALWAYS

static const struct {
    const char *claim;
    DunlinTryEnd end;
    int code; /* -1: no error; -2: of another domain */
    DunlinHealth health;
    DunlinAgain again;
    gboolean nack;
} cases[] = {
    { "answer-is-good", DUNLIN_TRY_ANSWERED, -1, GOOD, NEVER, FALSE },
    { "refused-connection-goes-elsewhere", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_UNAVAILABLE, BAD,
      ALWAYS, FALSE },
    { "connection-lost-before-sending-goes-elsewhere", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_CLOSED,
      BAD, ALWAYS, FALSE },
    { "untrusted-certificate-goes-elsewhere", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_DENIED, BAD, ALWAYS,
      FALSE },
    { "no-connection-in-time-goes-elsewhere", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_DEADLINE, BAD,
      ALWAYS, FALSE },
    { "full-queue-goes-elsewhere", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_OVERLOADED, BAD, ALWAYS,
      FALSE },
    { "unknown-reason-not-to-send-goes-elsewhere", DUNLIN_TRY_NOT_SENT, -2, BAD, ALWAYS, FALSE },
    { "request-that-is-too-large-goes-nowhere", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_TOO_LARGE,
      UNKNOWN, NEVER, FALSE },
    { "given-up-before-sending-says-nothing", DUNLIN_TRY_NOT_SENT, DUNLIN_ERROR_CANCELLED, UNKNOWN,
      NEVER, FALSE },
    { "nack-goes-elsewhere", DUNLIN_TRY_REFUSED, DUNLIN_ERROR_OVERLOADED, BAD, ALWAYS, TRUE },
    { "final-nack-goes-nowhere", DUNLIN_TRY_REJECTED, DUNLIN_ERROR_OVERLOADED, BAD, NEVER, TRUE },
    { "lost-connection-only-if-idempotent", DUNLIN_TRY_LOST, DUNLIN_ERROR_CLOSED, BAD, MAYBE,
      FALSE },
    { "time-out-only-if-idempotent", DUNLIN_TRY_LOST, DUNLIN_ERROR_DEADLINE, BAD, MAYBE, FALSE },
    { "given-up-says-nothing", DUNLIN_TRY_LOST, DUNLIN_ERROR_CANCELLED, UNKNOWN, NEVER, FALSE },
    { "servers-error-is-bad", DUNLIN_TRY_FAILED, DUNLIN_ERROR_INTERNAL, BAD, NEVER, FALSE },
    { "nonsense-is-bad", DUNLIN_TRY_FAILED, DUNLIN_ERROR_MALFORMED, BAD, NEVER, FALSE },
    { "reply-that-is-too-large-says-nothing", DUNLIN_TRY_FAILED, DUNLIN_ERROR_TOO_LARGE, UNKNOWN,
      NEVER, FALSE },
};

static void
is_as_said (gconstpointer data)
{
    guint i = GPOINTER_TO_UINT (data);
    GQuark domain = cases[i].code == -2 ? G_FILE_ERROR : DUNLIN_ERROR;
    g_autoptr (GError) error =
        cases[i].code == -1 ? NULL : g_error_new (domain, MAX (cases[i].code, 0), "as it was");
    DunlinVerdict verdict = dunlin_verdict (cases[i].end, error);

    g_assert_cmpint (verdict.health, ==, cases[i].health);
    g_assert_cmpint (verdict.again, ==, cases[i].again);
    g_assert_cmpint (verdict.nack, ==, cases[i].nack);
}

static void
every_end_has_a_verdict (void)
{
    for (guint end = 0; end < DUNLIN_N_TRY_ENDS; end++) {
        for (int code = 0; code < DUNLIN_N_ERRORS; code++) {
            g_autoptr (GError) error = g_error_new (DUNLIN_ERROR, code, "as it was");
            DunlinVerdict verdict = dunlin_verdict (end, error);

            /* What may have been run is never sent again without asking. */
            if (end == DUNLIN_TRY_LOST || end == DUNLIN_TRY_FAILED || end == DUNLIN_TRY_ANSWERED)
                g_assert_cmpint (verdict.again, !=, ALWAYS);
        }
        dunlin_verdict (end, NULL);
    }
}

static void
flags_of_a_nack_decide (void)
{
    g_assert_cmpint (dunlin_try_end_of_nack (0), ==, DUNLIN_TRY_REFUSED);
    g_assert_cmpint (dunlin_try_end_of_nack (DUNLIN_MUX_FAILURE_RETRYABLE), ==, DUNLIN_TRY_REFUSED);
    g_assert_cmpint (dunlin_try_end_of_nack (DUNLIN_MUX_FAILURE_REJECTED), ==, DUNLIN_TRY_REFUSED);
    g_assert_cmpint (dunlin_try_end_of_nack (DUNLIN_MUX_FAILURE_NON_RETRYABLE), ==,
                     DUNLIN_TRY_REJECTED);
    g_assert_cmpint (dunlin_try_end_of_nack (G_MAXUINT64), ==, DUNLIN_TRY_REJECTED);
}

static void
idempotent_ones_are_allowed_more (void)
{
    static const gboolean expected[][2] = {
        [NEVER] = { FALSE, FALSE }, [MAYBE] = { FALSE, TRUE }, [ALWAYS] = { TRUE, TRUE }
    };

    for (guint again = NEVER; again <= ALWAYS; again++) {
        DunlinVerdict verdict = { BAD, again, FALSE };

        g_assert_cmpint (dunlin_verdict_allows (&verdict, FALSE), ==, expected[again][0]);
        g_assert_cmpint (dunlin_verdict_allows (&verdict, TRUE), ==, expected[again][1]);
    }
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path = g_strconcat ("/client/verdict/", cases[i].claim, NULL);

        g_test_add_data_func (path, GUINT_TO_POINTER (i), is_as_said);
    }
    g_test_add_func ("/client/verdict/every-end-has-a-verdict", every_end_has_a_verdict);
    g_test_add_func ("/client/verdict/flags-of-a-nack-decide", flags_of_a_nack_decide);
    g_test_add_func ("/client/verdict/idempotent-ones-are-allowed-more",
                     idempotent_ones_are_allowed_more);
    return g_test_run ();
}
