#include "patch/outcome.hpp"

#include <algorithm>

#include "patch/locate.hpp"
#include "patch/read.hpp"
#include "patch/splice.hpp"

namespace oe::patch {

tl::unexpected<Refusal> refuse(Reason reason, std::string message, const std::string& path) {
  Refusal out = refusal(reason, std::move(message));
  out.path = path;
  return tl::unexpected(std::move(out));
}

namespace {

constexpr double kMostChurn = 0.3;
constexpr std::size_t kFewLines = 3;
constexpr Rungs kNeedsNoParse =
    bit(Rung::eol) | bit(Rung::path) | bit(Rung::target) | bit(Rung::recount) | bit(Rung::rstrip) | bit(Rung::decode);

// Only the last line may be without an end, wherever the text says so.
std::string content_of(const Hunk& hunk) {
  std::string out;
  for (const HunkLine& line : hunk.lines) (out += line.text) += '\n';
  if (!hunk.lines.empty() && hunk.lines.back().ends_file) out.pop_back();
  return out;
}

bool has_elision_line(std::string_view text) {
  const std::vector<Line> lines = lines_of(text);
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) { return is_elision(line.text); });
}

Outcomes whole_file(const Work& work, const std::string& text) {
  const FileText& file = *work.file;
  double churn = 0;
  const std::vector<Edit> edits = edits_to(file, text, churn);
  if (edits.empty()) return refuse(Reason::no_effect, "the file is as it was", work.path);
  const Edit& last = edits.back();
  const auto is_cut = [&](const Edit& edit) { return edit.lines.empty() && edit.end - edit.begin >= kFewLines; };
  if ((last.end == file.size() && is_cut(last)) || (edits.front().begin == 0 && is_cut(edits.front()))) {
    return refuse(Reason::truncated, "the text holds only a part of the file", work.path);
  }
  const bool is_much = churn > kMostChurn && churn * static_cast<double>(file.size()) > static_cast<double>(kFewLines);
  if (is_much || churn > 0.7) return refuse(Reason::not_found, "too much of the file would go", work.path);
  return std::vector<Outcome>{{.after = *spliced(file, edits), .rungs = work.rungs | bit(Rung::whole)}};
}

Outcomes whole_or_rows(const Work& work, const FileChange& change) {
  if (work.changes.size() > 1) return refuse(Reason::conflicting, "the file is given twice", work.path);
  const std::string& text = *change.whole;
  if (has_elision_line(text)) return refuse(Reason::truncated, "parts of the file are left out", work.path);
  if (work.file == nullptr && change.is_bare) {
    return refuse(Reason::no_change_found, "nothing in the text is a change", work.path);
  }
  if (work.file == nullptr) return std::vector<Outcome>{{.after = text, .rungs = work.rungs | bit(Rung::whole)}};
  if (!change.is_rows) return whole_file(work, text);
  auto rows = with_rows(*work.file, text);
  if (rows) return std::vector<Outcome>{{.after = std::move(*rows), .rungs = work.rungs | bit(Rung::whole)}};
  if (rows.error().reason == Reason::duplicate) return tl::unexpected(std::move(rows).error());
  return whole_file(work, text);
}

Outcomes new_file(const Work& work) {
  const FileChange& change = *work.changes.front();
  if (work.changes.size() > 1 || change.hunks.size() != 1) {
    return refuse(Reason::conflicting, "a new file comes in one piece", work.path);
  }
  const Hunk& hunk = change.hunks.front();
  const Rungs rungs = work.rungs | (hunk.needs_counts && !hunk.agrees() ? bit(Rung::recount) : 0);
  return std::vector<Outcome>{{.after = content_of(hunk), .rungs = rungs}};
}

bool has_lazy_line(const Hunk& hunk) {
  return std::any_of(hunk.lines.begin(), hunk.lines.end(), [](const HunkLine& line) {
    return (line.mark == Mark::plus || line.mark == Mark::minus) && is_elision(line.text);
  });
}

void add_to(std::vector<std::pair<std::vector<Edit>, Outcome>>& all, const std::vector<Option>& options) {
  std::vector<std::pair<std::vector<Edit>, Outcome>> more;
  for (const auto& [edits, outcome] : all) {
    for (const Option& option : options) {
      more.emplace_back(edits, outcome);
      for (const Edit& edit : option.edits) more.back().first.push_back(edit);
      more.back().second.rungs |= option.rungs;
      more.back().second.is_low |= option.is_low;
      more.back().second.has_checksum &= option.has_checksum;
    }
  }
  all = std::move(more);
}

