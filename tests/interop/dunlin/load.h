/* Calls without a pause while something happens to the servers. */
#pragma once

#include "interop/dunlin/cases.h"

/**
 * caller_load:
 * @what: the name of the test point
 * @workers: how many call at once
 * @rate: calls a second of all of them, begun on time; 0: each calls when it was answered
 *
 * Prints "@running", then answers each line on standard input ("mark") with the calls so far by
 * address, and ends at "end" or at the input's end. No call may fail.
 */
void caller_load (const CallerWay *way, const char *group, const char *what, guint workers,
                  guint rate);
