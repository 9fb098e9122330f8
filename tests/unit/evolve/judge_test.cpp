#include <chrono>

#include "evolve/gather.hpp"
#include "evolve/probe.hpp"
#include "evolve/trial.hpp"
#include "unit/evolve/run_builder.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;

/// The letters workflow after one run, in which fetch and one word failed.
class Judge : public ::testing::Test {
 protected:
  Judge() { look(workshop_.run()); }

  void look(const RunId& run) {
    workshop_.reopen();
    base_ = std::make_unique<Base>(workshop_.base());
    evidence_ = std::make_unique<Evidence>(
        must(gather(*workshop_.ledger, *workshop_.repository, *base_, {.workflow = Workshop::kPath, .runs = {run}})));
  }
  void commit_script(const std::string& path, const std::string& text) {
    workshop_.repo.write(path, text);
    workshop_.repo.commit("another script");
  }
  Proposal case_of(const std::string& item, const std::string& error) const {
    Proposal proposal;
    proposal.operation = AddDatasetCase{.node = {"shout"},
                                        .file = "cases/shout.jsonl",
                                        .row = json("{\"item\":" + item + ",\"error\":\"\"}"),
                                        .item = json(item),
                                        .is_wrapped = true,
                                        .error = error};
    return proposal;
  }
  Result<ValidatedPatch> validated(const Proposal& proposal) {
    TrialBasis basis{*evidence_, *base_, {}};
    const Patch patch = must(render(*workshop_.repository, *base_, proposal.operation));
    ledger::ContestOutcome outcome;
    return validate(workshop_.judge(), basis, proposal,
                    must(check(workshop_.judge(), *base_, proposal.operation, patch)), outcome);
  }
  AddDatasetCase minimised(const Proposal& proposal) {
    const TrialBasis basis{*evidence_, *base_, {}};
    return std::get<AddDatasetCase>(must(minimise(workshop_.judge(), basis, proposal)).operation);
  }
  std::string error_of_fax() const {
    for (const ledger::Attempt& attempt : evidence_->runs.front().state.nodes.at({"shout"}).attempts) {
      if (!attempt.error.empty()) return attempt.error;
    }
    return {};
  }

  Workshop workshop_;
  std::unique_ptr<Base> base_;
  std::unique_ptr<Evidence> evidence_;
  const std::string fax_ = R"({"word":"a long fax from afar","by":"b"})";
};

