#include <algorithm>
#include <deque>
#include <fmt/core.h>

#include "patch/locate.hpp"
#include "patch/outcome.hpp"
#include "patch/paths.hpp"
#include "patch/read.hpp"

namespace oe::patch {

namespace {

constexpr std::size_t kMostFiles = 200;
constexpr std::size_t kMostHunks = 1000;
constexpr std::size_t kMostFilesTried = 400;

struct FileOutcomes {
  std::string path;
  std::optional<std::string> before;
  std::vector<Outcome> outcomes;
};

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
      auto outcomes = outcomes_of(work, request_.most_readings, request_.accepts != nullptr);
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
    return enlist(change, std::move(resolved));
  }

  // Also a path that the tree completed, or where a change without one fits, may be one that nobody may write.
  std::optional<Refusal> enlist(const FileChange& change, Resolved resolved) {
    if (auto why = objection_to(resolved.path)) return why;
    const auto has_path = [&](const Work& work) { return work.path == resolved.path; };
    auto work = std::find_if(works_.begin(), works_.end(), has_path);
    if (work == works_.end()) {
      work = works_.insert(works_.end(), Work{.path = resolved.path});
      if (resolved.exists) work->file = file_at(resolved.path, std::move(resolved.text));
      if (resolved.exists && work->file == nullptr) {
        return refuse(Reason::bad_path, fmt::format("there is no file '{}'", resolved.path), resolved.path).value();
      }
    }
    work->changes.push_back(&change);
    work->rungs |= resolved.rungs;
    return std::nullopt;
  }

  const FileText* file_at(const std::string& path, std::optional<std::string> text) {
    if (!text) text = tree_.read(path);
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
