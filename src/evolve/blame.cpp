#include "oe/evolve/blame.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <map>

#include "oe/base/text.hpp"
#include "oe/doc/document.hpp"
#include "oe/git/program.hpp"
#include "oe/git/trailers.hpp"

#include "evolve/file_places.hpp"

namespace oe::evolve {

namespace {

bool is_id(std::string_view text) {
  return text.size() >= 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The commit of each line, from `git blame --porcelain`: "<id> <line then> <line now> [<lines of the group>]" goes
/// before what is said of the commit and the line itself behind a tab.
std::vector<std::string> commits_of_lines(const std::string& porcelain) {
  std::vector<std::string> commits;
  for (const std::string& line : split(porcelain, '\n')) {
    if (line.starts_with('\t')) continue;
    const std::vector<std::string> words = split(line, ' ');
    if (words.size() < 3 || !is_id(words[0])) continue;
    std::size_t now = 0;
    std::from_chars(words[2].data(), words[2].data() + words[2].size(), now);
    if (now == 0) continue;
    commits.resize(std::max(commits.size(), now));
    commits[now - 1] = words[0];
  }
  return commits;
}

/// A file at HEAD with the commits of its lines.
struct Annotated {
  doc::Document document;
  std::vector<std::string> lines;    ///< as they are
  std::vector<std::string> commits;  ///< of each line
};

Result<Annotated> annotate(const git::Place& place, const std::string& path) {
  OE_TRY(const auto bytes, git::head_bytes(place, path));
  if (!bytes) return fail(ErrorKind::input, "HEAD has no file " + path, "commit it first");
  OE_TRY(doc::Document document, doc::Document::parse(*bytes, path));
  OE_TRY(const git::GitAnswer answer,
         git::run_git({.directory = place.root,
                       .arguments = {"--literal-pathspecs", "blame", "--porcelain", place.head->text, "--", path}}));
  if (answer.code != 0) return fail(git::git_error(ErrorKind::environment, "git blame of " + path, answer));
  return Annotated{std::move(document), split(*bytes, '\n'), commits_of_lines(answer.out)};
}

/// What is known of commits and proposals, looked up once each.
class Origins {
 public:
  static Result<Origins> open(const HistoryContext& context, const std::vector<std::string>& commits) {
    Origins origins;
    std::vector<git::Oid> ids;
    for (const std::string& commit : commits)
      if (!commit.empty() && std::ranges::find(ids, git::Oid{commit}) == ids.end()) ids.push_back({commit});
    OE_TRY(const auto found, read_commits(context.place, ids));
    OE_TRY(origins.records_, context.ledger.proposals());
    Landings landings(origins.records_);
    for (const PastCommit& commit : found) {
      origins.landed_[commit.id.text] = landings.of(commit);
      origins.commits_.emplace(commit.id.text, commit);
    }
    OE_TRY(auto merges, after_merges(context));
    for (AfterMerge& merge : merges) origins.since_.emplace(merge.record.fingerprint.text, std::move(merge));
    return origins;
  }

  const PastCommit* commit(const std::string& id) const {
    const auto found = commits_.find(id);
    return found == commits_.end() ? nullptr : &found->second;
  }

  // A squash may have several: then those whose own diff adds one of the lines.
  std::vector<BlamedProposal> proposals(const std::string& commit, const std::vector<std::string>& lines) const {
    const auto found = landed_.find(commit);
    std::vector<BlamedProposal> proposals;
    if (found == landed_.end()) return proposals;
    for (const LandedProposal& landed : found->second) {
      if (found->second.size() > 1 && !adds_any(landed.fingerprint, lines)) continue;
      const auto since = since_.find(landed.fingerprint.text);
      proposals.push_back({landed, since == since_.end() ? std::nullopt : std::optional(since->second)});
    }
    return proposals;
  }

 private:
  bool adds_any(const Fingerprint& fingerprint, const std::vector<std::string>& lines) const {
    const auto record = std::ranges::find(records_, fingerprint, &ledger::ProposalRecord::fingerprint);
    if (record == records_.end()) return true;
    const std::vector<std::string> diff = split(record->made.diff, '\n');
    return std::ranges::any_of(lines, [&](const std::string& line) {
      return std::ranges::find(diff, "+" + line) != diff.end();
    });
  }

  std::map<std::string, PastCommit> commits_;
  std::map<std::string, std::vector<LandedProposal>> landed_;
  std::map<std::string, AfterMerge> since_;
  std::vector<ledger::ProposalRecord> records_;
};

std::vector<std::string> runs_in(const PastCommit& commit) {
  std::vector<std::string> runs;
  for (const git::Trailer& trailer : git::trailers(commit.message))
    if (trailer.key == "Oe-Run") runs.push_back(trailer.value);
  return runs;
}

BlamedPlace blamed(const FilePlace& place, const Annotated& file, const Origins& origins) {
  BlamedPlace one{.node = place.node, .pointer = place.pointer, .name = place.name, .value = place.value,
                  .line = place.first_line};
  const PastCommit* newest = nullptr;
  std::vector<std::string> lines;
  for (std::size_t i = place.first_line - 1; i < place.last_line && i < file.commits.size(); ++i) {
    const PastCommit* commit = origins.commit(file.commits[i]);
    if (commit == nullptr || (newest != nullptr && commit->time < newest->time)) continue;
    if (newest != commit) lines.clear();
    newest = commit;
    lines.push_back(file.lines[i]);
  }
  if (newest == nullptr) return one;
  one.commit = *newest;
  one.runs = runs_in(*newest);
  one.proposals = origins.proposals(newest->id.text, lines);
  return one;
}

}  // namespace

Result<std::vector<BlamedPlace>> blame(const HistoryContext& context, const std::string& path,
                                       const std::string& node) {
  if (!context.place.head) return fail(ErrorKind::input, "there is no commit yet", "commit the workflow first");
  OE_TRY(const Annotated file, annotate(context.place, path));
  OE_TRY(const Origins origins, Origins::open(context, file.commits));
  std::vector<BlamedPlace> places;
  std::vector<std::string> names;
  for (const FilePlace& place : file_places(file.document)) {
    if (!place.node.empty() && place.name.empty()) names.push_back(place.node);
    if (node.empty() || place.node == node) places.push_back(blamed(place, file, origins));
  }
  if (!places.empty() || node.empty()) return places;
  const std::string near = did_you_mean(node, names);
  return fail(ErrorKind::input, fmt::format("{} has no node '{}'", path, node),
              near.empty() ? "it has: " + join(names, ", ") : near);
}

}  // namespace oe::evolve
