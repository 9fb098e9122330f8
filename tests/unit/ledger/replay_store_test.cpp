#include "oe/ledger/replay_store.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "unit/ledger/ledger_fixture.hpp"

namespace oe::ledger {
namespace {

using test::json;
using testing::ElementsAre;
using testing::IsEmpty;
namespace fs = std::filesystem;

class ReplayStoreTest : public test::LedgerFixture {
 protected:
  fs::path file() const { return root_ / ".openexpertise" / "replay.sqlite"; }
  static ReplayStore& store_of(Ledger& ledger) { return **ledger.replay_store(); }
};

ReplayKey key_of(std::string_view input, std::string_view tool = "t1") {
  return {.parts = {{"input", std::string(input)}, {"file tools/a.mjs", std::string(tool)}}};
}

ReplayEntry entry_of(const char* run, const char* node = "n") {
  return {.run = {run},
          .node = {node},
          .state_delta = {{"f", json("[1,{\"a\":null}]")}, {"g", json("null")}},
          .edge_output = json("\"e\""),
          .metrics = json("{\"usd\":0.25}"),
          .stored_at = test::at_ms(0)};
}

void expect_same(const std::optional<ReplayEntry>& found, const ReplayEntry& entry) {
  ASSERT_TRUE(found);
  EXPECT_EQ(found->run, entry.run);
  EXPECT_EQ(found->node, entry.node);
  EXPECT_EQ(found->state_delta, entry.state_delta);
  EXPECT_EQ(found->edge_output, entry.edge_output);
  EXPECT_EQ(found->metrics, entry.metrics);
  EXPECT_EQ(found->stored_at, entry.stored_at);
}

TEST(ReplayKey, TellsPartsApart) {
  const auto digest = [](std::map<std::string, std::string> parts) { return ReplayKey{std::move(parts)}.digest(); };
  EXPECT_EQ(digest({{"a", "1"}, {"b", "2"}}), digest({{"b", "2"}, {"a", "1"}}));
  EXPECT_NE(digest({{"a", "1"}, {"b", "2"}}), digest({{"a", "12"}, {"b", ""}}));
  EXPECT_NE(digest({{"a", "1\n1:b=1:2"}}), digest({{"a", "1"}, {"b", "2"}}));
  EXPECT_NE(digest({}), digest({{"", ""}}));
}

TEST_F(ReplayStoreTest, FindsWhatWasPutAtOnceAndLater) {
  {
    Ledger ledger = opened();
    ReplayStore& store = store_of(ledger);
    EXPECT_FALSE(store.find({"r-2"}, {"n"}, key_of("a"))->has_value());
    ASSERT_TRUE(store.put(key_of("a"), entry_of("r-1")));
    expect_same(*store.find({"r-2"}, {"n"}, key_of("a")), entry_of("r-1"));
  }
  Ledger ledger = opened();
  expect_same(*store_of(ledger).find({"r-2"}, {"n"}, key_of("a")), entry_of("r-1"));
  EXPECT_FALSE(store_of(ledger).find({"r-2"}, {"n"}, key_of("b"))->has_value());
}

TEST_F(ReplayStoreTest, ListsTheNewestFirstAndCountsHits) {
  Ledger ledger = opened();
  ReplayStore& store = store_of(ledger);
  ASSERT_TRUE(store.put(key_of("a"), entry_of("r-1")));
  ReplayEntry later = entry_of("r-2", "m");
  later.stored_at = test::at_ms(2);
  ASSERT_TRUE(store.put(key_of("b"), later));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store.find({"r-3"}, {"n"}, key_of("a"))->has_value());
  const std::vector<ReplayRow> rows = *store.list();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].node, NodeId{"m"});
  EXPECT_EQ(rows[0].hits, 0U);
  EXPECT_EQ(rows[1].hits, 3U);
  EXPECT_EQ(rows[1].digest, key_of("a").digest());
  EXPECT_GT(rows[1].used_at, rows[1].stored_at);
  EXPECT_GT(rows[1].bytes, 40U);
}

