/* The callers of one case, on the server's own thread: they act whenever the server would wait, so
 * that a run takes the same way every time and nothing of theirs is counted. */
#pragma once

#include "cases.h"
#include "loop/loop.h"
#include "support/tls_folder.h"

G_BEGIN_DECLS

typedef struct CostCallers CostCallers;

/**
 * cost_callers_new:
 * @folder: (nullable): certificates, for a case with TLS
 * @loop: stopped when the last round is answered
 * @warm_up: rounds that are not counted
 * @rounds: rounds that are
 *
 * Connects at once, and calls when @loop runs.
 */
CostCallers *cost_callers_new (const CostCase *what, guint16 port, TlsFolder *folder,
                               DunlinLoop *loop, guint warm_up, guint rounds);
void cost_callers_free (CostCallers *self);

G_END_DECLS
