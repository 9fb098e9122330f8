#include <algorithm>
#include <string_view>
#include <vector>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

struct Span {
  std::size_t begin = 0, end = 0;
};

// The changed lines of the last hunk, and whether context comes after them.
std::vector<Span> last_changes(const std::string& text, bool& context_after) {
  std::vector<Span> spans;
  bool in_hunk = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (text.compare(at, 2, "@@") == 0) in_hunk = true, spans.clear();
    const bool change = in_hunk && (text[at] == '+' || text[at] == '-');
    context_after = !change && in_hunk && text[at] != '\\';
    if (change) spans.push_back({at, end});
    at = end + 1;
  }
  return spans;
}

// In the middle of the change. Unless the header proves it, only the model's own word says so.
bool cut_off(Work& work, Random& random) {
  bool context_after = false;
  const std::vector<Span> spans = last_changes(work.text, context_after);
  if (spans.empty()) return false;
  std::size_t cut = random.between(spans.front().begin + 1, std::max(spans.front().begin + 1, spans.back().end - 1));
  while (cut > 0 && (work.text[cut - 1] == '\n' || work.text[cut - 1] == '\r')) --cut;
  work.text.resize(cut);
  const bool counted = !work.has(Kind::counts_small) && !work.has(Kind::counts_large) &&
                       !work.has(Kind::counts_placeholder) && !work.has(Kind::new_bad_counts) &&
                       !work.has(Kind::context_skipped) && !work.has(Kind::elision) && !work.has(Kind::two_sites);
  work.trial.was_cut_off = !counted || !context_after || work.trial.kinds.size() > 1 || random.percent(50);
  if (random.percent(30)) work.text = "Here is the patch:\n\n```diff\n" + work.text;
  work.trial.must_refuse = true;
  work.trial.intended.reset();
  return true;
}

void wrap(Work& work, Random& random) {
  static const std::vector<std::string> before = {
      "Sure! Here's the change you asked for:\n\n", "I looked at the runs. The limit is too low - the fix:\n\n",
      "<thinking>\nThe node needs more time.\n</thinking>\n\nBelow is a unified diff.\n\n",
      "**Proposal**\n\n- one change\n- nothing else\n\n", ""};
  static const std::vector<std::string> after = {"\n\nThis only touches what you named.",
                                                 "\n\nLet me know if you'd like tests, too!\n",
                                                 "\n\n### Why\n\n1. It failed twice.\n2. + it is slow\n", "\n"};
  const bool inner = work.text.find("```") != std::string::npos;
  const std::string fence = inner && random.percent(50) ? "````" : "```";
  const char* word = random.percent(70) ? "diff" : random.percent(50) ? "patch" : "";
  if (work.text.empty() || work.text.back() != '\n') work.text += '\n';
  work.text = random.of(before) + fence + word + "\n" + work.text + fence + random.of(after);
}

std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// Only where the raw text does not fit: what is escaped in new lines alone may be meant so.
bool escape_html(Work& work) {
  for (const FileDraft& file : work.draft) {
    bool seen = false;
    for (const Hunk& hunk : file.hunks)
      for (const Line& line : hunk.lines) seen |= line.sign != '+' && html(line.text) != line.text;
    if (!seen) return false;
  }
  work.text = html(work.text);
  return true;
}

std::string json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n' || c == '\t' || c == '\r') {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
      continue;
    }
    out += c;
  }
  return out;
}

void escape_json(Work& work, Random& random) {
  const std::string inner = json(work.text);
  switch (random.below(3)) {
    case 0:
      work.text = inner;
      break;
    case 1:
      work.text = "\"" + inner + "\"";
      break;
    default:
      work.text = "{\"reason\": \"slow\", \"diff\": \"" + inner + "\"}\n";
  }
}

}  // namespace

bool damage_text(Work& work, Kind kind, Random& random) {
  switch (kind) {
    case Kind::no_final_newline:
      while (!work.text.empty() && (work.text.back() == '\n' || work.text.back() == '\r')) work.text.pop_back();
      return true;
    case Kind::truncated:
      return cut_off(work, random);
    case Kind::fence:
      wrap(work, random);
      return true;
    case Kind::html:
      return escape_html(work);
    case Kind::json:
      escape_json(work, random);
      return true;
    default:
      return true;
  }
}

}  // namespace oe::surgeon
