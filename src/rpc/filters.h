/* The built-in filters, one file each. dunlin_dispatcher_new() puts them in this order, outermost
 * first: access log, stats, exceptions, deadline, limit; then the user's own. */
#pragma once

#include "base/access_log.h"
#include "base/stats.h"
#include "rpc/filter.h"

G_BEGIN_DECLS

/* One line a call. @log: (borrowed) outlives the chain. */
void dunlin_filter_access_log (DunlinChain *chain, DunlinAccessLog *log);

/* srv/<label>/requests, success, failures, pending, request_latency_us and the same a method. */
void dunlin_filter_stats (DunlinChain *chain, const char *label, const DunlinRouter *router);

/* Whatever failed further in becomes a reply without internals, and a line in the log with them. */
void dunlin_filter_exceptions (DunlinChain *chain);

/* A call whose caller no longer waits is counted, and with @refuse not run. */
void dunlin_filter_deadline (DunlinChain *chain, const char *label, gboolean refuse);

/* At most @max calls at once in the whole process; more are refused, retryably. 0: no limit. */
void dunlin_filter_limit (DunlinChain *chain, int max, int loops);

G_END_DECLS
