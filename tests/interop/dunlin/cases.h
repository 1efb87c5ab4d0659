/* The cases that hold our client against a conformance server, whoever wrote it. */
#pragma once

#include "client/client.h"

/**
 * CallerWay:
 * @dest: where the server is
 * @options: how to call it
 * @compact: the messages are in the compact protocol
 * @is_finagle: the server is Finagle's: what its handler says of itself differs a little
 */
typedef struct {
    const char *dest;
    DunlinClientOptions options;
    gboolean is_finagle;
} CallerWay;

/* Every case, over one client. @group: "dunlin | thriftmux | binary | plain" */
void caller_cases (const CallerWay *way, const char *group);
