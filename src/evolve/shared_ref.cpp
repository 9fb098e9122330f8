#include "evolve/shared_ref.hpp"

#include <chrono>
#include <fmt/format.h>
#include <set>
#include <tuple>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"

namespace oe::evolve {

namespace {

/// The two sides of a ref that went different ways.
struct Sides {
  git::Oid ours;
  git::Oid theirs;
};

Result<git::Oid> union_of_lines(git::Repository& repository, const Sides& sides) {
  OE_TRY(const auto ours, repository.read(sides.ours, kDecisionsFile));
  OE_TRY(const auto theirs, repository.read(sides.theirs, kDecisionsFile));
  return repository.write_tree({}, {{.path = kDecisionsFile,
                                     .bytes = united_lines(ours ? ours->bytes : "", theirs ? theirs->bytes : "")}});
}

Result<git::Oid> union_of_files(git::Repository& repository, const Sides& sides) {
  OE_TRY(const auto ours, repository.list(sides.ours, ""));
  OE_TRY(const auto theirs, repository.list(sides.theirs, ""));
  const std::set<std::string> known(ours.begin(), ours.end());
  std::vector<git::FileChange> missing;
  for (const std::string& name : theirs) {
    if (known.contains(name)) continue;
    OE_TRY(auto file, repository.read(sides.theirs, name));
    if (file) missing.push_back({.path = name, .bytes = std::move(file->bytes)});
  }
  return repository.write_tree(sides.ours, missing);
}

Result<git::Oid> newer_tree(const git::Repository& repository, const Sides& sides) {
  OE_TRY(const git::Commit ours, repository.commit(sides.ours));
  OE_TRY(const git::Commit theirs, repository.commit(sides.theirs));
  const bool is_ours = std::tie(ours.time, ours.tree) >= std::tie(theirs.time, theirs.tree);
  return is_ours ? ours.tree : theirs.tree;
}

Result<git::Oid> united_tree(git::Repository& repository, const std::string& ref, const Sides& sides) {
  if (ref == kDecisionsRef) return union_of_lines(repository, sides);
  return ref.starts_with(kRunsRefs) ? union_of_files(repository, sides) : newer_tree(repository, sides);
}

}  // namespace

std::string remote_prefix(const std::string& remote) {
  return kRemoteRefs + remote + "/";
}

std::string united_lines(const std::string& one, const std::string& other) {
  std::set<std::string> lines;
  for (const std::string* text : {&one, &other})
    for (std::string& line : split(*text, '\n'))
      if (!line.empty()) lines.insert(std::move(line));
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

Result<bool> unite(const EvolveContext& context, const std::string& ours, const std::string& theirs) {
  git::Repository& repository = context.repository;
  OE_TRY(const auto here, repository.ref(ours));
  OE_TRY(const auto there, repository.ref(theirs));
  if (!there || here == there) return false;
  Sides sides{.ours = here.value_or(*there), .theirs = *there};
  git::Oid united = *there;
  if (here) {
    OE_TRY(const bool has_theirs, git::is_ancestor(context.place, sides.theirs, sides.ours));
    if (has_theirs) return false;
    OE_TRY(const bool is_ahead, git::is_ancestor(context.place, sides.ours, sides.theirs));
    if (!is_ahead) {
      OE_TRY(const git::Oid tree, united_tree(repository, ours, sides));
      OE_TRY(united, repository.write_commit(tree, {sides.ours, sides.theirs}, "oe: both sides\n", context.identity,
                                             context.clock.now()));
    }
  }
  OE_CHECK(repository.set_ref(ours, united, here));
  return true;
}

Result<std::string> file_at(const git::Repository& repository, const std::string& ref, const std::string& file) {
  OE_TRY(const auto tip, repository.ref(ref));
  if (!tip) return std::string();
  OE_TRY(const auto blob, repository.read(*tip, file));
  return blob ? blob->bytes : std::string();
}

std::string stream_head(const EvolveContext& context, const std::string& ref, bool exists, const std::string& message) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(context.clock.now()).time_since_epoch().count();
  const std::string head = fmt::format("commit {}\ncommitter {} <{}> {} +0000\ndata {}\n{}", ref,
                                       context.identity.name, context.identity.email, seconds, message.size(), message);
  return exists ? fmt::format("{}from {}^0\n", head, ref) : head;
}

Result<void> add_to(const EvolveContext& context, const std::string& ref, const std::vector<git::FileChange>& changes,
                    const std::string& message) {
  git::Repository& repository = context.repository;
  OE_TRY(const auto tip, repository.ref(ref));
  OE_TRY(const git::Oid tree, repository.write_tree(tip.value_or(git::Oid()), changes));
  const std::vector<git::Oid> parents = tip ? std::vector<git::Oid>{*tip} : std::vector<git::Oid>();
  OE_TRY(const git::Oid commit,
         repository.write_commit(tree, parents, message, context.identity, context.clock.now()));
  return repository.set_ref(ref, commit, tip);
}

}  // namespace oe::evolve
