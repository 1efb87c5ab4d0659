/* What is measured: one kind of call over one wire each, and the bytes that ask for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
    COST_DISPATCH, /* no connection: dispatcher, filters and stub alone */
    COST_FRAMED,
    COST_TTWITTER,
    COST_MUX,
    COST_MUX_CONTEXTS /* with what Finagle sends along: client id, trace, retries, deadline */
} CostWire;

typedef enum { COST_PING, COST_GET, COST_PUT, COST_ECHO_64K } CostCall;

/**
 * CostCase:
 * @connections: 0 where there are none
 * @in_flight: calls at once on each of the @connections; they come together
 * @calls: how many are counted, at least
 */
typedef struct {
    const char *name;
    CostWire wire;
    CostCall call;
    guint connections;
    guint in_flight;
    guint calls;
    gboolean tls;
} CostCase;

extern const CostCase cost_cases[];
extern const gsize cost_n_cases;

/* Returns: (nullable): */
const CostCase *cost_case_find (const char *name);

/* Returns: (transfer full): the Thrift message of the case's call. */
GByteArray *cost_case_message (const CostCase *self);
/* Returns: (transfer full): what a connection says first and is answered with one frame; empty
 * where nothing is said. */
GByteArray *cost_case_preamble (const CostCase *self);
/* Returns: (transfer full): the frames of one round of a connection. */
GByteArray *cost_case_round (const CostCase *self);
/* Whether the frames of @replies are good replies to one round. */
gboolean cost_case_is_answered (const CostCase *self, const GByteArray *replies);

G_END_DECLS
