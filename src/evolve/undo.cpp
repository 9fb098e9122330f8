#include "oe/evolve/undo.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/git/exchange.hpp"
#include "oe/git/take.hpp"

#include "evolve/decision.hpp"
#include "evolve/proposal_branch.hpp"
#include "evolve/restore_record.hpp"

namespace oe::evolve {

namespace {

using git::RefWrite;

constexpr std::string_view kHeads = "refs/heads/";
constexpr std::string_view kOwn = "refs/heads/oe/";

std::string short_id(const std::optional<git::Oid>& id) {
  return id ? id->text.substr(0, 12) : "nothing";
}

std::string short_ref(const std::string& name) {
  return name.starts_with(kHeads) ? name.substr(kHeads.size()) : name;
}

/// Another branch than those of oe, or the HEAD that was detached.
bool is_of_user(const std::string& name) {
  return name == "HEAD" || (name.starts_with(kHeads) && !name.starts_with(kOwn));
}

/// What a command made of each ref: from its first write to its last.
struct Span {
  RefWrite whole;
  std::vector<std::optional<git::Oid>> states;  ///< after each write
};

std::vector<Span> spans_of(const git::RefCommand& command) {
  std::vector<Span> spans;
  for (const RefWrite& write : command.writes) {
    auto known = std::ranges::find_if(spans, [&](const Span& span) { return span.whole.name == write.name; });
    if (known == spans.end()) known = spans.insert(known, Span{write, {}});
    known->whole.after = write.after;
    known->states.push_back(write.after);
  }
  return spans;
}

tl::unexpected<Error> moved_on(const RefWrite& write, const std::optional<git::Oid>& now, const std::string& words) {
  const std::string name = short_ref(write.name);
  const std::string what = fmt::format("{} has moved on: {} left it at {}, and it is at {} now", name, words,
                                       short_id(write.after), short_id(now));
  if (is_of_user(write.name) && write.after)
    return fail(ErrorKind::failed, what,
                fmt::format("take the change back with a commit of its own: git revert {}", short_id(write.after)));
  return fail(ErrorKind::failed, what,
              write.before ? fmt::format("look at it, then put it back by hand: git update-ref {} {}", write.name,
                                         write.before->text)
                           : fmt::format("look at it, then delete it by hand: git update-ref -d {}", write.name));
}

class Undo {
 public:
  Undo(const EvolveContext& context, git::RefCommand command) : context_(context) {
    undone_.command = std::move(command);
  }

  Result<Undone> carry_out() {
    for (const Span& span : spans_of(undone_.command)) OE_CHECK(look_at(span));
    for (const RefWrite& write : undone_.restored) OE_CHECK(require_possible(write));
    const std::filesystem::path journal = ref_journal_file(context_.ledger);
    OE_CHECK(git::RefJournal::mark_undoing(journal, undone_.command.id, context_.clock.now()));
    for (const RefWrite& write : undone_.restored)
      if (is_of_user(write.name)) OE_CHECK(git::move_back(context_.place, *write.after, *write.before));
    for (const RefWrite& write : undone_.restored)
      if (!is_of_user(write.name)) OE_CHECK(put_back(write));
    if (undone_.command.events) {
      OE_TRY(undone_.reopened, restore_record(context_, undone_.command));
    }
    OE_CHECK(git::RefJournal::mark_undone(journal, undone_.command.id, context_.clock.now()));
    return std::move(undone_);
  }

 private:
  Result<std::optional<git::Oid>> now_at(const std::string& name) const {
    if (!name.starts_with("refs/")) return std::optional(context_.place.head.value_or(git::Oid{}));
    if (name.starts_with(kHeads)) return context_.repository.branch(name.substr(kHeads.size()));
    return context_.repository.ref(name);
  }

  // One that is where it was before was never written, or an undo that was killed has put it back.
  Result<void> look_at(const Span& span) {
    OE_TRY(const auto now, now_at(span.whole.name));
    if (now == span.whole.before) return {};
    if (std::ranges::find(span.states, now) == span.states.end())
      return moved_on(span.whole, now, undone_.command.words);
    undone_.restored.push_back({span.whole.name, span.whole.before, now});
    return {};
  }

  Result<void> require_possible(const RefWrite& write) const {
    if (write.before && !context_.repository.commit(*write.before))
      return fail(ErrorKind::failed, fmt::format("{} was at {}, which git has collected since", short_ref(write.name),
                                                 write.before->text));
    if (is_of_user(write.name)) return require_movable(write);
    if (!write.name.starts_with(kOwn)) return {};
    OE_TRY(const std::string where, git::checked_out_at(context_.place, write.name));
    if (where.empty()) return {};
    return fail(ErrorKind::failed, fmt::format("the branch {} is checked out in {}", short_ref(write.name), where),
                "switch to another branch there first: git switch -");
  }

