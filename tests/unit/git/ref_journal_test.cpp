#include "oe/git/ref_journal.hpp"

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

const Timestamp kTime = *from_rfc3339("2026-06-01T09:00:00.004Z");

class RefJournalTest : public ::testing::Test {
 protected:
  RefJournalTest() {
    repo_.write("f", "1\n");
    first_ = repo_.commit("first");
    repo_.write("f", "2\n");
    second_ = repo_.commit("second");
  }
  RefJournal journal(const std::string& words) const {
    return {file_, {.id = {}, .time = kTime, .words = words, .events = 3, .writes = {}}};
  }
  std::vector<RefCommand> read() const { return must(RefJournal::read(file_)); }

  TempRepo repo_;
  std::filesystem::path file_ = repo_.home() / "refs.jsonl";
  Oid first_;
  Oid second_;
};

TEST_F(RefJournalTest, KnowsEveryWriteOfTheRepository) {
  RefJournal one = journal("oe evolve");
  const auto repository = journaled(open(repo_), one);
  must(repository->set_branch("oe/x", first_, std::nullopt));
  must(repository->set_branch("oe/x", second_, first_));
  must(repository->delete_branch("oe/x"));
  must(repository->set_ref("refs/oe/y", first_, std::nullopt));
  must(repository->delete_ref("refs/oe/y"));
  must(repository->delete_ref("refs/oe/never"));
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].words, "oe evolve");
  EXPECT_EQ(all[0].time, kTime);
  EXPECT_EQ(all[0].events, 3U);
  EXPECT_EQ(all[0].writes, (std::vector<RefWrite>{{"refs/heads/oe/x", std::nullopt, first_},
                                                  {"refs/heads/oe/x", first_, second_},
                                                  {"refs/heads/oe/x", second_, std::nullopt},
                                                  {"refs/oe/y", std::nullopt, first_},
                                                  {"refs/oe/y", first_, std::nullopt}}));
}
TEST_F(RefJournalTest, NotesWhatAProgramHasChanged) {
  repo_.git({"update-ref", "refs/oe/a", first_.text});
  repo_.git({"update-ref", "refs/oe/gone", first_.text});
  RefJournal one = journal("oe sync");
  const auto repository = open(repo_);
  must(note_changes(*repository, &one, {"refs/oe/"}, [&]() -> Result<void> {
    repo_.git({"update-ref", "refs/oe/a", second_.text});
    repo_.git({"update-ref", "refs/oe/new", first_.text});
    repo_.git({"update-ref", "-d", "refs/oe/gone"});
    repo_.git({"update-ref", "refs/other", first_.text});
    return {};
  }));
  EXPECT_EQ(read().at(0).writes, (std::vector<RefWrite>{{"refs/oe/a", first_, second_},
                                                        {"refs/oe/gone", first_, std::nullopt},
                                                        {"refs/oe/new", std::nullopt, first_}}));
}
TEST_F(RefJournalTest, LeavesNothingOfACommandThatWroteNothing) {
  RefJournal one = journal("oe gc");
  must(one.note({"refs/heads/main", first_, first_}));
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_TRUE(read().empty());
}
TEST_F(RefJournalTest, KnowsACommandThatWasKilledInTheMiddleOfAMove) {
  EXPECT_FALSE(is_cut_off(file_));
  std::string left;
  {
    RefJournal one(file_, {.time = kTime, .words = "oe accept", .events = 3, .proposal = "ab12"});
    must(one.begin_move({"refs/heads/main", first_}));
    left = read_bytes(file_);
  }
  EXPECT_FALSE(is_cut_off(file_)) << "it has ended";
  EXPECT_TRUE(read().at(0).ended);
  write_bytes(file_, left);
  EXPECT_TRUE(is_cut_off(file_));
  const RefCommand killed = read().at(0);
  EXPECT_FALSE(killed.ended);
  EXPECT_EQ(killed.proposal, "ab12");
  EXPECT_EQ(killed.move, (RefMove{"refs/heads/main", first_}));
  {
    RefJournal again(file_, killed);
    must(again.note({"refs/heads/main", first_, second_}));
  }
  const RefCommand done = read().at(0);
  EXPECT_EQ(done.id, killed.id);
  EXPECT_EQ(done.writes, (std::vector<RefWrite>{{"refs/heads/main", first_, second_}}));
  EXPECT_EQ(done.move, std::nullopt);
  EXPECT_FALSE(is_cut_off(file_));
}
TEST_F(RefJournalTest, AMoveThatDidNotHappenIsNoWrite) {
  RefJournal one(file_, {.time = kTime, .words = "oe accept", .events = 3, .proposal = "ab12"});
  must(one.begin_move({"refs/heads/main", first_}));
  must(one.note({"refs/heads/main", first_, first_}));
  EXPECT_EQ(read().at(0).move, std::nullopt);
  EXPECT_TRUE(read().at(0).writes.empty());
}
TEST_F(RefJournalTest, FindsWhatCameOfAMoveByTheProposalInTheHistory) {
  const RefMove move{"refs/heads/main", second_};
  EXPECT_EQ(must(outcome_of(repo_.place(), move, "ab12")), std::nullopt) << "nothing has moved";
  repo_.write("f", "3\n");
  const Oid taken = repo_.commit("taken\n\nOe-Proposal: ab12\n");
  repo_.write("f", "4\n");
  const Oid later = repo_.commit("of the user");
  EXPECT_EQ(must(outcome_of(repo_.place(), move, "ab12")), (RefWrite{"refs/heads/main", second_, taken}));
  EXPECT_EQ(must(outcome_of(repo_.place(), move, "cd34")), std::nullopt) << "another proposal";
  EXPECT_EQ(must(outcome_of(repo_.place(), {"refs/heads/main", taken}, "ab12")), std::nullopt) << "it was there before";
  EXPECT_EQ(must(outcome_of(repo_.place(), {"refs/heads/gone", second_}, "ab12")), std::nullopt);
  repo_.git({"reset", "-q", "--hard", first_.text});
  EXPECT_EQ(must(outcome_of(repo_.place(), {"refs/heads/main", later}, "ab12")), std::nullopt) << "it went back";
}
TEST_F(RefJournalTest, TakesAwayTheLocksOfAKilledCommandOnceTheyAreStale) {
  const auto lock = [&](const std::string& name) { return repo_.place().common_dir / (name + ".lock"); };
  const RefCommand killed{.writes = {{"refs/heads/oe/x", first_, std::nullopt}, {"refs/heads/main", first_, second_}}};
  for (const char* name : {"refs/heads/oe/x", "refs/heads/main", "refs/heads/oe/y", "packed-refs"}) {
    std::filesystem::create_directories(lock(name).parent_path());
    write_bytes(lock(name), "");
  }
  remove_leftover_locks(repo_.place(), {killed});
  EXPECT_TRUE(std::filesystem::exists(lock("refs/heads/oe/x"))) << "somebody may hold it";
  for (const char* name : {"refs/heads/oe/x", "refs/heads/main", "refs/heads/oe/y", "packed-refs"})
    std::filesystem::last_write_time(lock(name), std::filesystem::file_time_type::clock::now() - std::chrono::seconds(5));
  remove_leftover_locks(repo_.place(), {killed});
  EXPECT_FALSE(std::filesystem::exists(lock("refs/heads/oe/x")));
  EXPECT_FALSE(std::filesystem::exists(lock("packed-refs")));
  EXPECT_TRUE(std::filesystem::exists(lock("refs/heads/main"))) << "the user's own";
  EXPECT_TRUE(std::filesystem::exists(lock("refs/heads/oe/y"))) << "not one that it was writing";
}
TEST_F(RefJournalTest, ReadsPastLinesThatItDoesNotKnow) {
  RefJournal one = journal("oe accept");
  must(one.note({"HEAD", first_, second_}));
  must(RefJournal::mark_undone(file_, read().at(0).id, kTime));
  write_bytes(file_, read_bytes(file_) + "{\"v\":2,\"type\":\"other\"}\n[]\n{\"v\":1,\"type\":\"comm");
  const auto all = read();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].undone);
  EXPECT_EQ(all[0].writes, (std::vector<RefWrite>{{"HEAD", first_, second_}}));
}

}  // namespace
}  // namespace oe::git
