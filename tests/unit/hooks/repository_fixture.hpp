#pragma once

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <string>

#include "oe/git/repository.hpp"
#include "oe/sys/file.hpp"

namespace oe::hooks::test {

/// A real repository in a directory that goes away with it.
class RepositoryTest : public testing::Test {
 protected:
  RepositoryTest() {
    std::string name = (std::filesystem::temp_directory_path() / "oe-hooks-XXXXXX").string();
    root_ = std::filesystem::canonical(::mkdtemp(name.data()));
    ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  }
  ~RepositoryTest() override { std::filesystem::remove_all(root_); }

  /// A line of sh in the root; what it printed.
  std::string sh(const std::string& line) const {
    const std::string file = root_.string() + ".out";
    const std::string command = fmt::format("cd '{}' && {{ {} ; }} >'{}' 2>&1", root_.string(), line, file);
    EXPECT_EQ(std::system(command.c_str()), 0) << line << ": " << read(file);
    std::string out = read(file);
    std::filesystem::remove(file);
    return out;
  }
  void init(const std::string& options = "") const {
    sh("git init -q -b main " + options + " . && git config user.name Ada && git config user.email ada@example.com");
  }
  static std::string read(const std::filesystem::path& path) {
    return sys::read_file(path, std::size_t{64} << 20).value_or("(not there)");
  }
  void write(const std::string& path, const std::string& bytes) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    ASSERT_TRUE(sys::write_file(root_ / path, bytes));
  }
  git::Place place() const {
    auto place = git::find_place(root_);
    EXPECT_TRUE(place) << place.error().to_string();
    return *place;
  }

  std::filesystem::path root_;
};

}  // namespace oe::hooks::test
