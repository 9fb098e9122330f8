#pragma once

#include <filesystem>
#include <memory>

#include "oe/ledger/replay_store.hpp"
#include "oe/sys/clock.hpp"

namespace oe::ledger {

/// The replay store in one SQLite file. A file that is missing, broken or of another oe becomes an empty store; one that
/// cannot be used at all (a full disk, a lock that does not go away) finds nothing and keeps nothing: a run does not end
/// because of it. Those who ask about the store (list, collect, why) get the Error. `clock` must outlive it.
std::unique_ptr<ReplayStore> open_replay_database(const std::filesystem::path& file, const sys::Clock& clock);

}  // namespace oe::ledger