TEST_F(Judge, MakesACaseAsSmallAsItCan) {
  const AddDatasetCase smaller = minimised(case_of(fax_, error_of_fax()));
  EXPECT_EQ(smaller.item.dump(), R"({"word":"x"})");
  EXPECT_EQ(smaller.row.get("item"), smaller.item);
  EXPECT_EQ(smaller.row.get("error").string_or(""), smaller.error);
}
TEST_F(Judge, LeavesACaseThatFailsInAnotherWayAsItIs) {
  const Proposal other = case_of(fax_, "the disk is full");
  EXPECT_EQ(minimised(other), std::get<AddDatasetCase>(other.operation));
  const Proposal passing = case_of(R"({"word":"fine"})", error_of_fax());
  EXPECT_EQ(minimised(passing), std::get<AddDatasetCase>(passing.operation));
}
TEST_F(Judge, LeavesACaseOfANodeThatIsGoneAsItIs) {
  Proposal proposal = case_of(fax_, error_of_fax());
  std::get<AddDatasetCase>(proposal.operation).node = {"nosuch"};
  EXPECT_EQ(minimised(proposal), std::get<AddDatasetCase>(proposal.operation));
}
// What is tried on the way must not hang oe: this tool never comes back when it gets an empty word.
TEST_F(Judge, EndsAProbeThatHangs) {
  workshop_.edit(Workshop::kPath, "timeout_ms: 20000", "timeout_ms: 300");
  commit_script("flows/tools/shout.sh",
                "test -n \"$1\" || sleep 60\ncase \"$1\" in *x*) echo \"cannot shout an x\" >&2; exit 3;; esac\n");
  look(workshop_.run());
  const auto start = std::chrono::steady_clock::now();
  const AddDatasetCase smaller = minimised(case_of(fax_, error_of_fax()));
  EXPECT_EQ(smaller.item.dump(), R"({"word":"x"})");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST_F(Judge, ProvesACaseThatFailsAsRecorded) {
  const auto proven = validated(case_of(R"({"word":"x"})", error_of_fax()));
  ASSERT_TRUE(proven) << error_of(proven);
  EXPECT_THAT(proven->effect(), HasSubstr("the case makes shout fail"));
}
TEST_F(Judge, RefusesACaseThatDoesNotFailAsRecorded) {
  EXPECT_THAT(error_of(validated(case_of(R"({"word":"fine"})", error_of_fax()))), HasSubstr("succeeds on the case"));
  EXPECT_THAT(error_of(validated(case_of(fax_, "the disk is full"))), HasSubstr("in another way"));
  EXPECT_THAT(error_of(validated(case_of(R"({"by":"b"})", error_of_fax()))), HasSubstr("in another way"));
}

TEST_F(Judge, RunsATrialOnWhatIsCommitted) {
  workshop_.repo.write("flows/words.jsonl", "{\"word\":\"only this\"}\n");
  const ledger::RunState trial =
      must(run_trial(workshop_.judge(), trial_of(evidence_->runs.front(), base_->commit, "t1")));
  EXPECT_EQ(trial.nodes.at({"shout"}).items, 3U);
  EXPECT_EQ(trial.nodes.at({"fetch"}).outcome, ledger::Outcome::failed) << "asleep in a working tree of its own";
  EXPECT_FALSE(std::filesystem::exists(workshop_.judge().worktrees / "t1"));
  EXPECT_TRUE(std::filesystem::exists(workshop_.judge().trials / "t1.jsonl"));
  EXPECT_EQ(must(workshop_.ledger->runs()).size(), 1U) << "a trial is no run";
}
TEST_F(Judge, EndsATrialThatPassesItsLimit) {
  commit_script("flows/tools/fetch.sh", "sleep 60\n");
  look(workshop_.ledger->resolve("last").value());
  TrialSpec spec = trial_of(evidence_->runs.front(), base_->commit, "t2");
  spec.limit = std::chrono::milliseconds(200);
  const auto trial = run_trial(workshop_.judge(), spec);
  ASSERT_FALSE(trial);
  EXPECT_EQ(trial.error().kind(), ErrorKind::failed);
  EXPECT_THAT(error_of(trial), HasSubstr("took longer than"));
  EXPECT_FALSE(std::filesystem::exists(workshop_.judge().worktrees / "t2"));
}
TEST_F(Judge, GivesATrialTenTimesTheRecordedTime) {
  RecordedRun run = evidence_->runs.front();
  EXPECT_EQ(trial_of(run, base_->commit, "t").limit, std::chrono::minutes(1));
  run.state.duration = std::chrono::minutes(3);
  EXPECT_EQ(trial_of(run, base_->commit, "t").limit, std::chrono::minutes(30));
  EXPECT_FALSE(trial_of(run, base_->commit, "t").concurrency);
  run.state.start.concurrency = 9;
  EXPECT_EQ(trial_of(run, base_->commit, "t").concurrency, 9U) << "as -j 9 said";
}
TEST_F(Judge, TakesTheNewestCitedRunForTheTrial) {
  Evidence evidence = *evidence_;
  for (const char* id : {"r-2", "r-3"}) {
    evidence.runs.push_back(evidence.runs.front());
    evidence.runs.back().state.id = {id};
  }
  const TrialBasis basis{evidence, *base_, {}};
  const RunId oldest = evidence.runs.front().state.id;
  EXPECT_EQ(basis.run_of({"rule", {}, "", {{{"r-2"}, 1}, {oldest, 1}}}).state.id.text, "r-2");
  EXPECT_EQ(basis.run_of({"rule", {}, "", {}}).state.id.text, "r-3");
}

TEST_F(Judge, ReadsABaseFromTheCommitOnly) {
  workshop_.repo.write(Workshop::kPath, "not: committed\n");
  EXPECT_EQ(workshop_.base().reading.graph.name, "letters");
  EXPECT_THAT(error_of(read_base(*workshop_.repository, base_->commit, "nosuch.yaml")),
              HasSubstr("git add nosuch.yaml"));
}

}  // namespace
}  // namespace oe::evolve::test
