#pragma once

#include "oe/exec/executor.hpp"
#include "oe/sys/process.hpp"

namespace oe::exec {

/// The variables that say which attempt it is: OE_RUN_ID, OE_NODE_ID, OE_ATTEMPT, OE_ITEM_INDEX (of an item only),
/// OE_SCOPE ("3/0", inside pipelines and loops only) and OE_IDEMPOTENCY_KEY.
EnvironmentChanges identity_of(const AttemptSpec& spec);

/// The same names, all taken away: for a process that serves many attempts.
EnvironmentChanges no_identity();

/// What the engine grants and takes away (secrets).
const EnvironmentChanges& granted(const AttemptSpec& spec);

/// This process's environment with both, and `more` on top.
sys::Environment attempt_environment(const AttemptSpec& spec, EnvironmentChanges more = {});

}  // namespace oe::exec
