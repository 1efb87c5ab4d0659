/* The table of cases, and their bytes as Thrift's and Finagle's clients say them. */
#include "cases.h"

#include <string.h>

#include "support/test_server.h"

#define ECHO_BYTES 65536

/* Names say wire, call, connections x calls in flight on each. */
const CostCase cost_cases[] = {
    { "dispatch-ping", COST_DISPATCH, COST_PING, 0, 0, 2000, FALSE },
    { "dispatch-get", COST_DISPATCH, COST_GET, 0, 0, 2000, FALSE },
    { "dispatch-put", COST_DISPATCH, COST_PUT, 0, 0, 2000, FALSE },
    { "framed-ping-1x1", COST_FRAMED, COST_PING, 1, 1, 2000, FALSE },
    { "framed-ping-64x1", COST_FRAMED, COST_PING, 64, 1, 2000, FALSE },
    { "framed-get-64x1", COST_FRAMED, COST_GET, 64, 1, 2000, FALSE },
    { "framed-ping-8x16", COST_FRAMED, COST_PING, 8, 16, 2000, FALSE },
    { "framed-get-8x16", COST_FRAMED, COST_GET, 8, 16, 2000, FALSE },
    { "ttwitter-ping-64x1", COST_TTWITTER, COST_PING, 64, 1, 2000, FALSE },
    { "mux-ping-8x16", COST_MUX, COST_PING, 8, 16, 2000, FALSE },
    { "mux-get-8x16", COST_MUX, COST_GET, 8, 16, 2000, FALSE },
    { "mux-contexts-ping-8x16", COST_MUX_CONTEXTS, COST_PING, 8, 16, 2000, FALSE },
    { "tls-framed-ping-16x1", COST_FRAMED, COST_PING, 16, 1, 2000, TRUE },
    { "tls-framed-get-16x1", COST_FRAMED, COST_GET, 16, 1, 2000, TRUE },
    { "tls-framed-echo64k-4x1", COST_FRAMED, COST_ECHO_64K, 4, 1, 64, TRUE },
    { "tls-mux-ping-8x16", COST_MUX, COST_PING, 8, 16, 2000, TRUE },
    { "tls-mux-get-8x16", COST_MUX, COST_GET, 8, 16, 2000, TRUE },
};
const gsize cost_n_cases = G_N_ELEMENTS (cost_cases);

static const struct {
    const char *bytes;
    const char *answer; /* in every good reply, once */
} calls[] = {
    [COST_PING] = { "80010001 00000004 \"ping\" 00000001 00", "pong" },
    [COST_GET] = { "80010001 00000003 \"get\" 00000001 0a0001 0000000000000001 00",
                   "Dunlin Calidris alpina" },
    /* The record that get gives: objects are made of it, and freed. */
    [COST_PUT] = { "80010001 00000003 \"put\" 00000001 0c0001"
                   "0a0001 0000000000000001 0b0002 00000016 \"Dunlin Calidris alpina\""
                   "0f0003 0b 00000002 00000014 \"dunlin@wader.example\""
                   "0000001d \"calidris.alpina@shore.example\""
                   "0d0004 0b0b 00000002 00000004 \"home\" 00000005 \"marsh\""
                   "00000004 \"food\" 00000005 \"worms\" 00 00",
                   "Dunlin Calidris alpina" },
    [COST_ECHO_64K] = { "80010001 00000004 \"echo\" 00000001 0b0001 00010000", "ECHO BEGINS" },
};

/* As recorded from Finagle 22.7, but for the first digit of the timestamps: a deadline in the past
 * would be refused. */
#define FINAGLE_CONTEXTS                                                                           \
    "0004 002a \"com.twitter.finagle.thrift.ClientIdContext\" 000b \"peer.client\""                \
    "0028 \"com.twitter.finagle.tracing.TraceContext\" 0020"                                       \
    "c9cc3f8d7318ef83 c9cc3f8d7318ef83 c9cc3f8d7318ef83 0000000000000000"                          \
    "001b \"com.twitter.finagle.Retries\" 0004 00000000"                                           \
    "001c \"com.twitter.finagle.Deadline\" 0010 28e9efa078f548c0 28e9efa0f02adcc0"

static const struct {
    const char *preamble;
    const char *header; /* of every request, before the Thrift message */
    gboolean tagged;    /* mux: the header is a Tdispatch whose tag is filled in */
} wires[] = {
    [COST_FRAMED] = { "", "", FALSE },
    [COST_TTWITTER] = { "00000028 80010001 0000001b \"__can__finagle__trace__v3__\" 00000000 00",
                        "0a0001 1374c5719aab162e 0a0002 1374c5719aab162e 0a0007 0000000000000000 "
                        "0b0006 0000000b \"peer.client\" 00",
                        FALSE },
    [COST_MUX] = { "0000000f 7f000001 \"tinit check\"", "02 000000 0000 0000 0000", TRUE },
    [COST_MUX_CONTEXTS] = { "0000000f 7f000001 \"tinit check\"",
                            "02 000000" FINAGLE_CONTEXTS "0000 0000", TRUE },
};

const CostCase *
cost_case_find (const char *name)
{
    for (gsize i = 0; i < cost_n_cases; i++) {
        if (g_str_equal (cost_cases[i].name, name))
            return &cost_cases[i];
    }
    return NULL;
}

GByteArray *
cost_case_message (const CostCase *self)
{
    const char *answer = calls[self->call].answer;
    GByteArray *message = test_bytes (calls[self->call].bytes);
    guint at = message->len;

    if (self->call != COST_ECHO_64K)
        return message;
    g_byte_array_set_size (message, at + ECHO_BYTES + 1);
    memset (message->data + at, 'x', ECHO_BYTES);
    memcpy (message->data + at, answer, strlen (answer));
    message->data[at + ECHO_BYTES] = 0; /* the end of the arguments' struct */
    return message;
}

GByteArray *
cost_case_preamble (const CostCase *self)
{
    return test_bytes (wires[self->wire].preamble);
}

static void
append (GByteArray *to, const GByteArray *bytes)
{
    g_byte_array_append (to, bytes->data, bytes->len);
}

GByteArray *
cost_case_round (const CostCase *self)
{
    g_autoptr (GByteArray) header = test_bytes (wires[self->wire].header);
    g_autoptr (GByteArray) message = cost_case_message (self);
    guint32 size = GUINT32_TO_BE (header->len + message->len);
    GByteArray *round = g_byte_array_new ();

    for (guint i = 0; i < self->in_flight; i++) {
        if (wires[self->wire].tagged)
            header->data[3] = (guint8)(i + 2);
        g_byte_array_append (round, (const guint8 *)&size, sizeof size);
        append (round, header);
        append (round, message);
    }
    return round;
}

gboolean
cost_case_is_answered (const CostCase *self, const GByteArray *replies)
{
    const char *answer = calls[self->call].answer;
    const guint8 *at = replies->data;
    const guint8 *end = at + replies->len;
    guint n = 0;

    while ((at = memmem (at, (gsize)(end - at), answer, strlen (answer))) != NULL) {
        at += strlen (answer);
        n++;
    }
    return n == self->in_flight;
}
