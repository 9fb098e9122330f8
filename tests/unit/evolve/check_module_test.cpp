#include "evolve/check_module.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "evolve/entry_test.hpp"
#include "run_builder.hpp"

namespace oe::evolve::test {
namespace {

using Demand = EntryTest::Demand;

std::vector<Value> values(std::initializer_list<std::string_view> texts) {
  std::vector<Value> list;
  for (const std::string_view text : texts) list.push_back(json(text));
  return list;
}

bool finds(const std::vector<EntryTest>& tests, const EntryTest& wanted) {
  return std::find(tests.begin(), tests.end(), wanted) != tests.end();
}

TEST(TestsPassedBy, HoldForEveryEntry) {
  const auto entries = values({R"({"a":1,"b":"x"})", R"({"a":-1,"c":[]})"});
  for (const EntryTest& test : tests_passed_by(entries)) {
    for (const Value& entry : entries) EXPECT_TRUE(passes(test, entry)) << fault(test);
  }
}
TEST(TestsPassedBy, SayNothingOfMembersThatSomeLack) {
  const auto tests = tests_passed_by(values({R"({"a":1,"b":"x"})", R"({"a":-1})"}));
  EXPECT_TRUE(finds(tests, {"a", Demand::present, ""}));
  EXPECT_FALSE(finds(tests, {"b", Demand::present, ""}));
  EXPECT_FALSE(finds(tests, {"a", Demand::not_negative, ""}));
}
TEST(TestsPassedBy, ComeSimplestFirst) {
  const auto tests = tests_passed_by(values({R"({"b":"x","a":"y"})"}));
  ASSERT_GE(tests.size(), 4U);
  EXPECT_EQ(tests[0], (EntryTest{"", Demand::present, ""}));
  EXPECT_EQ(tests[1], (EntryTest{"", Demand::of_type, "object"}));
  EXPECT_EQ(tests[2], (EntryTest{"a", Demand::present, ""}));
  EXPECT_EQ(tests[3], (EntryTest{"b", Demand::present, ""}));
}
TEST(TestsPassedBy, NeedOneTypeForATestOfTypes) {
  for (const EntryTest& test : tests_passed_by(values({"1", "\"x\""}))) EXPECT_EQ(test.demand, Demand::present);
}
TEST(TestsPassedBy, AreNoneForNothing) {
  EXPECT_TRUE(tests_passed_by({}).empty());
  EXPECT_TRUE(tests_passed_by(values({"null"})).empty());
}
TEST(TestsPassedBy, NeverListAllowedValues) {
  const auto tests = tests_passed_by(values({R"("a")", R"("b")"}));
  EXPECT_TRUE(
      std::all_of(tests.begin(), tests.end(), [](const EntryTest& test) { return passes(test, json(R"("c")")); }));
}

// Every test over every entry: what is asked here and what the module does in node must be the same.
const auto kEntries = values({"null",
                              "true",
                              "0",
                              "-1",
                              "1.5",
                              R"("")",
                              R"(" \t")",
                              R"("x")",
                              "[]",
                              "[1]",
                              "{}",
                              R"({"k":null})",
                              R"({"k":false})",
                              R"({"k":0})",
                              R"({"k":-0.5})",
                              R"({"k":7})",
                              R"({"k":""})",
                              R"({"k":" "})",
                              R"({"k":"\u00a0"})",
                              R"({"k":"x"})",
                              R"({"k":[]})",
                              R"({"k":[1]})",
                              R"({"k":{}})",
                              R"({"length":1,"constructor":"y"})",
                              R"([{"k":1}])"});

std::vector<EntryTest> every_test() {
  std::vector<EntryTest> tests;
  for (const std::string member : {"", "k", "constructor", "length", "0", "a \"b\"\n`${1}`"}) {
    for (const Demand demand :
         {Demand::present, Demand::not_blank, Demand::not_negative, Demand::positive, Demand::not_empty})
      tests.push_back({member, demand, ""});
    for (const std::string type : {"string", "number", "boolean", "array", "object"})
      tests.push_back({member, Demand::of_type, type});
  }
  return tests;
}

/// A folder with modules and a driver that calls them all in one node process.
class NodeModules {
 public:
  NodeModules() : folder_(std::filesystem::path(testing::TempDir()) / ("oe-entry-test-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~NodeModules() { std::filesystem::remove_all(folder_); }

  void add(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  /// What `script` prints, as JSON.
  Value run(const std::string& script) {
    add("driver.mjs", script);
    const std::string out = (folder_ / "out.json").string(), log = (folder_ / "log.txt").string();
    const std::string command = "node '" + (folder_ / "driver.mjs").string() + "' > '" + out + "' 2> '" + log + "'";
    EXPECT_EQ(std::system(command.c_str()), 0) << read("log.txt");
    return json(read("out.json"));
  }
  std::string read(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  std::filesystem::path folder_;
};

TEST(CheckModule, KeepsExactlyWhatTheTestPasses) {
  NodeModules modules;
  const std::vector<EntryTest> tests = every_test();
  nlohmann::json entries = nlohmann::json::array(), expected = nlohmann::json::array();
  for (const Value& entry : kEntries) entries.push_back(entry.json());
  for (std::size_t i = 0; i < tests.size(); ++i) {
    modules.add("m" + std::to_string(i) + ".mjs", check_module("check_list", "list", "scan", tests[i]));
    nlohmann::json kept = nlohmann::json::array();
    for (const Value& entry : kEntries) {
      if (passes(tests[i], entry)) kept.push_back(entry.json());
    }
    expected.push_back(kept);
  }
  const Value got = modules.run("const list = " + entries.dump() + ";\nconst all = [];\nfor (let i = 0; i < " +
                                std::to_string(tests.size()) +
                                "; i++) {\n  const { default: check } = await import(`./m${i}.mjs`);\n"
                                "  all.push(check({ _state: { list } }).state_delta.list);\n}\n"
                                "console.log(JSON.stringify(all));\n");
  ASSERT_EQ(got.size(), tests.size());
  for (std::size_t i = 0; i < tests.size(); ++i) EXPECT_EQ(got.json()[i], expected[i]) << fault(tests[i]);
}

TEST(CheckModule, ReportsWhatItDrops) {
  NodeModules modules;
  modules.add("check.mjs", check_module("check_list", "list", "scan", {"url", Demand::present, ""}));
  const Value got = modules.run(
      "import check from './check.mjs';\n"
      "console.log(JSON.stringify(check({ _state: { list: [{ url: 1 }, {}, null] } })));\n");
  EXPECT_EQ(got, json(R"({"state_delta":{"list":[{"url":1}]},"edge_output":{"dropped":[
      {"index":1,"why":"url is missing or null"},{"index":2,"why":"url is missing or null"}]}})"));
  EXPECT_EQ(modules.read("log.txt"),
            "check_list: dropped entry 1: url is missing or null\n"
            "check_list: dropped entry 2: url is missing or null\n");
}
TEST(CheckModule, GivesAnEmptyListWhenTheFieldIsUnset) {
  NodeModules modules;
  modules.add("check.mjs", check_module("check_list", "list", "scan", {"", Demand::present, ""}));
  EXPECT_EQ(modules.run(
                "import check from './check.mjs';\nconsole.log(JSON.stringify(check({ _state: {} }).state_delta));\n"),
            json(R"({"list":[]})"));
}
TEST(CheckModule, TakesAnyNameThatAUserGives) {
  NodeModules modules;
  const std::string field = "my \"list\"\n*/ @KEY@ ${x}";
  modules.add("check.mjs", check_module("check_list", field, "scan", {"@CONDITION@ `\\", Demand::of_type, "string"}));
  const std::string name = Value::of(field).dump();
  const Value got = modules.run(
      "import check from './check.mjs';\nconst entry = { '@CONDITION@ `\\\\': 'x' };\n"
      "console.log(JSON.stringify(check({ _state: { [" +
      name + "]: [entry, {}] } }).state_delta[" + name + "]));\n");
  EXPECT_EQ(got.size(), 1U);
}
TEST(CheckModule, IsAFileThatSomeoneWouldWrite) {
  const std::string text = check_module("check_packages", "packages", "scan", {"url", Demand::not_blank, ""});
  EXPECT_EQ(
      text,
      R"(// Keeps the entries of "packages" that "scan" can work on and reports the others: they are dropped, not repaired.
// Proposed by oe from recorded failures; from here on a tool like any other.

const FAULT = "url is not a string with text in it";

// What an entry must have to be kept.
const isGood = (entry) => {
  const isObject = entry !== null && typeof entry === "object" && !Array.isArray(entry);
  const value = isObject && Object.hasOwn(entry, "url") ? entry["url"] : undefined;
  return typeof value === "string" && /[^ \t\r\n\f\v]/.test(value);
};

export default function checkPackages({ _state }) {
  const entries = Array.isArray(_state.packages) ? _state.packages : [];
  const dropped = [];
  const kept = entries.filter((entry, index) => {
    const good = isGood(entry);
    if (!good) dropped.push({ index, why: FAULT });
    return good;
  });
  for (const { index, why } of dropped) console.error(`check_packages: dropped entry ${index}: ${why}`);
  return { state_delta: { packages: kept }, edge_output: { dropped } };
}
)");
}

}  // namespace
}  // namespace oe::evolve::test
