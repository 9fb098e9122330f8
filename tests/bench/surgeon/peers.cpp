#include "bench/surgeon/peers.hpp"

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace oe::surgeon {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Saved and rejected parts are the business of the program.
Files read_all(const fs::path& tree) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(tree)) {
    const std::string path = fs::relative(entry.path(), tree).string();
    if (!entry.is_regular_file() || path.ends_with(".orig") || path.ends_with(".rej")) continue;
    files[path] = read(entry.path());
  }
  return files;
}

int run(std::vector<std::string> words, const fs::path& directory) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string ceiling = "GIT_CEILING_DIRECTORIES=" + directory.parent_path().string();
  std::string path = std::string("PATH=") + (getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin"),
              home = "HOME=/nonexistent";
  char* environment[] = {ceiling.data(), path.data(), home.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // patch asks the terminal otherwise
  pid_t child = 0;
  int status = -1;
  if (posix_spawnp(&child, argv[0], &actions, &attributes, argv.data(), environment) == 0) waitpid(child, &status, 0);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return status;
}

}  // namespace

const std::vector<Peer>& all_peers() {
  static const std::vector<Peer> peers = {
      {"git apply", {"git", "apply", "{}"}},
      {"git apply --recount -C1 --ignore-whitespace",
       {"git", "apply", "--recount", "-C1", "--ignore-whitespace", "{}"}},
      {"patch -p1 -F3 -l -N", {"patch", "-p1", "-F3", "-l", "-N", "-i", "{}"}},
  };
  return peers;
}

Applied apply(const Peer& peer, const Trial& trial, const fs::path& scratch) {
  const fs::path tree = scratch / "tree";
  fs::remove_all(tree);
  fs::create_directories(tree);
  for (const auto& [path, bytes] : trial.base) write(tree / path, bytes);
  write(scratch / "diff", trial.text);
  std::vector<std::string> words = peer.words;
  for (std::string& word : words)
    if (word == "{}") word = (scratch / "diff").string();
  const bool done = run(words, tree) == 0;
  Files files = read_all(tree);
  if (!done) return {std::nullopt, files != trial.base};
  return {std::move(files), false};
}

}  // namespace oe::surgeon
