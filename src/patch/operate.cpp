#include <algorithm>
#include <deque>
#include <fmt/core.h>

#include "patch/locate.hpp"
#include "patch/paths.hpp"
#include "patch/read.hpp"
#include "patch/splice.hpp"

namespace oe::patch {

namespace {

constexpr double kMostChurn = 0.3;
constexpr std::size_t kMostFiles = 200;
constexpr std::size_t kMostHunks = 1000;
constexpr std::size_t kFewLines = 3;
constexpr std::size_t kMostFilesTried = 400;
constexpr Rungs kNeedsNoParse =
    bit(Rung::eol) | bit(Rung::path) | bit(Rung::target) | bit(Rung::recount) | bit(Rung::rstrip) | bit(Rung::decode);

/// One outcome for one file.
struct Outcome {
  std::string after;
  Rungs rungs = 0;
  bool is_low = false;
  bool has_checksum = true;
};

struct FileOutcomes {
  std::string path;
  std::optional<std::string> before;
  std::vector<Outcome> outcomes;
};

using Outcomes = tl::expected<std::vector<Outcome>, Refusal>;

tl::unexpected<Refusal> refuse(Reason reason, std::string message, const std::string& path = {}) {
  Refusal out = refusal(reason, std::move(message));
  out.path = path;
  return tl::unexpected(std::move(out));
}

/// All changes to one file.
struct Work {
  std::string path;
  const FileText* file = nullptr;  ///< nullptr: it is new
  std::vector<const FileChange*> changes;
  Rungs rungs = 0;
};

std::string content_of(const Hunk& hunk) {
  std::string out;
  for (const HunkLine& line : hunk.lines) {
    out += line.text;
    if (!line.ends_file) out += '\n';
  }
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

// When all do, nothing has to be known of the file as it was.
bool all_parse(const std::string& path, const std::vector<Outcome>& outcomes) {
  return std::all_of(outcomes.begin(), outcomes.end(),
                     [&](const Outcome& outcome) { return parses(path, outcome.after); });
}

Outcomes sifted(const Work& work, std::vector<Outcome> outcomes) {
  unite_equal(outcomes);
  const bool is_risky = std::any_of(outcomes.begin(), outcomes.end(),
                                    [](const Outcome& outcome) { return (outcome.rungs & ~kNeedsNoParse) != 0; });
  if ((is_risky || outcomes.size() > 1) && !all_parse(work.path, outcomes) &&
      (work.file == nullptr || parses(work.path, work.file->text()))) {
    std::erase_if(outcomes, [&](const Outcome& outcome) { return !parses(work.path, outcome.after); });
  }
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

bool is_too_much(const Reading& reading) {
  std::size_t hunks = 0;
  for (const FileChange& change : reading) hunks += change.hunks.size();
  return reading.size() > kMostFiles || hunks > kMostHunks;
}

/// One text held against one tree.
class Surgeon {
 public:
  Surgeon(const Request& request, const Tree& tree) : request_(request), tree_(tree) {}

  tl::expected<Patch, Refusal> operate(std::string_view text) {
    auto reading = read_change(text, request_.target);
    if (!reading) return tl::unexpected(std::move(reading).error());
    std::erase_if(*reading, [](const FileChange& change) { return change.hunks.empty() && !change.whole; });
    if (reading->empty()) return refuse(Reason::no_change_found, "nothing in the text is a change");
    if (is_too_much(*reading)) return refuse(Reason::too_large, "there are too many files or hunks in the text");
    for (const FileChange& change : *reading) {
      if (auto why = take(change)) return tl::unexpected(std::move(*why));
    }
    std::vector<FileOutcomes> files;
    for (const Work& work : works_) {
      auto outcomes = outcomes_of(work);
      if (!outcomes) return tl::unexpected(std::move(outcomes).error());
      files.push_back({work.path, std::nullopt, std::move(*outcomes)});
      if (work.file != nullptr) files.back().before = work.file->text();
    }
    return chosen(std::move(files));
  }

 private:
  std::optional<Refusal> take(const FileChange& change) {
    Resolved resolved;
    if (change.has_path()) {
      auto found = resolve(change, request_.target, tree_);
      if (!found) return std::move(found).error();
      resolved = std::move(*found);
    } else if (!request_.target.empty()) {
      FileChange to_target = change;
      to_target.after = request_.target;
      auto found = resolve(to_target, request_.target, tree_);
      if (!found) return std::move(found).error();
      resolved = std::move(*found);
      resolved.rungs |= bit(Rung::target);
    } else {
      auto found = only_fitting(change);
      if (!found) return std::move(found).error();
      resolved = std::move(*found);
    }
    return enlist(change, resolved);
  }

  std::optional<Refusal> enlist(const FileChange& change, const Resolved& resolved) {
    const auto has_path = [&](const Work& work) { return work.path == resolved.path; };
    auto work = std::find_if(works_.begin(), works_.end(), has_path);
    if (work == works_.end()) {
      work = works_.insert(works_.end(), Work{.path = resolved.path});
      if (resolved.exists) work->file = file_at(resolved.path);
      if (resolved.exists && work->file == nullptr) {
        return refuse(Reason::bad_path, fmt::format("there is no file '{}'", resolved.path), resolved.path).value();
      }
    }
    work->changes.push_back(&change);
    work->rungs |= resolved.rungs;
    return std::nullopt;
  }

  const FileText* file_at(const std::string& path) {
    auto text = tree_.read(path);
    if (!text) return nullptr;
    return &files_.emplace_back(path, std::move(*text));
  }

  tl::expected<Resolved, Refusal> only_fitting(const FileChange& change) {
    std::vector<std::string> paths = tree_.paths ? tree_.paths() : std::vector<std::string>();
    if (change.whole || paths.size() > kMostFilesTried) {
      return refuse(Reason::bad_path, "nothing says which file is meant");
    }
    std::vector<std::string> fitting;
    for (const std::string& path : paths) {
      const auto text = tree_.read(path);
      if (!text) continue;
      const FileText file(path, *text);
      const auto fits = [&](const Hunk& hunk) {
        return hunk.own_counts().before > 0 && options_of(hunk, file).has_value();
      };
      if (std::all_of(change.hunks.begin(), change.hunks.end(), fits)) fitting.push_back(path);
    }
    if (fitting.size() == 1) return Resolved{.path = fitting.front(), .exists = true, .rungs = bit(Rung::target)};
    return refuse(Reason::bad_path,
                  fitting.empty() ? "no file is named, and none fits" : "no file is named, and several fit");
  }

  Outcomes outcomes_of(const Work& work) {
    const FileChange& first = *work.changes.front();
    Outcomes outcomes = first.whole ? whole_or_rows(work, first) : std::vector<Outcome>{};
    if (!first.whole && work.file == nullptr) outcomes = new_file(work);
    if (!first.whole && work.file != nullptr) {
      if (auto why = exists_already(work)) return tl::unexpected(std::move(*why));
      outcomes = edited_file(work, request_.most_readings);
    }
    return outcomes ? sifted(work, std::move(*outcomes)) : outcomes;
  }

  static std::optional<Refusal> exists_already(const Work& work) {
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

  // Every choice of one outcome a file; what `accepts` takes stays.
  tl::expected<Patch, Refusal> chosen(std::vector<FileOutcomes> files) const {
    std::ranges::sort(files, {}, &FileOutcomes::path);
    std::vector<Patch> patches(1);
    for (const FileOutcomes& file : files) {
      std::vector<Patch> more;
      for (const Patch& patch : patches) {
        for (const Outcome& outcome : file.outcomes) more.push_back(with(patch, file, outcome));
      }
      patches = std::move(more);
      if (patches.size() > request_.most_readings) return refuse(Reason::ambiguous, "there are too many readings");
    }
    std::string why;
    if (request_.accepts) {
      std::erase_if(patches, [&](const Patch& patch) {
        const std::string wrong = request_.accepts(patch.files);
        if (!wrong.empty()) why = wrong;
        return !wrong.empty();
      });
    }
    if (patches.empty()) return refuse(Reason::not_valid, why);
    if (patches.size() > 1) return refuse(Reason::ambiguous, "there are several readings of it", files.front().path);
    if (patches.front().rungs.empty()) patches.front().rungs.push_back(Rung::exact);
    return std::move(patches.front());
  }

  static Patch with(Patch patch, const FileOutcomes& file, const Outcome& outcome) {
    patch.files.push_back({file.path, file.before, outcome.after});
    for (unsigned i = 0; i <= static_cast<unsigned>(Rung::whole); ++i) {
      const Rung rung = static_cast<Rung>(i);
      if ((outcome.rungs & bit(rung)) != 0) patch.rungs.push_back(rung);
    }
    std::ranges::sort(patch.rungs);
    patch.rungs.erase(std::unique(patch.rungs.begin(), patch.rungs.end()), patch.rungs.end());
    if (outcome.is_low) patch.grade = Grade::low;
    if (patch.grade != Grade::low && outcome.rungs != 0) patch.grade = Grade::repaired;
    return patch;
  }

  const Request& request_;
  const Tree& tree_;
  std::deque<FileText> files_;
  std::vector<Work> works_;
};

bool may_be_escaped(Reason reason) {
  return reason == Reason::no_change_found || reason == Reason::not_found || reason == Reason::bad_path ||
         reason == Reason::truncated || reason == Reason::not_valid;
}

tl::expected<Patch, Refusal> decoded_once(const Request& request, const Tree& tree) {
  Refusal why = refusal(Reason::no_change_found, "nothing in the text is a change");
  for (const std::string& text : decoded(request.text)) {
    auto patch = Surgeon(request, tree).operate(text);
    if (!patch) {
      why = std::move(patch).error();
      continue;
    }
    patch->rungs.insert(std::ranges::upper_bound(patch->rungs, Rung::decode), Rung::decode);
    std::erase(patch->rungs, Rung::exact);
    if (patch->grade == Grade::clean) patch->grade = Grade::repaired;
    return patch;
  }
  return tl::unexpected(std::move(why));
}

bool files_have_entities(const Patch& patch) {
  return std::any_of(patch.files.begin(), patch.files.end(),
                     [](const FileEdit& file) { return has_entity(file.before.value_or("")); });
}

}  // namespace

tl::expected<Patch, Refusal> operate(const Request& request, const Tree& tree) {
  if (request.text.size() > request.most_bytes) return refuse(Reason::too_large, "the text is too large");
  if (request.was_cut_off) return refuse(Reason::truncated, "the model stopped for its limit before the end");
  auto raw = Surgeon(request, tree).operate(request.text);
  if (!raw && may_be_escaped(raw.error().reason)) {
    auto other = decoded_once(request, tree);
    if (other) return other;
  }
  if (raw && is_all_escaped(request.text) && !files_have_entities(*raw)) {
    const auto other = decoded_once(request, tree);
    if (!other && other.error().reason == Reason::duplicate) return other;
    if (other && other->files != raw->files) {
      return refuse(Reason::ambiguous, "the text may be escaped for HTML or not", raw->files.front().path);
    }
  }
  return raw;
}

}  // namespace oe::patch
