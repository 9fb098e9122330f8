#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oe/base/text.hpp"
#include "oe/git/repository.hpp"
#include "oe/sys/process.hpp"

namespace oe::git {

/// Sets (or, with nullopt, unsets) an environment variable of this process until the end of the scope.
class ScopedEnvironment {
 public:
  ScopedEnvironment(std::string name, const std::optional<std::string>& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    set(value);
  }
  ~ScopedEnvironment() { set(before_); }
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  void set(const std::optional<std::string>& value) const {
    if (value)
      ::setenv(name_.c_str(), value->c_str(), 1);
    else
      ::unsetenv(name_.c_str());
  }

  std::string name_;
  std::optional<std::string> before_;
};

/// A fresh directory with a space and a non-ASCII letter in its name, removed at the end of the scope.
class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "oe t\u00e9st XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "mkdtemp " << pattern;
    path_ = std::filesystem::canonical(pattern);
  }
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// Every file below a directory by its relative path: bytes, "-> target" for a symlink, "/" for a directory.
inline std::map<std::string, std::string> snapshot(const std::filesystem::path& top) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(top)) {
    const std::string name = entry.path().lexically_relative(top).string();
    if (entry.is_symlink())
      files[name] = "-> " + fs::read_symlink(entry.path()).string();
    else
      files[name] = entry.is_directory() ? "/" : read_bytes(entry.path());
  }
  return files;
}

/// A new repository on branch main, driven by the real git, with a HOME, an identity and dates of its own.
/// The environment of this process is changed as long as it lives.
class TempRepo {
 public:
  explicit TempRepo(const std::vector<std::string>& init_options = {}) : root_(home_.path() / "repo") {
    write_bytes(home_.path() / ".gitconfig",
                "[user]\n\tname = T\u00e9st User\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n"
                "[protocol \"file\"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n");
    // Without the sample hooks, which cost more than all the rest.
    std::vector<std::string> init = {"init", "-q", "--template="};
    init.insert(init.end(), init_options.begin(), init_options.end());
    init.push_back(root_.string());
    run(home_.path(), init);
  }

  const std::filesystem::path& home() const { return home_.path(); }
  const std::filesystem::path& root() const { return root_; }

  void write(const std::string& path, std::string_view bytes) const { write_bytes(root_ / path, bytes); }
  std::string read(const std::string& path) const { return read_bytes(root_ / path); }

  /// Stages everything and commits it, also when nothing changed.
  Oid commit(const std::string& message) const {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", message});
    return rev("HEAD");
  }
  Oid rev(const std::string& revision) const { return Oid{git({"rev-parse", "--verify", revision})}; }

  /// Standard output without its last line break; a test failure when git fails.
  std::string git(const std::vector<std::string>& arguments) const { return run(root_, arguments); }
  /// The same without asking for success, and with something on standard input.
  sys::ProcessExit try_git(const std::vector<std::string>& arguments, std::string input = {}) const {
    return run_in(root_, arguments, std::move(input));
  }
  static std::string run(const std::filesystem::path& directory, const std::vector<std::string>& arguments) {
    sys::ProcessExit exit = run_in(directory, arguments, {});
    EXPECT_EQ(exit.code, 0) << "git " << join(arguments, " ") << "\n" << exit.out << exit.err;
    if (exit.out.ends_with('\n')) exit.out.pop_back();
    return exit.out;
  }

  /// Where find_place() says this repository is; a test failure when it cannot.
  Place place() const {
    Result<Place> found = find_place(root_);
    EXPECT_TRUE(found) << found.error().to_string();
    return found ? *found : Place{};
  }

 private:
  static sys::ProcessExit run_in(const std::filesystem::path& directory, const std::vector<std::string>& arguments,
                                 std::string input) {
    sys::ProcessSpec spec;
    spec.argv = {"git"};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.directory = directory;
    spec.input = std::move(input);
    Result<sys::ProcessExit> exit = sys::run_process(std::move(spec));
    EXPECT_TRUE(exit) << exit.error().to_string();
    return exit ? *exit : sys::ProcessExit{};
  }

  TempDirectory home_;
  ScopedEnvironment home_variable_{"HOME", home_.path().string()};
  ScopedEnvironment xdg_{"XDG_CONFIG_HOME", std::nullopt};
  ScopedEnvironment system_{"GIT_CONFIG_NOSYSTEM", "1"};
  ScopedEnvironment author_date_{"GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z"};
  ScopedEnvironment committer_date_{"GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z"};
  ScopedEnvironment language_{"LC_ALL", "C.UTF-8"};
  std::filesystem::path root_;
};

}  // namespace oe::git
