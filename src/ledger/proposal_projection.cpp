#include "ledger/proposal_projection.hpp"

#include <nlohmann/json.hpp>

#include "ledger/cells.hpp"

namespace oe::ledger {
namespace {

db::Cell runs_cell(const std::vector<RunId>& runs) {
  nlohmann::json list = nlohmann::json::array();
  for (const RunId& run : runs) list.push_back(run.text);
  return json_cell(Value(std::move(list)));
}

Result<void> write_proposal(db::Database& database, const ProposalRecord& record) {
  const ProposalMade& made = record.made;
  return database.execute(
      "INSERT INTO proposals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {cell(record.fingerprint.text), cell(record.status), cell(made.operation), cell(made.target), cell(made.title),
       cell(made.confidence), cell(made.rule), cell(made.workflow), cell(made.base), runs_cell(made.runs),
       cell(record.effect), cell(record.reason), cell(record.branch), cell(record.commit), cell(record.made_at)});
}

}  // namespace

Result<void> write_proposals(db::Database& database, const std::vector<ProposalRecord>& records) {
  OE_CHECK(database.execute("DELETE FROM proposals"));
  for (const ProposalRecord& record : records) OE_CHECK(write_proposal(database, record));
  return {};
}

}  // namespace oe::ledger
