#include <algorithm>
#include <cctype>
#include <ctime>

#include "oe/base/text.hpp"
#include "oe/patch/patch.hpp"

#include "fuzz/canonical.hpp"
#include "fuzz/must.hpp"
#include "fuzz/patch_input.hpp"
#include "fuzz/targets.hpp"
#include "unit/patch/corpus.hpp"

namespace oe::fuzz {

namespace {

using Outcome = tl::expected<patch::Patch, patch::Refusal>;

constexpr double kMostSeconds = 5;  ///< of the processor for 64 KiB, with every sanitizer
constexpr std::size_t kMostMessage = 2000;
constexpr std::size_t kMostQuestion = 32768;  ///< bytes of what goes back to the model
constexpr std::size_t kMostReadings = 16;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

bool passes(PatchInput::Gate gate, const std::vector<patch::FileEdit>& files) {
  std::size_t bytes = 0;
  for (const patch::FileEdit& file : files) bytes += file.after.size();
  return gate == PatchInput::Gate::none || (gate == PatchInput::Gate::even && bytes % 2 == 0);
}

/// A path that a tree may be asked for.
bool stays_inside(const std::string& path) {
  const std::vector<std::string> parts = split(path, '/');
  return !path.starts_with('/') && std::ranges::find(parts, "..") == parts.end() &&
         path.find('\0') == std::string::npos;
}

Outcome operated(const PatchInput& input, std::string_view text) {
  std::size_t readings = 0;
  patch::Request request;
  request.text = text;
  request.target = input.target;
  request.most_readings = kMostReadings;
  if (input.gate != PatchInput::Gate::none) {
    request.accepts = [&](const std::vector<patch::FileEdit>& files) -> std::string {
      must(++readings <= kMostReadings, "no more readings than asked for");
      return passes(input.gate, files) ? "" : "not taken";
    };
  }
  patch::Tree tree;
  tree.read = [&](const std::string& path) -> std::optional<std::string> {
    const auto file = input.files.find(path);
    must(stays_inside(path) || file != input.files.end(), "nothing outside is read");
    return file == input.files.end() ? std::nullopt : std::optional(file->second);
  };
  tree.paths = [&] {
    std::vector<std::string> paths;
    for (const auto& [path, bytes] : input.files) paths.push_back(path);
    return paths;
  };
  return patch::operate(request, tree);
}

// Neither git's, nor oe's, nor one that would end a line of a diff.
bool may_be_written(const std::string& path) {
  const std::vector<std::string> parts = split(path, '/');
  const auto is_state = [](const std::string& part) { return part == ".git" || part == ".openexpertise"; };
  return std::ranges::none_of(parts, is_state) &&
         std::ranges::none_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool has(const patch::Patch& patch, patch::Rung rung) {
  return std::ranges::find(patch.rungs, rung) != patch.rungs.end();
}

bool is_plain(std::string_view line) {
  return !invalid_utf8(line) && std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

// With "/" for what parts it, each part once.
std::string normal(std::string path) {
  std::ranges::replace(path, '\\', '/');
  std::vector<std::string> parts = split(path, '/');
  std::erase_if(parts, [](const std::string& part) { return part.empty() || part == "."; });
  return join(parts, "/");
}

/// No file is changed that was not named: the last part of the path stands in the text, or it was the target, or no
/// file was named at all. Capitals apart: a name that differs in them alone from one file is that file's.
void must_be_named(const PatchInput& input, const patch::Patch& patch, const patch::FileEdit& file) {
  if (has(patch, patch::Rung::target) || has(patch, patch::Rung::decode)) return;
  if (folded(normal(file.path)) == folded(normal(input.target))) return;
  const std::string name = folded(file.path.substr(file.path.rfind('/') + 1));
  must(folded(input.text).find(name) != std::string::npos, "only files that the text names are changed");
}

std::vector<std::string_view> lines_in(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.push_back(trim(text.substr(0, end + 1)));
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// A line that the file did not have is one of the text; indentation and what ends it apart.
void must_not_invent(const PatchInput& input, const patch::Patch& patch, const patch::FileEdit& file) {
  if (has(patch, patch::Rung::decode) || has(patch, patch::Rung::whole)) return;
  std::vector<std::string_view> known = lines_in(file.before ? *file.before : std::string_view());
  std::ranges::sort(known);
  for (const std::string_view line : lines_in(file.after)) {
    const bool was_there = std::ranges::binary_search(known, line);
    must(was_there || input.text.find(line) != std::string::npos, "no line is made up");
  }
}

bool has_bare_newline(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at == 0 || text[at - 1] != '\r') return true;
  }
  return false;
}

std::string without_cr(std::string text) {
  std::erase(text, '\r');
  return text;
}

/// Line ends that are all alike stay so.
void must_keep_ends(const PatchInput& input, const patch::FileEdit& file) {
  if (!file.before || file.before->find('\n') == std::string::npos) return;
  const bool has_crlf = file.before->find("\r\n") != std::string::npos;
  if (has_crlf) {
    must(has_bare_newline(*file.before) || !has_bare_newline(file.after), "CRLF stays CRLF");
  } else if (input.text.find("\r\r") == std::string::npos && input.text.find("\\r") == std::string::npos) {
    must(file.after.find("\r\n") == std::string::npos, "LF stays LF");
  }
}

/// The diff that git would make of the change gives the same bytes when it is applied by its numbers, and the surgeon
/// makes nothing else of it.
void must_round_trip(const PatchInput& input, const patch::FileEdit& file) {
  const std::string diff = canonical_diff(file.path, file.before, file.after);
  must(strictly_applied(diff, file.before.value_or("")) == file.after, "the canonical diff gives the result");
  PatchInput again = input;
  again.gate = PatchInput::Gate::none;
  const Outcome outcome = operated(again, diff);
  if (!outcome || !file.before) return;
  must(outcome->files.size() == 1 && outcome->files.front().path == file.path, "its own diff is about the same file");
  const bool is_mixed = file.before->find("\r\n") != std::string::npos && has_bare_newline(*file.before);
  const std::string& result = outcome->files.front().after;
  const bool is_same = is_mixed ? without_cr(result) == without_cr(file.after) : result == file.after;
  must(is_same, "its own diff is the same change");
}

void check_file(const PatchInput& input, const patch::Patch& patch, const patch::FileEdit& file) {
  const auto here = input.files.find(file.path);
  must(file.before.has_value() == (here != input.files.end()), "it knows what is there");
  must(!file.before || *file.before == here->second, "before are the bytes of the tree");
  must(file.before != file.after, "each file differs");
  must(stays_inside(file.path) || file.before, "nothing is written outside");
  must(may_be_written(file.path), "nothing is written that may not be");
  must_be_named(input, patch, file);
  must_not_invent(input, patch, file);
  must_keep_ends(input, file);
  must_round_trip(input, file);
}

void check(const PatchInput& input, const patch::Patch& patch) {
  must(!patch.files.empty(), "a patch changes something");
  const auto is_before = [](const auto& a, const auto& b) { return a.path >= b.path; };
  must(std::ranges::adjacent_find(patch.files, is_before) == patch.files.end(), "files by path, each once");
  must(std::ranges::adjacent_find(patch.rungs, std::greater_equal<>()) == patch.rungs.end(), "rungs in order, once");
  must((patch.rungs == std::vector{patch::Rung::exact}) == (patch.grade == patch::Grade::clean), "clean without rungs");
  must(!patch.rungs.empty(), "how it was found is told");
  must(passes(input.gate, patch.files), "only a reading that is taken");
  for (const patch::FileEdit& file : patch.files) check_file(input, patch, file);
}

void check(const PatchInput& input, const patch::Refusal& refusal) {
  must(!refusal.message.empty() && refusal.message.size() <= kMostMessage, "a refusal says why, in short");
  must(is_plain(refusal.message), "a plain message");
  must((refusal.hunk > 0) == !refusal.sent.empty(), "a hunk is shown when it is about one");
  must(refusal.candidates.size() <= 5, "at most five places");
  for (const patch::Place& place : refusal.candidates) {
    const auto file = input.files.find(place.path);
    must(file != input.files.end() && place.line > 0, "a place is in the tree");
    must(place.line <= lines_in(file->second).size(), "a place is in the file");
  }
  const std::string question = patch::to_text(refusal);
  must(question.find(refusal.message) != std::string::npos && question.size() <= kMostQuestion, "a short question");
}

void add(std::vector<std::string>& inputs, const surgeon::Trial& trial) {
  PatchInput input;
  input.target = trial.target;
  input.text = trial.text;
  input.files.insert(trial.base.begin(), trial.base.end());
  inputs.push_back(bytes_of(input));
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// What is dear to hold against a file, in 64 KiB: lines that repeat, many hunks, changes that are never in one place.
void add_dear(std::vector<std::string>& inputs) {
  const std::string head = "--- a/x.yaml\n+++ b/x.yaml\n";
  const std::string many = repeated("a\n", 12000), blocks = repeated("a\nb\nc\n\n", 3000);
  for (const std::string& text :
       {head + repeated("@@ -1,2 +1,3 @@\n a\n+c\n a\n", 900), head + "@@ -1 +1 @@\n" + repeated(" a\n", 9000) + "+b\n",
        head + "@@ @@\n" + repeated(" a\n+b\n a\n-c\n", 30) + repeated(" a\n", 800) + "+z\n",
        head + repeated("@@ -1,9 +1,9 @@\n a\n b\n-a\n+d\n c\n a\n b\n...\n-c\n+e\n", 500),
        head + repeated("@@ @@\n" + repeated(" a\n+q\n b\n-c\n", 16), 60),
        "x.yaml\n" + repeated("<<<<<<< SEARCH\na\nb\n=======\na\nc\n>>>>>>> REPLACE\n", 600),
        "```yaml x.yaml\n" + repeated("a\nc\n", 6000) + "```\n"}) {
    for (const std::string& file : {many, blocks}) {
      surgeon::Trial trial;
      trial.text = text;
      trial.base["x.yaml"] = file;
      add(inputs, trial);
      trial.text.replace(0, text.starts_with(head) ? head.size() : 0, "");  // no file is named
      trial.base["y.yaml"] = file.substr(file.size() / 2);
      add(inputs, trial);
    }
  }
}

/// Files that fit, and may not be written.
void add_barred(std::vector<std::string>& inputs) {
  const std::string change = "@@ @@\n-a: 1\n+a: 2\n";
  for (const std::string path : {"a\nb.yaml", "a\rb/x.yaml", ".openexpertise/x.yaml", ".git/x.yaml"}) {
    surgeon::Trial trial;
    trial.base[path] = "a: 1\n";
    trial.text = change;
    add(inputs, trial);
    trial.text = "--- a/x.yaml\n+++ b/x.yaml\n" + change;
    add(inputs, trial);
  }
}

std::vector<std::string> patch_samples() {
  std::vector<std::string> inputs;
  for (const std::string& name : surgeon::all_cases()) add(inputs, surgeon::read_case(name).trial);
  add_dear(inputs);
  add_barred(inputs);
  for (const std::string file : {"a\\b.md", "c.md"}) {
    surgeon::Trial trial;
    trial.target = "a\\b.md";
    trial.base[file] = "# Old\ntext\n";
    trial.text = "# New\n\n```json\n{}\n```\n";
    add(inputs, trial);
  }
  return inputs;
}

}  // namespace

void check_patch(std::string_view bytes) {
  const PatchInput input = patch_input(bytes);
  const double start = processor_seconds();
  const Outcome outcome = operated(input, input.text);
  if (bytes.size() <= 65536) must(processor_seconds() - start <= kMostSeconds, "64 KiB are read within seconds");
  must(operated(input, input.text) == outcome, "the same from the same");
  if (outcome)
    check(input, *outcome);
  else
    check(input, outcome.error());
}

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {{"patch", check_patch, patch_samples}};
  return all;
}

}  // namespace oe::fuzz
