#include "evolve/entry_test.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Demand = EntryTest::Demand;

constexpr std::array<std::string_view, 5> kTypes = {"string", "number", "boolean", "array", "object"};
constexpr std::array kDemands = {Demand::present,      Demand::of_type,  Demand::not_blank,
                                 Demand::not_negative, Demand::positive, Demand::not_empty};

std::string_view type_name(const Json& value) {
  if (value.is_string()) return "string";
  if (value.is_number()) return "number";
  if (value.is_boolean()) return "boolean";
  if (value.is_array()) return "array";
  return value.is_object() ? "object" : "null";
}

// A missing member is null here: no demand tells the two apart.
const Json& subject(const EntryTest& test, const Json& entry) {
  static const Json missing = nullptr;
  if (test.member.empty()) return entry;
  const auto member = entry.is_object() ? entry.find(test.member) : entry.end();
  return entry.is_object() && member != entry.end() ? *member : missing;
}

bool meets(const EntryTest& test, const Json& value) {
  switch (test.demand) {
    case Demand::present:
      return !value.is_null();
    case Demand::of_type:
      return type_name(value) == test.type;
    case Demand::not_blank:
      return value.is_string() && !trim(value.get_ref<const std::string&>()).empty();
    case Demand::not_negative:
      return value.is_number() && value.get<double>() >= 0;
    case Demand::positive:
      return value.is_number() && value.get<double>() > 0;
    case Demand::not_empty:
      return value.is_array() && !value.empty();
  }
  return false;
}

bool all_pass(const EntryTest& test, const std::vector<Value>& entries) {
  return std::all_of(entries.begin(), entries.end(), [&](const Value& entry) { return passes(test, entry); });
}

// Names of members that the first entry has: others cannot be in all of them. The empty name is the entry itself here.
std::vector<std::string> members_of(const Value& entry) {
  std::vector<std::string> names;
  if (!entry.is_object()) return names;
  for (const auto& [name, value] : entry.json().items()) {
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

void add_passed(const std::string& member, Demand demand, const std::vector<Value>& entries,
                std::vector<EntryTest>& tests) {
  EntryTest test{member, demand, {}};
  if (demand == Demand::of_type) test.type = type_name(subject(test, entries.front().json()));
  const bool is_type = std::find(kTypes.begin(), kTypes.end(), test.type) != kTypes.end();
  if ((demand != Demand::of_type || is_type) && all_pass(test, entries)) tests.push_back(std::move(test));
}

}  // namespace

bool passes(const EntryTest& test, const Value& entry) {
  return meets(test, subject(test, entry.json()));
}

std::vector<EntryTest> tests_passed_by(const std::vector<Value>& entries) {
  std::vector<EntryTest> tests;
  if (entries.empty()) return tests;
  for (const Demand demand : kDemands) add_passed("", demand, entries, tests);
  const std::vector<std::string> members = members_of(entries.front());
  for (const Demand demand : kDemands) {
    for (const std::string& member : members) add_passed(member, demand, entries, tests);
  }
  return tests;
}

std::string fault(const EntryTest& test) {
  const std::string what = test.member.empty() ? "the entry" : test.member;
  switch (test.demand) {
    case Demand::present:
      return what + (test.member.empty() ? " is null" : " is missing or null");
    case Demand::of_type:
      return what + " is not " + (test.type == "array" || test.type == "object" ? "an " : "a ") + test.type;
    case Demand::not_blank:
      return what + " is not a string with text in it";
    case Demand::not_negative:
      return what + " is not a number of at least 0";
    case Demand::positive:
      return what + " is not a number above 0";
    case Demand::not_empty:
      return what + " is not an array with elements";
  }
  return what;
}

}  // namespace oe::evolve
