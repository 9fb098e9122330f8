#include "oe/evolve/verify.hpp"

#include <functional>

#include "oe/git/trailers.hpp"

#include "evolve/evidence_ref.hpp"
#include "evolve/redaction.hpp"
#include "unit/evolve/workshop.hpp"

namespace oe::evolve::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string faults_of(const Verification& verification) {
  std::string faults;
  for (const Check& check : verification.checks)
    if (!check.holds) faults += check.what + ": " + check.finding + "\n";
  return faults;
}

class Verify : public ::testing::Test {
 protected:
  Verify() {
    workshop_.run_twice();
    report_ = workshop_.evolved();
  }
  Judged tune() const { return Workshop::judged(report_, "tune-param"); }
  VerifyContext context() {
    return {.repository = *workshop_.repository,
            .clock = sys::system_clock(),
            .identity = {"V", "v@x"},
            .root = workshop_.repo.root(),
            .journal = [this](const RunId&) -> Result<std::optional<std::string>> { return journal_; }};
  }
  std::string faults(const git::Oid& commit) { return faults_of(must(verify(context(), commit))); }

  /// The commit of the proposal with another message, tree or parent.
  git::Oid changed(const std::function<void(git::Commit&)>& change) {
    git::Commit commit = must(workshop_.repository->commit({tune().commit}));
    change(commit);
    return must(workshop_.repository->write_commit(commit.tree, commit.parents, commit.message, commit.author,
                                                   commit.time));
  }
  git::Oid said(const std::string& what, const std::string& with) {
    return changed([&](git::Commit& commit) {
      const std::size_t at = commit.message.find(what);
      ASSERT_NE(at, std::string::npos) << commit.message;
      commit.message.replace(at, what.size(), with);
    });
  }
  git::Oid named_evidence() {
    const git::Commit commit = must(workshop_.repository->commit({tune().commit}));
    return {git::find_trailer(git::trailers(commit.message), "Oe-Evidence").value_or("")};
  }
  Proof proof() { return must(read_evidence(*workshop_.repository, tune().fingerprint, named_evidence())); }
  /// A forger who changes the evidence, and the commit so that it names the new one.
  git::Oid forged(const std::function<void(Proof&)>& change) {
    Proof other = proof();
    change(other);
    return said(named_evidence().text, must(write_evidence(workshop_.judge(), other)).text);
  }
  static PairsShown& pairs(Proof& proof) { return std::get<PairsShown>(proof.shown); }

  Workshop workshop_;
  EvolveReport report_;
  std::optional<std::string> journal_;
};

TEST_F(Verify, HoldsOfEveryProposalThatEvolveMade) {
  ASSERT_EQ(report_.proposals.size(), 2U);
  for (const Judged& judged : report_.proposals) {
    const Verification found = must(verify(context(), {judged.commit}));
    EXPECT_TRUE(found.holds()) << faults_of(found);
    EXPECT_EQ(found.fingerprint, judged.fingerprint);
    EXPECT_GE(found.checks.size(), 7U);
  }
}

TEST_F(Verify, HoldsOnAnotherBaseWithTheSameLines) {
  workshop_.repo.write("README.md", "more\n");
  workshop_.repo.commit("meanwhile");
  workshop_.repo.git({"cherry-pick", "-x", tune().commit});
  EXPECT_THAT(faults(workshop_.repo.rev("HEAD")), IsEmpty());
}

TEST_F(Verify, IsNotForOtherCommits) {
  const auto other = verify(context(), workshop_.repo.rev("HEAD"));
  EXPECT_THAT(error_of(other), HasSubstr("no proposal of oe"));
}