TEST_F(ReplayStoreTest, SaysWhyTheNewestLookHitOrMissed) {
  Ledger ledger = opened();
  ReplayStore& store = store_of(ledger);
  EXPECT_FALSE(store.why({"n"})->has_value());
  ASSERT_TRUE(store.find({"r-1"}, {"n"}, key_of("a")));
  EXPECT_THAT((*store.why({"n"}))->changed, IsEmpty()) << "there was none";
  ASSERT_TRUE(store.put(key_of("a"), entry_of("r-1")));
  EXPECT_FALSE((*store.why({"n"}))->hit) << "what it stored itself came after";

  ASSERT_TRUE(store.find({"r-2"}, {"n"}, key_of("a")));
  const ReplayVerdict hit = **store.why({"n"});
  EXPECT_TRUE(hit.hit);
  EXPECT_EQ(hit.run, RunId{"r-2"});
  EXPECT_EQ(hit.from, RunId{"r-1"});

  ASSERT_TRUE(store.put(key_of("z", "t9"), entry_of("r-2")));
  ASSERT_TRUE(store.find({"r-3"}, {"n"}, key_of("a", "t2")));
  ASSERT_TRUE(store.put(key_of("a", "t2"), entry_of("r-3")));
  const ReplayVerdict miss = **store.why({"n"});
  EXPECT_FALSE(miss.hit);
  EXPECT_TRUE(miss.from.empty());
  EXPECT_THAT(miss.changed, ElementsAre("file tools/a.mjs")) << "against the nearest one";
}

TEST_F(ReplayStoreTest, CollectsWhatIsOldThenWhatIsTooMuch) {
  Ledger ledger = opened();
  ReplayStore& store = store_of(ledger);
  ReplayEntry old = entry_of("r-1");
  old.stored_at = test::at_ms(-10 * 3'600'000);
  ASSERT_TRUE(store.put(key_of("old"), old));
  ASSERT_TRUE(store.put(key_of("old but used"), old));
  for (const char* const input : {"a", "b", "c"}) ASSERT_TRUE(store.put(key_of(input), entry_of("r-2")));
  ASSERT_TRUE(store.find({"r-3"}, {"n"}, key_of("old but used")));
  EXPECT_EQ(*store.collect(std::chrono::hours(1), UINT64_MAX), 1U);
  const std::vector<ReplayRow> rows = *store.list();
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(*store.collect(std::chrono::hours(1), rows[0].bytes + rows[0].bytes / 2), 3U);
  EXPECT_TRUE(store.find({"r-4"}, {"n"}, key_of("old but used"))->has_value()) << "used last";
  EXPECT_EQ(*store.collect(std::chrono::hours(1), 0), 1U);
  EXPECT_THAT(*store.list(), IsEmpty());
}

TEST_F(ReplayStoreTest, ABrokenOrForeignFileIsAnEmptyStore) {
  for (const std::string& bytes : {std::string(10'000, 'x'), std::string("short"), std::string()}) {
    Ledger ledger = opened();
    test::put_bytes(file(), bytes);
    ReplayStore& store = store_of(ledger);
    EXPECT_FALSE(store.find({"r-2"}, {"n"}, key_of("a"))->has_value());
    ASSERT_TRUE(store.put(key_of("a"), entry_of("r-1")));
    ASSERT_TRUE(store.flush());
    EXPECT_EQ(store.list()->size(), 1U);
  }
  {
    db::Database database = *db::Database::open(file(), db::Mode::read_write);
    ASSERT_TRUE(database.execute("PRAGMA user_version = 99"));
  }
  Ledger ledger = opened();
  EXPECT_EQ(store_of(ledger).list()->size(), 0U);
}

TEST_F(ReplayStoreTest, AStoreThatCannotBeUsedStopsNoRun) {
  Ledger ledger = opened();
  fs::create_directories(file() / "in the way");
  ReplayStore& store = store_of(ledger);
  ASSERT_TRUE(store.put(key_of("a"), entry_of("r-1")));
  EXPECT_TRUE(store.flush());
  EXPECT_FALSE(store.find({"r-2"}, {"n"}, key_of("a"))->has_value());
  EXPECT_FALSE(store.list()) << "but who asks is told";
}

TEST_F(ReplayStoreTest, TwoProcessesPutAndFindAtOnce) {
  opened();
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    children.push_back(test::in_child([&] {
      Ledger ledger = opened();
      ReplayStore& store = store_of(ledger);
      for (int n = 0; n < 3000; ++n) {
        const std::string name = std::to_string(i) + "-" + std::to_string(n);
        if (!store.find({"r-1"}, {"n"}, key_of(name)) || !store.put(key_of(name), entry_of("r-1"))) return false;
      }
      return store.flush().has_value();
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(test::status_of(child), 0);
  Ledger ledger = opened();
  EXPECT_EQ(store_of(ledger).list()->size(), 9000U);
}

}  // namespace
}  // namespace oe::ledger
