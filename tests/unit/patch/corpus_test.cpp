#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>

#include "bench/surgeon/verdict.hpp"

namespace oe::surgeon {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(OE_SOURCE_DIR) / "fixtures/surgeon";

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

// A file of fixtures/surgeon; README.md there says how it is written.
struct Case {
  Trial trial;
  std::vector<std::string> reasons, rungs;
  std::string about, grade;
};

// \0 and \xNN of a section that is [escaped].
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\0") == 0) {
      out += '\0', i += 1;
    } else if (text.compare(i, 2, "\\x") == 0) {
      out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16)), i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) (out += c == '\n' ? "\r" : "") += c;
  return out;
}

void add_section(Case& made, const std::string& head, std::string body) {
  const auto has = [&](const char* flag) { return head.find(flag, head.find('[')) != std::string::npos; };
  const bool flags = head.find('[') != std::string::npos;
  if (flags && has("bare")) body.pop_back();
  if (flags && has("crlf")) body = with_crlf(body);
  if (flags && has("escaped")) body = unescaped(body);
  const std::vector<std::string> words = words_of(head);
  if (words[0] == "reply") made.trial.text = body;
  if (words[0] == "base") made.trial.base[words[1]] = body;
  if (words[0] == "wanted") made.trial.intended.emplace(made.trial.intended.value_or(Files{}))[words[1]] = body;
}

void set_field(Case& made, const std::string& key, const std::string& value) {
  const std::vector<std::string> words = words_of(value);
  if (key == "about") made.about = value;
  if (key == "target") made.trial.target = value;
  if (key == "cut-off") made.trial.was_cut_off = value == "yes";
  if (key == "promise") made.trial.promise = value == "one-added" ? Promise::one_added : Promise::one_changed;
  if (key == "refuse") made.reasons = words;
  if (key == "grade") made.grade = value;
  if (key == "rungs") made.rungs = words;
  if (key == "base") made.trial.base[words[2]] = bytes_of(kFolder / "bases" / words[0]);
}

Case read_case(const std::string& name) {
  Case made;
  std::istringstream lines(bytes_of(kFolder / (name + ".case")));
  std::string line, head, body;
  bool in_section = false;
  while (std::getline(lines, line)) {
    if (line.rfind("%%%% ", 0) == 0) {
      if (in_section) add_section(made, head, body);
      head = line.substr(5), body.clear(), in_section = true;
    } else if (in_section) {
      body += line + "\n";
    } else {
      set_field(made, line.substr(0, line.find(':')), line.substr(line.find(": ") + 2));
    }
  }
  add_section(made, head, body);
  if (!made.trial.intended) return made;
  for (const auto& [path, bytes] : made.trial.base) made.trial.intended->emplace(path, bytes);
  return made;
}

std::vector<std::string> all_cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".case") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

class Corpus : public testing::TestWithParam<std::string> {};

void expect_refusal(const Case& made, const Outcome& outcome) {
  if (const auto files = files_of(made.trial, outcome)) {
    for (const auto& [path, bytes] : *files)
      if (const auto was = made.trial.base.find(path); was == made.trial.base.end() || was->second != bytes)
        ADD_FAILURE() << "it wrote " << path << ":\n" << bytes;
    FAIL() << "a refusal was wanted: " << made.about;
  }
  const std::string reason(patch::to_string(outcome.error().reason));
  EXPECT_NE(std::find(made.reasons.begin(), made.reasons.end(), reason), made.reasons.end())
      << "for another reason: " << reason << ", " << outcome.error().message;
  EXPECT_FALSE(outcome.error().message.empty());
}

void expect_change(const Case& made, const Outcome& outcome) {
  ASSERT_TRUE(outcome) << patch::to_string(outcome.error().reason) << ": " << outcome.error().message << "\n"
                       << made.about;
  EXPECT_EQ(*files_of(made.trial, outcome), *made.trial.intended) << made.about;
  if (!made.grade.empty()) {
    EXPECT_EQ(patch::to_string(outcome->grade), made.grade);
  }
  for (const std::string& wanted : made.rungs)
    EXPECT_TRUE(std::any_of(outcome->rungs.begin(), outcome->rungs.end(),
                            [&](patch::Rung rung) { return patch::to_string(rung) == wanted; }))
        << "without the rung " << wanted;
}

TEST_P(Corpus, BecomesWhatWasMeantOrIsRefusedForItsReason) {
  const Case made = read_case(GetParam());
  const Outcome outcome = operate_on(made.trial, true);
  if (made.trial.intended)
    expect_change(made, outcome);
  else
    expect_refusal(made, outcome);
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Surgeon, Corpus, testing::ValuesIn(all_cases()), test_name);

TEST(CorpusFolder, HoldsAtLeast120CasesAndTwoOfEachRow) {
  const std::vector<std::string> names = all_cases();
  EXPECT_GE(names.size(), 120u);
  for (int row = 1; row <= 39; ++row) {
    const std::string prefix = "row-" + std::string(row < 10 ? "0" : "") + std::to_string(row) + "-";
    EXPECT_GE(std::count_if(names.begin(), names.end(), [&](const auto& name) { return name.rfind(prefix, 0) == 0; }),
              2)
        << prefix;
  }
}

TEST(CorpusFolder, EachCaseWantsEitherFilesOrARefusal) {
  for (const std::string& name : all_cases()) {
    const Case made = read_case(name);
    EXPECT_NE(made.trial.intended.has_value(), !made.reasons.empty()) << name;
    EXPECT_FALSE(made.trial.text.empty()) << name;
    EXPECT_NE(made.trial.intended, made.trial.base) << name;
  }
}

}  // namespace
}  // namespace oe::surgeon
