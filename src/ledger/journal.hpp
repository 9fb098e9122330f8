#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "oe/ledger/event.hpp"
#include "oe/ledger/proposal_record.hpp"

namespace oe::ledger {

/// Gives the events of a journal in order, in constant memory, and then the bytes of their lines. A torn last line is
/// left out: one without its newline or that is not JSON. Any other line that is no event of `run` with the next number
/// is an Error (input, with the line), after the events before it.
Result<std::uint64_t> read_journal(const std::filesystem::path& path, const RunId& run,
                                   const std::function<void(const Event&)>& each);

/// The same for proposals.jsonl; no file, no events.
Result<void> read_proposals(const std::filesystem::path& path, const std::function<void(ProposalEvent)>& each);

/// Takes away what is behind the first `bytes`. Only for who holds the file's lock.
Result<void> cut_behind(const std::filesystem::path& path, std::uint64_t bytes);
/// Takes away what is behind the last newline, which a killed writer has left; true when there was anything. Only for who
/// holds the file's lock.
Result<bool> cut_torn_line(const std::filesystem::path& path);

}  // namespace oe::ledger
