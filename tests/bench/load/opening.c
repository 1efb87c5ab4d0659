/* As Finagle's clients do it. */
#include "bench/load/opening.h"

#include "bench/load/bytes.h"

#define RERR_TAG_1  0x7f000001
#define TINIT_TAG_1 0x44000001
#define RINIT_TAG_1 0xbc000001
#define VERSION     1

static void
add_step (LoadOpening *self, GByteArray *request, GByteArray *answer)
{
    load_frame_end (request);
    self->requests[self->n_steps] = request;
    self->answers[self->n_steps] = answer;
    self->n_steps++;
}

/* An unknown method to those who know no TTwitter; they answer with an exception. */
static void
add_upgrade (LoadOpening *self)
{
    static const char method[] = "__can__finagle__trace__v3__";
    GByteArray *request = load_frame_begin ();
    GByteArray *answer = g_byte_array_new ();

    load_put_u32 (request, LOAD_CALL);
    load_put_text (request, method);
    load_put_u32 (request, 0);
    load_put_u8 (request, LOAD_STOP); /* ConnectionOptions, in the arguments' place */
    load_put_u32 (answer, LOAD_REPLY);
    load_put_text (answer, method);
    load_put_u32 (answer, 0);
    add_step (self, request, answer);
}

/* Who sends this back knows Tinit. */
static void
add_probe (LoadOpening *self)
{
    static const char text[] = "tinit check";
    GByteArray *request = load_frame_begin ();
    GByteArray *answer = g_byte_array_new ();

    load_put_u32 (request, RERR_TAG_1);
    g_byte_array_append (request, (const guint8 *)text, sizeof text - 1);
    g_byte_array_append (answer, request->data + 4, request->len - 4);
    add_step (self, request, answer);
}

static void
add_tinit (LoadOpening *self)
{
    GByteArray *request = load_frame_begin ();
    GByteArray *answer = g_byte_array_new ();

    load_put_u32 (request, TINIT_TAG_1);
    load_put_u16 (request, VERSION);
    load_put_text (request, "mux-framer"); /* we take frames of any size */
    load_put_u32 (request, 4);
    load_put_u32 (request, G_MAXINT32);
    load_put_text (request, "tls");
    load_put_text (request, "off");
    load_put_u32 (answer, RINIT_TAG_1);
    load_put_u16 (answer, VERSION);
    add_step (self, request, answer);
}

void
load_opening_init (LoadOpening *self, const LoadOptions *options)
{
    *self = (LoadOpening){ 0 };
    if (options->protocol == LOAD_TTWITTER)
        add_upgrade (self);
    if (options->tinit) {
        add_probe (self);
        add_tinit (self);
    }
}

void
load_opening_clear (LoadOpening *self)
{
    for (guint i = 0; i < self->n_steps; i++) {
        g_byte_array_unref (self->requests[i]);
        g_byte_array_unref (self->answers[i]);
    }
    self->n_steps = 0;
}

gboolean
load_opening_check (const LoadOpening *self, guint step, const guint8 *frame, gsize n)
{
    const GByteArray *answer = self->answers[step];

    return n >= answer->len && memcmp (frame, answer->data, answer->len) == 0;
}
