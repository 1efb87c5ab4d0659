/* A serverset as it is written in ZooKeeper, member by member, whether callers use them or not. */
#pragma once

#include "cli/steps.h"
#include "discovery/name.h"
#include "discovery/resolver.h"

G_BEGIN_DECLS

/**
 * cli_members_check:
 * @name: a serverset's
 *
 * Reads the set in a session of its own, tells of every member, and why callers pass it over. On a
 * fiber.
 */
void cli_members_check (CliSteps *steps, const DunlinName *name,
                        const DunlinResolverOptions *options, gint64 deadline);

G_END_DECLS
