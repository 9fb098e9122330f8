#include <map>

#include "oe/base/text.hpp"
#include "oe/git/program.hpp"
#include "oe/git/ref_journal.hpp"
#include "oe/git/trailers.hpp"

namespace oe::git {
namespace {

std::map<std::string, Oid> refs_below(const Repository& repository, const std::vector<std::string>& prefixes) {
  std::map<std::string, Oid> found;
  for (const std::string& prefix : prefixes) {
    const auto names = repository.refs(prefix);
    if (!names) continue;
    for (const std::string& name : *names) {
      const auto at = repository.ref(name);
      if (at && *at) found.emplace(name, **at);
    }
  }
  return found;
}

std::optional<Oid> id_in(const std::map<std::string, Oid>& refs, const std::string& name) {
  const auto found = refs.find(name);
  return found == refs.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

Result<std::optional<RefWrite>> outcome_of(const Place& place, const RefMove& move, const std::string& proposal) {
  if (!move.before) return std::nullopt;
  OE_TRY(const GitAnswer answer, run_git({.directory = place.root,
                                          .arguments = {"log", "--first-parent", "--reverse", "--format=%H %P",
                                                        move.before->text + ".." + move.name, "--"}}));
  if (answer.code != 0) return std::nullopt;  // the branch is gone
  const std::vector<std::string> first = split(answer.out.substr(0, answer.out.find('\n')), ' ');
  if (first.size() < 2 || first[1] != move.before->text) return std::nullopt;
  OE_TRY(const GitAnswer message,
         run_git({.directory = place.root, .arguments = {"log", "-1", "--format=%B", first[0]}}));
  if (find_trailer(trailers(message.out), "Oe-Proposal") != proposal) return std::nullopt;
  return RefWrite{move.name, move.before, Oid{first[0]}};
}

Result<void> note_changes(const Repository& repository, RefJournal* journal, const std::vector<std::string>& prefixes,
                          const std::function<Result<void>()>& action) {
  if (journal == nullptr) return action();
  const auto before = refs_below(repository, prefixes);
  const Result<void> done = action();
  const auto after = refs_below(repository, prefixes);
  for (const auto& [name, id] : before)
    if (id_in(after, name) != id) OE_CHECK(journal->note({name, id, id_in(after, name)}));
  for (const auto& [name, id] : after)
    if (!before.contains(name)) OE_CHECK(journal->note({name, std::nullopt, id}));
  return done;
}

}  // namespace oe::git
