#include "hooks/object_reader.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "oe/base/text.hpp"
#include "oe/sys/process.hpp"

namespace oe::hooks {
namespace {

constexpr std::size_t kMostObjectBytes = std::size_t{64} << 20;

/// Closed by an exec; the child gets its own ends by number.
struct Pipes {
  std::array<int, 2> to = {-1, -1};
  std::array<int, 2> from = {-1, -1};
};

int spawn_git(const std::filesystem::path& directory, const Pipes& pipes, pid_t& child) {
  const sys::Environment environment =
      sys::environment_with({{"LC_ALL", "C"}, {"GIT_ALLOW_PROTOCOL", "none"}, {"GIT_NO_LAZY_FETCH", "1"}});
  std::vector<char*> variables;
  for (const std::string& entry : environment) variables.push_back(const_cast<char*>(entry.c_str()));
  variables.push_back(nullptr);
  std::array<char*, 4> words = {const_cast<char*>("git"), const_cast<char*>("cat-file"), const_cast<char*>("--batch"), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipes.to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipes.from[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  const int code = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

/// Nothing for "missing", which may stand behind a name with a blank.
std::optional<std::size_t> number_in(const std::string& digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? std::optional(number) : std::nullopt;
}

tl::unexpected<Error> gone() {
  return fail(ErrorKind::environment, "git cat-file ended in the middle of an answer");
}

}  // namespace

ObjectReader::~ObjectReader() {
  if (to_ != nullptr) std::fclose(to_);
  if (from_ != nullptr) std::fclose(from_);
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
}

Result<void> ObjectReader::start() {
  Pipes pipes;
  if (::pipe2(pipes.to.data(), O_CLOEXEC) != 0 || ::pipe2(pipes.from.data(), O_CLOEXEC) != 0)
    return fail(ErrorKind::environment, std::string("cannot make a pipe: ") + std::strerror(errno));
  const int code = spawn_git(directory_, pipes, child_);
  ::close(pipes.to[0]);
  ::close(pipes.from[1]);
  to_ = ::fdopen(pipes.to[1], "w");
  from_ = ::fdopen(pipes.from[0], "r");
  if (code == 0) return {};
  child_ = -1;
  return fail(ErrorKind::environment, std::string("git cannot be started: ") + std::strerror(code));
}

Result<std::optional<Object>> ObjectReader::read(const std::string& name) {
  if (auto loose = loose_object(objects_, name, kMostObjectBytes)) return loose;
  return ask_git(name);
}

// Answers are "<id> <type> <size>\n<bytes>\n", or a line that ends in "missing" or "ambiguous".
Result<std::optional<Object>> ObjectReader::ask_git(const std::string& name) {
  if (name.find('\n') != std::string::npos) return std::nullopt;
  if (to_ == nullptr) OE_CHECK(start());
  std::fprintf(to_, "%s\n", name.c_str());
  if (std::fflush(to_) != 0) return gone();
  std::string line;
  for (int c = 0; (c = std::fgetc(from_)) != '\n'; line.push_back(static_cast<char>(c)))
    if (c == EOF) return gone();
  const std::vector<std::string> words = split(line, ' ');
  const std::optional<std::size_t> size_said = words.size() == 3 ? number_in(words[2]) : std::nullopt;
  if (!size_said) return std::nullopt;
  const std::size_t size = *size_said;
  if (size > kMostObjectBytes) {
    for (std::size_t i = 0; i <= size && std::fgetc(from_) != EOF; ++i) {
    }
    return fail(ErrorKind::input, name + " is larger than 64 MiB");
  }
  Object object{.id = words[0], .type = words[1], .bytes = std::string(size, '\0')};
  if (std::fread(object.bytes.data(), 1, size, from_) != size || std::fgetc(from_) == EOF) return gone();
  return object;
}

}  // namespace oe::hooks
