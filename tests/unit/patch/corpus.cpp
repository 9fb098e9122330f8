#include "unit/patch/corpus.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

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

}  // namespace

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

}  // namespace oe::surgeon
