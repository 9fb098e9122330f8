#include "oe/forge/remote_url.hpp"

#include <gtest/gtest.h>

namespace oe::forge {
namespace {

using Scheme = RemoteUrl::Scheme;

RemoteUrl parsed(std::string_view text) {
  const auto url = parse_remote_url(text);
  EXPECT_TRUE(url) << text;
  return url.value_or(RemoteUrl{});
}

TEST(RemoteUrl, ReadsEveryFormThatGitTakes) {
  EXPECT_EQ(parsed("https://github.com/ada/flows.git"), (RemoteUrl{Scheme::https, "github.com", {}, "ada/flows"}));
  EXPECT_EQ(parsed("https://GitHub.com/ada/flows/"), (RemoteUrl{Scheme::https, "github.com", {}, "ada/flows"}));
  EXPECT_EQ(parsed("http://127.0.0.1:8080/ada/flows"), (RemoteUrl{Scheme::http, "127.0.0.1", 8080, "ada/flows"}));
  EXPECT_EQ(parsed("git@github.com:ada/flows.git"), (RemoteUrl{Scheme::ssh, "github.com", {}, "ada/flows"}));
  EXPECT_EQ(parsed("github.com:ada/flows"), (RemoteUrl{Scheme::ssh, "github.com", {}, "ada/flows"}));
  EXPECT_EQ(parsed("ssh://git@git.example.com:2222/group/sub/team/flows.git"),
            (RemoteUrl{Scheme::ssh, "git.example.com", 2222, "group/sub/team/flows"}));
  EXPECT_EQ(parsed("git+ssh://git@h/a/b"), (RemoteUrl{Scheme::ssh, "h", {}, "a/b"}));
  EXPECT_EQ(parsed("[git@host]:a/b").path, "a/b");
  EXPECT_EQ(parsed("ssh://git@[::1]:22/a/b"), (RemoteUrl{Scheme::ssh, "[::1]", 22, "a/b"}));
  EXPECT_EQ(parsed("git://h/a/b.git"), (RemoteUrl{Scheme::git, "h", {}, "a/b"}));
  EXPECT_EQ(parsed("/srv/git/ada/flows.git"), (RemoteUrl{Scheme::file, "", {}, "srv/git/ada/flows"}));
  EXPECT_EQ(parsed("file:///srv/git/ada/flows.git"), (RemoteUrl{Scheme::file, "", {}, "srv/git/ada/flows"}));
  EXPECT_EQ(parsed("../ada/a:b.git").scheme, Scheme::file);
}

TEST(RemoteUrl, ForgetsWhoLogsIn) {
  EXPECT_EQ(parsed("https://ada:hunter2@github.com/ada/flows.git"), parsed("https://github.com/ada/flows.git"));
  EXPECT_EQ(parsed("https://ada:p@ss@github.com/ada/flows"), parsed("https://github.com/ada/flows"));
}

TEST(RemoteUrl, RefusesWhatNamesNoProjectAndShowsNoPassword) {
  for (const char* text : {"", "https://github.com", "https://github.com/", "https:///a/b", "git@github.com:",
                           "ftp://h/a/b", "https://h:0/a/b", "https://h:99999/a/b", "https://h:x/a/b"})
    EXPECT_FALSE(parse_remote_url(text)) << text;
  const auto refused = parse_remote_url("ftp://ada:hunter2@h/a/b");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().to_string().find("hunter2"), std::string::npos);
  EXPECT_EQ(refused.error().to_string().find("ada"), std::string::npos);
}

}  // namespace
}  // namespace oe::forge
