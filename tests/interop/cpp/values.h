/* Values of EveryType that are worth a round trip, by the name of what is special in them. */
#pragma once

#include "conformance_types.h"

#include <string>
#include <utility>
#include <vector>

std::vector<std::pair<std::string, conformance::EveryType>> every_value ();

/* What differs in the answer, "" when nothing does: bit for bit in doubles; an optional field that
 * was not set must not come back. */
std::string difference (const conformance::EveryType &sent, const conformance::EveryType &got);
