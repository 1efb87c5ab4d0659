/* Tells the log which call a line belongs to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Once, before the loops start. */
void dunlin_rpc_log_context_install (void);

G_END_DECLS
