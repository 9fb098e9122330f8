#include "oe/ledger/trust.hpp"

#include <gmock/gmock.h>

#include "unit/ledger/ledger_fixture.hpp"

namespace oe::ledger {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class TrustStoreTest : public test::LedgerFixture {
 protected:
  fs::path file() const { return root_ / "state" / "openexpertise" / "trusted"; }
};

TEST_F(TrustStoreTest, TrustsWhatWasAddedAndNothingElse) {
  TrustStore store(file());
  EXPECT_FALSE(*store.trusts("abc"));
  ASSERT_TRUE(store.add("abc", "run"));
  ASSERT_TRUE(store.add("abd", "trust"));
  EXPECT_TRUE(*TrustStore(file()).trusts("abc"));
  EXPECT_TRUE(*store.trusts("abd"));
  for (const char* const other : {"", "ab", "bc", "abcd", "run"}) EXPECT_FALSE(*store.trusts(other)) << other;
  const std::string before = test::bytes_of(file());
  EXPECT_EQ(std::ranges::count(before, '\n'), 2);
  EXPECT_TRUE(before.starts_with("abc 2"));
  EXPECT_THAT(before, HasSubstr("Z run\nabd "));
  ASSERT_TRUE(store.add("abc", "trust"));
  EXPECT_EQ(test::bytes_of(file()), before) << "it is there already";
}

TEST_F(TrustStoreTest, ForgetsTheOldestWhenThereAreTooMany) {
  fs::create_directories(file().parent_path());
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "d" + std::to_string(i) + " 2026-06-01T09:00:00.000Z run\n";
  test::put_bytes(file(), lines);
  TrustStore store(file());
  ASSERT_TRUE(store.add("new", "trust"));
  EXPECT_FALSE(*store.trusts("d0"));
  EXPECT_TRUE(*store.trusts("d1"));
  EXPECT_TRUE(*store.trusts("new"));
}

TEST_F(TrustStoreTest, RefusesWhatWouldBreakALine) {
  for (const char* const digest : {"", "a b", "a\nb"}) EXPECT_FALSE(TrustStore(file()).add(digest, "run"));
}

TEST_F(TrustStoreTest, LivesWhereTheUserKeepsState) {
  const auto in_home = [&](const char* xdg, const char* home) {
    return test::status_of(test::in_child([&] {
      xdg == nullptr ? unsetenv("XDG_STATE_HOME") : setenv("XDG_STATE_HOME", xdg, 1);
      home == nullptr ? unsetenv("HOME") : setenv("HOME", home, 1);
      Result<TrustStore> store = TrustStore::open();
      return store && store->add("abc", "run");
    }));
  };
  const std::string state = root_ / "xdg";
  const std::string home = root_ / "home";
  EXPECT_EQ(in_home(state.c_str(), home.c_str()), 0);
  EXPECT_TRUE(fs::exists(root_ / "xdg/openexpertise/trusted"));
  EXPECT_EQ(in_home("relative", home.c_str()), 0);
  EXPECT_TRUE(fs::exists(root_ / "home/.local/state/openexpertise/trusted"));
  EXPECT_NE(in_home(nullptr, nullptr), 0);
}

TEST_F(TrustStoreTest, TwoProcessesLoseNothing) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(test::in_child([&] {
      for (int n = 0; n < 20; ++n) {
        if (!TrustStore(file()).add(std::to_string(i) + "-" + std::to_string(n), "run")) return false;
      }
      return true;
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(test::status_of(child), 0);
  const std::string lines = test::bytes_of(file());
  EXPECT_EQ(std::ranges::count(lines, '\n'), 80);
}

}  // namespace
}  // namespace oe::ledger
