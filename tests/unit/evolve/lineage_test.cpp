#include "oe/evolve/lineage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::evolve::test {
namespace {

using ledger::ProposalRecord;
using ledger::ProposalStatus;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProposalRecord proposal(const std::string& name, const std::string& parent = "", const std::string& base = "c0ffee") {
  ProposalRecord record{.fingerprint = {name}, .status = ProposalStatus::open};
  record.made = {.title = "Title of " + name, .workflow = "flow.yaml", .base = base};
  record.made.parent = {parent};
  record.made.generation = parent.empty() ? 1 : 2;
  return record;
}

TEST(Lineage, IsAForestWithAWorkflowAtEachRoot) {
  const Lineage forest = lineage({proposal("a"), proposal("b", "a", "commit-a"), proposal("c"), proposal("d", "", "beef"),
                                  proposal("e", "b", "commit-b")});
  ASSERT_EQ(forest.roots.size(), 2U);
  EXPECT_EQ(forest.roots[0], (Lineage::Root{"flow.yaml", "c0ffee", {0, 2}}));
  EXPECT_EQ(forest.roots[1], (Lineage::Root{"flow.yaml", "beef", {3}}));
  EXPECT_THAT(forest.children[0], ElementsAre(1));
  EXPECT_THAT(rows(forest), ElementsAre(LineageRow{0, 0}, LineageRow{1, 0}, LineageRow{2, 1}, LineageRow{3, 4},
                                        LineageRow{1, 2}, LineageRow{0, 1}, LineageRow{1, 3}));
}
TEST(Lineage, PutsWhatHasNoParentInTheRecordOntoItsBase) {
  const Lineage forest = lineage({proposal("b", "gone", "commit-a")});
  ASSERT_EQ(forest.roots.size(), 1U);
  EXPECT_EQ(forest.roots[0].base, "commit-a");
}
TEST(Lineage, ShowsEachProposalOnceWhateverTheParentsSay) {
  const Lineage forest = lineage({proposal("a", "c"), proposal("b", "a"), proposal("c", "b"), proposal("d", "c"), proposal("e", "e")});
  EXPECT_EQ(rows(forest).size(), 5U + forest.roots.size());
}
TEST(Lineage, AroundOneHasWhatItStandsOnAndWhatStandsOnIt) {
  const Lineage all = lineage({proposal("a"), proposal("b", "a"), proposal("c", "b"), proposal("d", "a"), proposal("e")});
  const Lineage some = around(all, {"b"});
  ASSERT_EQ(some.proposals.size(), 3U);
  EXPECT_EQ(some.proposals[2].fingerprint.text, "c");
  EXPECT_EQ(rows(some).size(), 4U);
  EXPECT_TRUE(around(all, {"z"}).proposals.empty());
}

// ---- DOT, read back by a reader of its grammar: graph, statements, quoted ids, attribute lists

class DotReader {
 public:
  explicit DotReader(std::string text) : text_(std::move(text)) {}

  std::vector<std::string> nodes, edges, labels;

  bool read() {
    if (!word("digraph") || !word("lineage") || !word("{")) return false;
    while (!word("}"))
      if (!statement()) return false;
    skip();
    return at_ == text_.size();
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool word(std::string_view wanted) {
    skip();
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }
  bool quoted(std::string& out) {
    if (!word("\"")) return false;
    for (out.clear(); at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') return ++at_, true;
      if (text_[at_] == '\n') return false;
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) out += text_[at_++];
      out += text_[at_];
    }
    return false;
  }
  bool attributes() {
    if (!word("[")) return true;
    do {
      std::string value;
      const std::size_t equals = text_.find('=', at_);
      if (equals == std::string::npos) return false;
      skip();
      const std::string name = text_.substr(at_, equals - at_);
      at_ = equals + 1;
      if (!quoted(value)) return false;
      if (name == "label") labels.push_back(value);
    } while (word(","));
    return word("]");
  }
  bool statement() {
    std::string from, to;
    if (word("rankdir=")) return quoted(from) && word(";");
    if (word("node")) return attributes() && word(";");
    if (!quoted(from)) return false;
    if (word("->")) {
      if (!quoted(to)) return false;
      edges.push_back(from + " > " + to);
    } else {
      nodes.push_back(from);
    }
    return attributes() && word(";");
  }

  std::string text_;
  std::size_t at_ = 0;
};

TEST(LineageDot, HasANodeForEachAndAnEdgeFromWhatItStandsOn) {
  DotReader dot(to_dot(lineage({proposal("a"), proposal("b", "a")})));
  ASSERT_TRUE(dot.read());
  EXPECT_THAT(dot.nodes, ElementsAre("base 0", "a", "b"));
  EXPECT_THAT(dot.edges, ElementsAre("base 0 > a", "a > b"));
}
TEST(LineageDot, StaysAGraphWhateverStandsInATitle) {
  ProposalRecord hostile = proposal("a");
  hostile.made.title = "say \"hi\"]; evil [x=\\";
  hostile.effect = "line\nbreak \\";
  hostile.made.workflow = "a\"b\\.yaml";
  DotReader dot(to_dot(lineage({hostile})));
  ASSERT_TRUE(dot.read()) << to_dot(lineage({hostile}));
  EXPECT_THAT(dot.nodes, ElementsAre("base 0", "a"));
  EXPECT_THAT(dot.labels, testing::Contains(HasSubstr("say \\\"hi\\\"]; evil [x=\\\\")));
}
TEST(LineageDot, OfNothingIsAnEmptyGraph) {
  DotReader dot(to_dot(lineage({})));
  EXPECT_TRUE(dot.read());
  EXPECT_TRUE(dot.nodes.empty());
}
TEST(LineageOutcome, IsShortAndEmptyWithoutAContest) {
  EXPECT_EQ(outcome_text({}), "");
  EXPECT_EQ(outcome_text({.verdict = "better", .metric = "success", .pairs = 9, .wins = 8, .losses = 1}),
            "better (9 pairs, 8 wins, 1 loss of success)");
}

}  // namespace
}  // namespace oe::evolve::test
