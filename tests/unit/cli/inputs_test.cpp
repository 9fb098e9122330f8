#include "cli/inputs.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oe::cli {
namespace {

using ::testing::HasSubstr;

graph::Graph declaring(std::string name, graph::FieldType type) {
  graph::Graph graph;
  graph.inputs.push_back({.name = std::move(name), .type = type});
  return graph;
}

Result<Value> bound(const graph::Graph& graph, std::string pair) {
  return bind_inputs(graph, {.pairs = {std::move(pair)}});
}

TEST(Inputs, OfTypeStringAreTakenAsTheyStand) {
  for (const char* text : {"7", "true", "[1]", "", "a=b"}) {
    const auto value = bound(declaring("tag", graph::FieldType::string), std::string("tag=") + text);
    ASSERT_TRUE(value) << value.error().to_string();
    EXPECT_EQ(value->get("tag"), Value::of(text));
  }
}
TEST(Inputs, OfOtherTypesAreJson) {
  EXPECT_EQ(bound(declaring("n", graph::FieldType::number), "n=7")->dump(), R"({"n":7})");
  EXPECT_EQ(bound(declaring("on", graph::FieldType::boolean), "on=false")->dump(), R"({"on":false})");
  EXPECT_EQ(bound(declaring("l", graph::FieldType::array), "l=[1,\"a\"]")->dump(), R"({"l":[1,"a"]})");
}
TEST(Inputs, OfTheWrongTypeNameTheDeclaredOne) {
  for (const char* pair : {"n=seven", "n=\"7\"", "n="}) {
    const auto value = bound(declaring("n", graph::FieldType::number), pair);
    ASSERT_FALSE(value) << pair;
    EXPECT_EQ(value.error().kind(), ErrorKind::usage);
    EXPECT_THAT(value.error().message(), HasSubstr("--input n has the type number"));
  }
}
TEST(Inputs, ThatNobodyDeclaredAreJsonOrText) {
  EXPECT_EQ(bound({}, "a=7")->dump(), R"({"a":7})");
  EXPECT_EQ(bound({}, "a=seven")->dump(), R"({"a":"seven"})");
}
TEST(Inputs, NeedANameAndAValue) {
  for (const char* pair : {"who", "=me", ""}) {
    const auto value = bound({}, pair);
    ASSERT_FALSE(value) << pair;
    EXPECT_EQ(value.error().kind(), ErrorKind::usage);
  }
}
TEST(Inputs, OnTheLineWinOverArgsAndThoseOverTheFile) {
  const InputSources sources{.file = *Value::parse(R"({"a":1,"b":1,"c":1})"),
                             .args = *Value::parse(R"({"b":2,"c":2})"),
                             .pairs = {"c=3", "c=4"}};
  EXPECT_EQ(bind_inputs({}, sources)->dump(), R"({"a":1,"b":2,"c":4})");
}

class InputFile : public ::testing::Test {
 protected:
  InputFile() : path_(std::filesystem::temp_directory_path() / ("oe-inputs-" + std::to_string(getpid()))) {}
  ~InputFile() override { std::filesystem::remove(path_); }
  Result<InputSources> reading(const std::string& text) {
    std::ofstream(path_) << text;
    return read_inputs(path_.string(), "", {});
  }
  std::filesystem::path path_;
};

TEST_F(InputFile, MayBeYamlOrJson) {
  EXPECT_EQ(reading("a: 1\nb: [x, 'y']\n")->file.dump(), R"({"a":1,"b":["x","y"]})");
  EXPECT_EQ(reading(R"({"a": {"b": null}})")->file.dump(), R"({"a":{"b":null}})");
}
TEST_F(InputFile, IsAMapping) {
  const auto sources = reading("- a\n- b\n");
  ASSERT_FALSE(sources);
  EXPECT_EQ(sources.error().kind(), ErrorKind::input);
  EXPECT_THAT(sources.error().message(), HasSubstr(path_.string() + " is no mapping"));
}
TEST_F(InputFile, SaysWhereItsSyntaxIsWrong) {
  const auto sources = reading("a: 1\nb: [1\n");
  ASSERT_FALSE(sources);
  EXPECT_EQ(sources.error().kind(), ErrorKind::input);
  EXPECT_GE(sources.error().location().line, 2U);
}
TEST(InputArgs, AreAJsonObject) {
  for (const char* args : {"[1]", "{", "7"}) {
    const auto sources = read_inputs("", args, {});
    ASSERT_FALSE(sources) << args;
    EXPECT_EQ(sources.error().kind(), ErrorKind::usage);
  }
  EXPECT_EQ(read_inputs("", R"({"a":1})", {})->args.dump(), R"({"a":1})");
}

}  // namespace
}  // namespace oe::cli