TEST_F(Verify, FindsWhatWasDoneToTheMessage) {
  EXPECT_THAT(faults(said("Oe-Effect: success", "Oe-Effect: greater success")), HasSubstr("the message says \"greater"));
  EXPECT_THAT(faults(said("Oe-Run: ", "Oe-Run: r-other\nOe-Run: ")), HasSubstr("cites other runs"));
  const std::string base = workshop_.repo.rev("HEAD").text;
  EXPECT_THAT(faults(said("Oe-Base: " + base, "Oe-Base: " + std::string(40, '1'))), HasSubstr("its base is " + base));
  const Judged other = Workshop::judged(report_, "add-dataset-case");
  EXPECT_THAT(faults(said(tune().fingerprint.text, other.fingerprint.text)), HasSubstr("never had the tree"));
}

TEST_F(Verify, FindsWhatWasDoneToTheChange) {
  const git::Oid more = changed([&](git::Commit& commit) {
    commit.tree = must(workshop_.repository->write_tree(commit.tree, {{.path = "README.md", .bytes = "owned\n"}}));
  });
  EXPECT_THAT(faults(more), HasSubstr("changes something else"));
  const git::Oid mode = changed([&](git::Commit& commit) {
    commit.tree = must(workshop_.repository->write_tree(
        commit.tree, {{.path = "flows/words.jsonl", .bytes = std::string(kWords), .mode = 0100755}}));
  });
  EXPECT_THAT(faults(mode), HasSubstr("changes something else"));
}

TEST_F(Verify, FindsWhatWasDoneToTheEvidence) {
  EXPECT_THAT(faults(forged([](Proof& proof) { pairs(proof).pairs.pop_back(); })),
              HasSubstr("the verdict follows from what was measured"));
  EXPECT_THAT(faults(forged([](Proof& proof) { pairs(proof).pairs[0].candidate = pairs(proof).pairs[0].base; })),
              HasSubstr("the verdict follows from what was measured"));
  EXPECT_THAT(faults(forged([](Proof& proof) { pairs(proof).rule.alpha = 0.5; })), HasSubstr("alpha is 0.5"));
  EXPECT_THAT(faults(forged([](Proof& proof) { pairs(proof).rule.guard_alpha = 0.001; })), HasSubstr("not oe's"));
  EXPECT_THAT(faults(forged([](Proof& proof) { pairs(proof).metrics.back().role = Role::goal; })),
              HasSubstr("another role"));
  EXPECT_THAT(faults(forged([](Proof& proof) {
                std::get<TuneParam>(proof.operation).set.value = Value::of(77);
              })),
              HasSubstr("has the fingerprint"));
  EXPECT_THAT(faults(forged([](Proof& proof) { proof.shown = FailuresShown{0.05, {"a", "b", "c", "d", "e"}}; })),
              HasSubstr("another kind"));
}

TEST_F(Verify, SaysWhatToTypeWhereTheEvidenceIsMissing) {
  must(workshop_.repository->delete_ref(evidence_ref(tune().fingerprint)));
  EXPECT_THAT(faults({tune().commit}), HasSubstr("oe sync fetch"));
}

TEST_F(Verify, FindsAJournalThatIsAnotherOne) {
  journal_ = "{}\n";
  EXPECT_THAT(faults({tune().commit}), HasSubstr("is another one"));
}

TEST_F(Verify, KnowsTheJournalsAsTheyTravel) {
  const ReadEvents events = [&](const RunId& run, const auto& each) { return workshop_.ledger->read(run, each); };
  VerifyContext own = context();
  own.journal = [&](const RunId& run) -> Result<std::optional<std::string>> {
    const Redactor redactor = redactor_for(workshop_.base().reading.graph, workshop_.place);
    OE_TRY(std::string journal, travelling_journal(events, run, redactor));
    return std::optional(std::move(journal));
  };
  EXPECT_THAT(faults_of(must(verify(own, {tune().commit}))), IsEmpty());
}

TEST_F(Verify, EvidenceTellsNothingOfTheMachine) {
  const std::string text = to_json_text(proof());
  EXPECT_EQ(text.find(workshop_.repo.root().string()), std::string::npos);
}

}  // namespace
}  // namespace oe::evolve::test