Outcomes edited_file(const Work& work, std::size_t most) {
  std::vector<std::pair<std::vector<Edit>, Outcome>> all(1);
  all.front().second.rungs = work.rungs;
  for (const FileChange* change : work.changes) {
    for (const Hunk& hunk : change->hunks) {
      if (has_lazy_line(hunk)) {
        return tl::unexpected(refused(Reason::truncated, "parts of the change are left out", hunk, *work.file));
      }
      auto options = options_of(hunk, *work.file);
      if (!options) return tl::unexpected(std::move(options).error());
      add_to(all, *options);
      if (all.size() > most) return refuse(Reason::ambiguous, "there are too many readings", work.path);
    }
  }
  std::vector<Outcome> outcomes;
  for (auto& [edits, outcome] : all) {
    auto after = spliced(*work.file, std::move(edits));
    if (!after) continue;
    outcome.after = std::move(*after);
    outcomes.push_back(std::move(outcome));
  }
  if (outcomes.empty()) return refuse(Reason::conflicting, "two hunks want the same lines", work.path);
  return outcomes;
}

// Of equal results the one that needed least.
void unite_equal(std::vector<Outcome>& outcomes) {
  std::ranges::stable_sort(outcomes, [](const Outcome& a, const Outcome& b) {
    return a.is_low != b.is_low ? !a.is_low : a.has_checksum && !b.has_checksum;
  });
  std::vector<Outcome> kept;
  for (Outcome& outcome : outcomes) {
    const auto is_same = [&](const Outcome& other) { return other.after == outcome.after; };
    if (std::none_of(kept.begin(), kept.end(), is_same)) kept.push_back(std::move(outcome));
  }
  outcomes = std::move(kept);
}

// When all parse, nothing has to be known of the file as it was; one that does not parse may stay as bad as it is.
void keep_what_parses(const Work& work, std::vector<Outcome>& outcomes) {
  std::vector<bool> good;
  for (const Outcome& outcome : outcomes) good.push_back(parses(work.path, outcome.after));
  if (std::ranges::find(good, false) == good.end()) return;
  if (work.file != nullptr && !parses(work.path, work.file->text())) return;
  std::vector<Outcome> kept;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (good[i]) kept.push_back(std::move(outcomes[i]));
  }
  outcomes = std::move(kept);
}

Outcomes sifted(const Work& work, std::vector<Outcome> outcomes, bool is_judged) {
  unite_equal(outcomes);
  const bool is_risky = std::any_of(outcomes.begin(), outcomes.end(),
                                    [](const Outcome& outcome) { return (outcome.rungs & ~kNeedsNoParse) != 0; });
  if ((is_risky && !is_judged) || outcomes.size() > 1) keep_what_parses(work, outcomes);
  if (outcomes.empty()) return refuse(Reason::not_valid, "the file would not parse any more", work.path);
  const bool has_checksum =
      std::any_of(outcomes.begin(), outcomes.end(), [](const auto& one) { return one.has_checksum; });
  if (has_checksum) std::erase_if(outcomes, [](const Outcome& outcome) { return !outcome.has_checksum; });
  if (work.file == nullptr) return outcomes;
  std::erase_if(outcomes,
                [&](const Outcome& one) { return is_without_effect(work.path, work.file->text(), one.after); });
  if (outcomes.empty()) return refuse(Reason::no_effect, "it changes nothing, or nothing but comments", work.path);
  return outcomes;
}

std::optional<Refusal> exists_already(const Work& work) {
  const FileChange& change = *work.changes.front();
  if (change.hunks.size() != 1 || change.hunks.front().own_counts().before > 0) return std::nullopt;
  const Hunk& hunk = change.hunks.front();
  std::vector<Line> here = lines_of(work.file->text());
  const bool is_same = std::ranges::equal(here, hunk.lines, {}, &Line::text, &HunkLine::text);
  if (is_same) return refused(Reason::duplicate, "the file is there already", hunk, *work.file);
  if (change.is_new && work.file->size() > 0) {
    return refused(Reason::conflicting, "a new file is given, but there is another one", hunk, *work.file);
  }
  return std::nullopt;
}

}  // namespace

Outcomes outcomes_of(const Work& work, std::size_t most_readings, bool is_judged) {
  const FileChange& first = *work.changes.front();
  Outcomes outcomes = first.whole ? whole_or_rows(work, first) : std::vector<Outcome>{};
  if (!first.whole && work.file == nullptr) outcomes = new_file(work);
  if (!first.whole && work.file != nullptr) {
    if (auto why = exists_already(work)) return tl::unexpected(std::move(*why));
    outcomes = edited_file(work, most_readings);
  }
  return outcomes ? sifted(work, std::move(*outcomes), is_judged) : outcomes;
}

}  // namespace oe::patch
