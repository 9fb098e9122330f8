// The program that git starts for its hooks, under the name of the hook or as `oe-hook <hook> <arguments>`. It finds out
// whether there is anything to do and leaves; only if so, it starts `oe`. It never keeps git from going on because oe is
// missing, broken or slow.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hooks/fast/place.hpp"
#include "hooks/fast/start.hpp"
#include "hooks/memo.hpp"

namespace oe::hooks::fast {
namespace {

/// A hook that was called: its name, and its arguments with that in front, ended by nullptr.
struct Call {
  std::string_view name;
  char** words = nullptr;
  const char* file = nullptr;  ///< where git found it; null when this program runs under its own name, from beside oe
};

/// Found in the copies of this program that lie among the hooks; oe looks for it.
[[gnu::used]] const char kMark[] = "Put here by `oe hooks install`; `oe hooks uninstall` takes it away.";

unsigned limit(unsigned usual) {
  const char* text = std::getenv("OE_HOOK_SECONDS");
  const int seconds = text == nullptr ? 0 : std::atoi(text);
  return seconds > 0 ? static_cast<unsigned>(seconds) : usual;
}

/// Asks oe, and says in one line when there is no answer. The exit code for git.
int ask(const Call& call, const Place& place, unsigned usual, bool may_stop, int input = -1) {
  const unsigned seconds = limit(usual);
  Path oe;
  if (!find_oe(oe, place, call.file == nullptr)) return 0;
  const Answer answer = ask_oe(oe, call.words, seconds, input);
  if (answer == Answer::late)
    std::fprintf(stderr, "oe: %s took longer than %u s and was ended; git goes on (OE_SKIP=1 leaves it out)\n",
                 call.words[0], seconds);
  if (answer == Answer::broken)
    std::fprintf(stderr, "oe: %s did not work; git goes on (OE_SKIP=1 leaves it out)\n", call.words[0]);
  return may_stop && answer == Answer::stop ? 1 : 0;
}

Standing standing(const Place& place) {
  const FileBytes index(place.index.text);
  if (!index.is_there()) return {.known = true};
  Path memo_path;
  if (!join(memo_path, place.common_dir.text, "oe/valid")) return {};
  const FileBytes memo(memo_path.text);
  IndexReader reader(index.text(), id_size(place));
  return standing_of(reader, memo.text());
}

/// A hook that is on call and has nothing to do takes itself away, and git need not start it; oe puts it back when there is
/// something. In a repository of several working trees it may be another one that it is there for.
int leave(const Call& call, const Place& place) {
  struct stat named {}, own {};
  if (call.file == nullptr || !exists(place.common_dir.text, "oe/on-call") || exists(place.common_dir.text, "worktrees")) return 0;
  const bool is_own = ::lstat(call.file, &named) == 0 && ::stat("/proc/self/exe", &own) == 0 &&
                      named.st_dev == own.st_dev && named.st_ino == own.st_ino;
  if (is_own) ::unlink(call.file);
  return 0;
}

int pre_commit(const Call& call, const Place& place) {
  return standing(place).known ? 0 : ask(call, place, 10, true);
}

// There is something to add to the message only where pre-commit has left a note of it.
int message(const Call& call, const Place& place) {
  return exists(place.git_dir.text, "oe/run") ? ask(call, place, 2, false) : leave(call, place);
}

bool is_rebasing(const Place& place) {
  return exists(place.git_dir.text, "rebase-merge") || exists(place.git_dir.text, "rebase-apply");
}

/// Whether any workflow that was found valid runs on commits.
bool has_triggers(const Place& place) {
  Path path;
  if (!join(path, place.common_dir.text, "oe/valid")) return false;
  const FileBytes memo(path.text);
  return runs_on_commits(memo.text());
}

void drop_run_note(const Place& place) {
  Path note;
  if (join(note, place.git_dir.text, "oe/run")) ::unlink(note.text);
}

int start(const Call& call, const Place& place, const char* event) {
  Path oe;
  if (find_oe(oe, place, call.file == nullptr)) start_background(oe, event);
  return 0;
}

int post_commit(const Call& call, const Place& place) {
  drop_run_note(place);
  if (is_rebasing(place)) return 0;
  // What pre-commit has not seen, for somebody left it out, is seen by the next one.
  if (!has_triggers(place)) return leave(call, place);
  const Standing now = standing(place);
  return !now.known || now.on_commit ? start(call, place, "commit") : 0;
}

int post_merge(const Call& call, const Place& place) {
  drop_run_note(place);
  const Standing now = standing(place);
  return !now.known || now.on_merge ? start(call, place, "merge") : 0;
}

/// Lines "<local ref> <id> <remote ref> <id>"; oe is asked only about proposal branches, and gets them all.
int pre_push(const Call& call, const Place& place) {
  const int all = ::memfd_create("oe-push", MFD_CLOEXEC);
  char piece[4096];
  for (ssize_t size = 0; (size = ::read(STDIN_FILENO, piece, sizeof piece)) > 0;)
    if (::write(all, piece, static_cast<std::size_t>(size)) != size) return 0;
  const off_t size = ::lseek(all, 0, SEEK_END);
  if (size <= 0) return 0;
  void* text = ::mmap(nullptr, static_cast<std::size_t>(size), PROT_READ, MAP_PRIVATE, all, 0);
  if (text == MAP_FAILED) return 0;
  const std::string_view lines{static_cast<char*>(text), static_cast<std::size_t>(size)};
  if (lines.find("refs/heads/oe/") == std::string_view::npos) return 0;
  ::lseek(all, 0, SEEK_SET);
  return ask(call, place, 2, true, all);
}

struct Hook {
  std::string_view name;
  int (*run)(const Call&, const Place&);
};
constexpr Hook kHooks[] = {{"pre-commit", pre_commit},   {"prepare-commit-msg", message}, {"commit-msg", message},
                           {"post-commit", post_commit}, {"post-merge", post_merge},      {"pre-push", pre_push}};

bool is_skipped() {
  const char* skip = std::getenv("OE_SKIP");
  return skip != nullptr && *skip != '\0' && std::strcmp(skip, "0") != 0;
}

/// A tool that puts itself in front of us renames us: "pre-commit.legacy" is still pre-commit.
std::string_view hook_name(char* path) {
  char* slash = std::strrchr(path, '/');
  char* name = slash == nullptr ? path : slash + 1;
  if (char* dot = std::strchr(name, '.'); dot != nullptr) *dot = '\0';
  return name;
}

int run(int argc, char** argv) {
  Call call{.name = hook_name(argv[0]), .words = argv, .file = argv[0]};
  if (call.name == "oe-hook") {
    if (argc < 2) return 0;
    call = {.name = argv[1], .words = argv + 1};
  }
  call.words[0] = const_cast<char*>(call.name.data());
  Place place;
  if (is_skipped() || !find_place(place)) return 0;
  for (const Hook& hook : kHooks)
    if (hook.name == call.name) return hook.run(call, place);
  return 0;
}

}  // namespace
}  // namespace oe::hooks::fast

int main(int argc, char** argv) {
  return argc < 1 ? 0 : oe::hooks::fast::run(argc, argv);
}
