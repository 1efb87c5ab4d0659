/* A client's state, gathered from the loops. */
#include "client/background.h"
#include "client/client_loop.h"

/* What one loop says. */
typedef struct {
    gatomicrefcount references; /* who asks, and who is asked */
    DunlinClientLoop *part;     /* borrowed: the loop answers before it frees it */
    JsonNode *answer;           /* owned, nullable */
    int done;                   /* atomic */
} Question;

/* A loop that is busy for longer does not get to answer. */
#define PATIENCE G_USEC_PER_SEC
#define LOOK     (2 * G_TIME_SPAN_MILLISECOND)

static void
unref_question (gpointer data)
{
    Question *self = data;

    if (!g_atomic_ref_count_dec (&self->references))
        return;
    g_clear_pointer (&self->answer, json_node_unref);
    g_free (self);
}

static void
answer (gpointer data)
{
    Question *self = data;
    DunlinClientLoop *part = self->part;
    gint64 now = dunlin_loop_now (part->loop);
    g_autoptr (JsonBuilder) json = json_builder_new ();

    json_builder_begin_object (json);
    json_builder_set_member_name (json, "loop");
    json_builder_add_string_value (json, dunlin_loop_name (part->loop));
    dunlin_client_loop_describe (part, now, json);
    json_builder_end_object (json);
    self->answer = json_builder_get_root (json);
    __atomic_store_n (&self->done, 1, __ATOMIC_RELEASE);
    unref_question (self);
}

/* Asks every loop; the lock keeps their parts from going before the question is posted. */
static GPtrArray *
ask_all (DunlinClient *self)
{
    GPtrArray *questions = g_ptr_array_new_with_free_func (unref_question);

    pthread_mutex_lock (&self->lock);
    for (guint i = 0; i < self->loops->len; i++) {
        Question *question = g_new0 (Question, 1);

        g_atomic_ref_count_init (&question->references);
        g_atomic_ref_count_inc (&question->references);
        question->part = g_ptr_array_index (self->loops, i);
        dunlin_loop_post (question->part->loop, answer, question);
        g_ptr_array_add (questions, question);
    }
    pthread_mutex_unlock (&self->lock);
    return questions;
}

static gboolean
is_done (Question *question, gint64 until)
{
    while (!__atomic_load_n (&question->done, __ATOMIC_ACQUIRE)) {
        if (dunlin_clock_now () >= until)
            return FALSE;
        dunlin_sleep (LOOK, NULL);
    }
    return TRUE;
}

static void
describe_loops (DunlinClient *self, JsonBuilder *json)
{
    g_autoptr (GPtrArray) questions = ask_all (self);
    gint64 until = dunlin_deadline_in (PATIENCE);

    json_builder_set_member_name (json, "loops");
    json_builder_begin_array (json);
    for (guint i = 0; i < questions->len; i++) {
        Question *question = g_ptr_array_index (questions, i);

        if (is_done (question, until))
            json_builder_add_value (json, json_node_ref (question->answer));
        else
            json_builder_add_string_value (json, "busy");
    }
    json_builder_end_array (json);
}

static void
describe_addresses (DunlinClient *self, JsonBuilder *json)
{
    static const char *const states[] = { [DUNLIN_ADDRESSES_PENDING] = "pending",
                                          [DUNLIN_ADDRESSES_BOUND] = "bound",
                                          [DUNLIN_ADDRESSES_EMPTY] = "empty",
                                          [DUNLIN_ADDRESSES_FAILED] = "failed" };
    g_autoptr (DunlinAddressSet) set = dunlin_client_get_addresses (self);

    dunlin_describe_string (json, "state", states[set->state]);
    if (set->reason != NULL)
        dunlin_describe_string (json, "reason", set->reason);
    json_builder_set_member_name (json, "addresses");
    json_builder_begin_array (json);
    for (guint i = 0; i < set->n_addresses; i++) {
        g_autofree char *text = dunlin_address_to_string (&set->addresses[i]);

        json_builder_add_string_value (json, text);
    }
    json_builder_end_array (json);
}

void
dunlin_client_describe (DunlinClient *self, JsonBuilder *json)
{
    dunlin_describe_string (json, "label", self->options.label);
    describe_addresses (self, json);
    describe_loops (self, json);
}
