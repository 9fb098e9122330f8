#include "hooks/fast/start.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/fast/place.hpp"

namespace oe::hooks::fast {
namespace {

// `git rev-parse --local-env-vars`, and what git sets for a hook.
constexpr const char* kOfTheHook[] = {"GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                      "GIT_CONFIG",
                                      "GIT_CONFIG_PARAMETERS",
                                      "GIT_CONFIG_COUNT",
                                      "GIT_OBJECT_DIRECTORY",
                                      "GIT_DIR",
                                      "GIT_WORK_TREE",
                                      "GIT_IMPLICIT_WORK_TREE",
                                      "GIT_GRAFT_FILE",
                                      "GIT_INDEX_FILE",
                                      "GIT_NO_REPLACE_OBJECTS",
                                      "GIT_REPLACE_REF_BASE",
                                      "GIT_PREFIX",
                                      "GIT_SHALLOW_FILE",
                                      "GIT_COMMON_DIR",
                                      "GIT_INTERNAL_SUPER_PREFIX",
                                      "GIT_QUARANTINE_PATH",
                                      "GIT_AUTHOR_NAME",
                                      "GIT_AUTHOR_EMAIL",
                                      "GIT_AUTHOR_DATE",
                                      "GIT_EDITOR",
                                      "GIT_REFLOG_ACTION"};
constexpr std::size_t kMostArguments = 16;

bool is_program(const char* path) {
  return ::access(path, X_OK) == 0;
}

bool beside_this_program(Path& oe) {
  const ssize_t size = ::readlink("/proc/self/exe", oe.text, sizeof oe.text - 1);
  if (size <= 0) return false;
  oe.text[size] = '\0';
  char* slash = std::strrchr(oe.text, '/');
  if (slash == nullptr || static_cast<std::size_t>(slash - oe.text) + 4 > sizeof oe.text) return false;
  std::memcpy(slash + 1, "oe", 3);
  return is_program(oe.text);
}

bool on_path(Path& oe) {
  const char* rest = std::getenv("PATH");
  while (rest != nullptr && *rest != '\0') {
    const std::size_t size = std::strcspn(rest, ":");
    Path directory;
    if (size > 0 && size < sizeof directory.text) {
      std::memcpy(directory.text, rest, size);
      directory.text[size] = '\0';
      if (join(oe, directory.text, "oe") && is_program(oe.text)) return true;
    }
    rest += size + (rest[size] == ':' ? 1 : 0);
  }
  return false;
}

bool noted(Path& oe, const Place& place) {
  Path path;
  if (!join(path, place.common_dir.text, "oe/program")) return false;
  const FileBytes note(path.text);
  const std::size_t end = note.text().find('\n');
  if (end >= sizeof oe.text) return false;
  std::memcpy(oe.text, note.text().data(), end);
  oe.text[end] = '\0';
  return is_program(oe.text);
}

volatile pid_t child = 0;
volatile sig_atomic_t is_late = 0;

void end_child(int) {
  is_late = 1;
  if (child > 0) ::kill(child, SIGKILL);
}

int wait_for_child() {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ::alarm(0);
  return status;
}

Answer answer_of(int status) {
  if (is_late != 0) return Answer::late;
  if (!WIFEXITED(status)) return Answer::broken;
  const int code = WEXITSTATUS(status);
  return code == 0 ? Answer::fine : code == 1 ? Answer::stop : Answer::broken;
}

}  // namespace

bool find_oe(Path& oe, const Place& place, bool is_beside) {
  return (is_beside && beside_this_program(oe)) || on_path(oe) || noted(oe, place);
}

Answer ask_oe(const Path& oe, char* const* arguments, unsigned seconds, int input) {
  char* words[kMostArguments + 4] = {const_cast<char*>(oe.text), const_cast<char*>("hooks"), const_cast<char*>("run")};
  for (std::size_t i = 0; i < kMostArguments && arguments[i] != nullptr; ++i) words[i + 3] = arguments[i];
  child = ::fork();
  if (child == 0) {
    if (input >= 0) ::dup2(input, STDIN_FILENO);
    ::execv(oe.text, words);
    ::_exit(127);
  }
  if (child < 0) return Answer::broken;
  struct sigaction action {};
  action.sa_handler = end_child;
  ::sigaction(SIGALRM, &action, nullptr);
  ::alarm(seconds);
  return answer_of(wait_for_child());
}

void start_background(const Path& oe, const char* event) {
  if (::fork() != 0) return;
  ::setsid();
  const int nothing = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) ::dup2(nothing, fd);
  if (::syscall(SYS_close_range, 3, ~0U, 0) != 0)
    for (int fd = 3; fd < 1024; ++fd) ::close(fd);
  for (const char* name : kOfTheHook) ::unsetenv(name);
  char* words[] = {const_cast<char*>(oe.text), const_cast<char*>("hooks"), const_cast<char*>("background"),
                   const_cast<char*>(event), nullptr};
  ::execv(oe.text, words);
  ::_exit(127);
}

}  // namespace oe::hooks::fast
