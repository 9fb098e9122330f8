#include "evolve/share_runs.hpp"

#include <fmt/format.h>
#include <map>
#include <set>

#include "oe/git/exchange.hpp"

#include "evolve/evidence_ref.hpp"
#include "evolve/redaction.hpp"
#include "evolve/shared_ref.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

/// One commit for git fast-import: files on top of a ref.
class Stream {
 public:
  Stream(const EvolveContext& context, std::string ref, bool exists)
      : context_(context), ref_(std::move(ref)), exists_(exists) {}

  Result<void> add(const std::string& name, const std::string& bytes) {
    text_ += fmt::format("M 100644 inline {}\ndata {}\n{}\n", name, bytes.size(), bytes);
    return text_.size() > kMostBytes ? flush() : Result<void>();
  }

  Result<void> flush() {
    if (text_.empty()) return {};
    const std::string head = stream_head(context_, ref_, exists_, "oe: runs\n");
    exists_ = true;
    return git::note_changes(context_.repository, context_.refs, {ref_}, [&] {
      return git::import_stream(context_.place, head + std::exchange(text_, {}));
    });
  }

 private:
  const EvolveContext& context_;
  std::string ref_;
  bool exists_;
  std::string text_;
};

Result<std::set<std::string>> names_at(const git::Repository& repository, const std::string& ref) {
  OE_TRY(const auto tip, repository.ref(ref));
  if (!tip) return std::set<std::string>();
  OE_TRY(const auto names, repository.list(*tip, ""));
  return std::set<std::string>(names.begin(), names.end());
}

// A run that is interrupted or waits may go on, and its journal with it.
bool has_ended(ledger::RunStatus status) {
  using enum ledger::RunStatus;
  return status == success || status == failed || status == partial || status == cancelled;
}

}  // namespace

std::string month_of(Timestamp time) {
  return to_rfc3339(time).substr(0, 7);
}

Result<std::size_t> share_runs(const EvolveContext& context) {
  OE_TRY(const auto rows, context.ledger.runs());
  std::map<std::string, std::vector<RunId>> months;
  for (const ledger::RunRow& row : rows)
    if (has_ended(row.status)) months[month_of(row.started_at)].push_back(row.id);
  const Redactor redactor = redactor_for({}, context.place);
  const ReadEvents events = [&](const RunId& run, const auto& each) { return context.ledger.read(run, each); };
  std::size_t count = 0;
  for (const auto& [month, runs] : months) {
    const std::string ref = kRunsRefs + month;
    OE_TRY(const std::set<std::string> known, names_at(context.repository, ref));
    Stream stream(context, ref, !known.empty());
    for (const RunId& run : runs) {
      const std::string name = run.text + ".jsonl";
      if (known.contains(name)) continue;
      OE_TRY(const std::string journal, travelling_journal(events, run, redactor));
      OE_CHECK(stream.add(name, journal));
      ++count;
    }
    OE_CHECK(stream.flush());
  }
  return count;
}

}  // namespace oe::evolve