  Result<void> require_movable(const RefWrite& write) const {
    OE_TRY(const git::Head head, context_.repository.head());
    const std::string here = head.branch.empty() ? "HEAD" : std::string(kHeads) + head.branch;
    if (here != write.name) return elsewhere(write);
    if (!write.before || !write.after)
      return fail(ErrorKind::bug, fmt::format("{} cannot have been made or deleted by oe", write.name));
    OE_TRY(const std::string has_it, git::remote_branch_with(context_.place, *write.after));
    if (!has_it.empty())
      return fail(ErrorKind::failed, fmt::format("{} has {} already", has_it, short_id(write.after)),
                  fmt::format("take the change back with a commit of its own: git revert {}", short_id(write.after)));
    const auto movable = git::check_movable(context_.place, *write.after, *write.before);
    if (movable || !undone_.command.is_being_undone) return movable;
    return fail(ErrorKind::failed, movable.error().message(), mend_half(context_.place) + ", then undo again");
  }

  Result<void> elsewhere(const RefWrite& write) const {
    const std::string what =
        fmt::format("{} moved {}, which is not what you are on", undone_.command.words, short_ref(write.name));
    if (write.name == "HEAD")
      return fail(ErrorKind::failed, what,
                  fmt::format("go there first: git switch --detach {}", short_id(write.after)));
    OE_TRY(const std::string where, git::checked_out_at(context_.place, write.name));
    return fail(ErrorKind::failed, what,
                where.empty() ? fmt::format("go there first: git switch {}", short_ref(write.name))
                              : fmt::format("it is checked out in {}: type oe undo there", where));
  }

  Result<void> put_back(const RefWrite& write) {
    git::Repository& repository = context_.repository;
    const bool is_branch = write.name.starts_with(kHeads);
    const std::string name = is_branch ? write.name.substr(kHeads.size()) : write.name;
    if (!write.before) return is_branch ? repository.delete_branch(name) : repository.delete_ref(name);
    return is_branch ? repository.set_branch(name, *write.before, write.after)
                     : repository.set_ref(name, *write.before, write.after);
  }

  const EvolveContext& context_;
  Undone undone_;
};

}  // namespace

std::filesystem::path ref_journal_file(const ledger::Ledger& ledger) {
  return ledger.directory() / "refs.jsonl";
}

Result<git::RefJournal> begin_journal(const ledger::Ledger& ledger, Timestamp now, CommandName name) {
  const std::filesystem::path file = ref_journal_file(ledger);
  if (!name.proposal.empty()) {
    OE_TRY(auto commands, git::RefJournal::read(file));
    for (git::RefCommand& command : commands)
      if (command.words == name.words && command.proposal == name.proposal.text && !command.ended && !command.undone)
        return git::RefJournal(file, std::move(command));
  }
  git::RefCommand command{.time = now, .words = std::move(name.words), .proposal = name.proposal.text};
  if (name.decides) {
    OE_TRY(const auto events, ledger.proposal_events());
    command.events = events.size();
  }
  return git::RefJournal(file, std::move(command));
}

Result<std::vector<git::RefCommand>> ref_commands(const git::Place& place, const ledger::Ledger& ledger) {
  OE_TRY(auto commands, git::RefJournal::read(ref_journal_file(ledger)));
  OE_TRY(const auto events, ledger.proposal_events());
  for (git::RefCommand& command : commands) {
    if (!command.move || command.undone) continue;
    OE_TRY(const auto moved, git::outcome_of(place, *command.move, command.proposal));
    if (moved) command.writes.push_back(*moved);
  }
  std::erase_if(commands, [&](const git::RefCommand& command) {
    return !command.undone && command.writes.empty() && !has_decided(events, command);
  });
  return commands;
}

Result<Undone> undo(const EvolveContext& context) {
  OE_TRY(const sys::FileLock held, lock_proposals(context.ledger));
  OE_TRY(auto commands, ref_commands(context.place, context.ledger));
  const auto last =
      std::find_if(commands.rbegin(), commands.rend(), [](const auto& command) { return !command.undone; });
  if (last == commands.rend())
    return fail(ErrorKind::input, "there is nothing to undo: no command of oe has written a ref that still stands",
                "oe undo --list shows what was undone");
  return Undo(context, std::move(*last)).carry_out();
}

}  // namespace oe::evolve
