/* Callers that speak something else: told so in their own language where it has a word for it. */
#pragma once

#include "server/session.h"

G_BEGIN_DECLS

/* Answers, logs what it was with the remedy, and closes. */
void dunlin_stranger_answer (DunlinSession *session, DunlinSniff kind);

G_END_DECLS
