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

constexpr off_t kMostSpooled = 1 << 16;

/// A hook that was called: its name, and its arguments with that in front, ended by nullptr.
struct Call {
  std::string_view name;
  char** words = nullptr;
  bool is_beside_oe = false;  ///< this program runs under its own name, from where it is installed
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
  if (!find_oe(oe, place, call.is_beside_oe)) return 0;
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

int pre_commit(const Call& call, const Place& place) {
  return standing(place).known ? 0 : ask(call, place, 10, true);
}

// There is something to add to the message only where pre-commit has left a note of it.
int message(const Call& call, const Place& place) {
  return exists(place.git_dir.text, "oe/run") ? ask(call, place, 2, false) : 0;
}

/// One line for who looks at history next. Past the limit nothing is lost: they look at all that is new anyway.
void spool(const Call& call, const Place& place) {
  Path directory, path, git_dir;
  if (!join(directory, place.common_dir.text, "oe") || !join(path, directory.text, "history")) return;
  if (::realpath(place.git_dir.text, git_dir.text) == nullptr || std::strchr(git_dir.text, '\n') != nullptr) return;
  ::mkdir(directory.text, 0777);
  const int fd = ::open(path.text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  struct stat facts {};
  if (fd >= 0 && ::fstat(fd, &facts) == 0 && facts.st_size < kMostSpooled)
    ::dprintf(fd, "%s %s\n", call.words[0], git_dir.text);
  if (fd >= 0) ::close(fd);
}

bool is_rebasing(const Place& place) {
  return exists(place.git_dir.text, "rebase-merge") || exists(place.git_dir.text, "rebase-apply");
}

/// Whether any workflow that was found valid runs on commits.
bool has_triggers(const Place& place) {
  Path path;
  if (!join(path, place.common_dir.text, "oe/valid")) return false;
  const FileBytes memo(path.text);
  return memo.text().find("\nw c") != std::string_view::npos || memo.text().find("\nw mc") != std::string_view::npos;
}

int history_moved(const Call& call, const Place& place) {
  Path note;
  if (join(note, place.git_dir.text, "oe/run")) ::unlink(note.text);
  if (call.name == "post-commit" && is_rebasing(place)) return 0;
  spool(call, place);
  const bool is_commit = call.name == "post-commit";
  if (!is_commit && call.name != "post-merge") return 0;
  // What pre-commit has not seen, for somebody left it out, is seen by the next one.
  if (is_commit && !has_triggers(place)) return 0;
  const Standing now = standing(place);
  Path oe;
  if ((!now.known || (is_commit ? now.on_commit : now.on_merge)) && find_oe(oe, place, call.is_beside_oe))
    start_background(oe, is_commit ? "commit" : "merge");
  return 0;
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
constexpr Hook kHooks[] = {{"pre-commit", pre_commit},          {"prepare-commit-msg", message},
                           {"commit-msg", message},             {"post-commit", history_moved},
                           {"post-merge", history_moved},       {"post-rewrite", history_moved},
                           {"pre-push", pre_push}};

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
  Call call{.name = hook_name(argv[0]), .words = argv};
  if (call.name == "oe-hook") {
    if (argc < 2) return 0;
    call = {.name = argv[1], .words = argv + 1, .is_beside_oe = true};
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
