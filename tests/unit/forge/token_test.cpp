#include <gtest/gtest.h>
#include <map>

#include "oe/forge/connect.hpp"

namespace oe::forge {
namespace {

Variables set(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

Home home(const char* remote, const Variables& variables = set({})) {
  const auto url = parse_remote_url(remote);
  const auto found = home_of(url.value(), variables);
  EXPECT_TRUE(found && *found) << remote;
  return found.value().value_or(Home{});
}

std::string source(Kind kind, const char* web, const Variables& variables) {
  const auto token = token_for(kind, Home{.web = web, .project = "a/b"}, variables);
  return token ? token->source : "none";
}

TEST(Home, IsWhereTheRemoteIsWhateverGitSpeaks) {
  EXPECT_EQ(home("git@github.com:ada/flows.git"), (Home{"https://github.com", "ada/flows"}));
  EXPECT_EQ(home("ssh://git@ssh.github.com:443/ada/flows.git"), (Home{"https://github.com", "ada/flows"}));
  EXPECT_EQ(home("ssh://git@git.example.com:2222/g/s/flows"), (Home{"https://git.example.com", "g/s/flows"}));
  EXPECT_EQ(home("https://git.example.com:8443/g/flows"), (Home{"https://git.example.com:8443", "g/flows"}));
}

TEST(Home, IsTheNamedForgeWhereTheHostIsItsOwn) {
  const auto named = set({{"OE_FORGE_URL", "http://127.0.0.1:3000/forge/"}});
  EXPECT_EQ(home("http://127.0.0.1:8080/forge/ada/flows.git", named),
            (Home{"http://127.0.0.1:3000/forge", "ada/flows"}));
  EXPECT_EQ(home("/srv/git/ada/flows.git", named), (Home{"http://127.0.0.1:3000/forge", "ada/flows"}));
  EXPECT_EQ(home("git@github.com:ada/flows.git", named), (Home{"https://github.com", "ada/flows"}));
  EXPECT_FALSE(home_of(parse_remote_url("/srv/git/flows.git").value(), set({})).value());
  EXPECT_FALSE(home_of(parse_remote_url("git@h:flows").value(), set({})));
  EXPECT_FALSE(home_of(parse_remote_url("git@h:a/b").value(), set({{"OE_FORGE_URL", "ftp://h"}})));
}

TEST(Home, SaysItsKindItsApiAndWhereToOpenByHand) {
  EXPECT_EQ(kind_of_host({"https://github.com", ""}), Kind::github);
  EXPECT_EQ(kind_of_host({"https://acme.ghe.com", ""}), Kind::github);
  EXPECT_EQ(kind_of_host({"https://gitlab.com", ""}), Kind::gitlab);
  EXPECT_EQ(kind_of_host({"https://codeberg.org", ""}), Kind::gitea);
  EXPECT_EQ(kind_of_host({"https://notgithub.com", ""}), std::nullopt);
  EXPECT_EQ(kind_of_host({"https://github.com.evil.example", ""}), std::nullopt);
  EXPECT_EQ(api_root(Kind::github, {"https://github.com", ""}), "https://api.github.com");
  EXPECT_EQ(api_root(Kind::github, {"https://acme.ghe.com", ""}), "https://api.acme.ghe.com");
  EXPECT_EQ(api_root(Kind::github, {"https://git.example.com", ""}), "https://git.example.com/api/v3");
  EXPECT_EQ(api_root(Kind::gitlab, {"https://h/below", ""}), "https://h/below/api/v4");
  EXPECT_EQ(api_root(Kind::gitea, {"http://localhost:3000", ""}), "http://localhost:3000/api/v1");
  EXPECT_EQ(compare_url(Kind::github, {"https://github.com", "a/b"}, "main", "oe/x/y#z"),
            "https://github.com/a/b/compare/main...oe/x/y%23z?expand=1");
  EXPECT_EQ(compare_url(Kind::gitea, {"https://h", "a/b"}, "main", "oe/x"), "https://h/a/b/compare/main...oe/x");
  EXPECT_EQ(compare_url(Kind::gitlab, {"https://h", "g/s/b"}, "main", "oe/x"),
            "https://h/g/s/b/-/merge_requests/new?merge_request%5Bsource_branch%5D=oe/x"
            "&merge_request%5Btarget_branch%5D=main");
}

TEST(Token, GoesToItsOwnHostAndToNoOther) {
  const auto all = set({{"GITHUB_TOKEN", "h"}, {"GITLAB_TOKEN", "l"}, {"GITEA_TOKEN", "e"}, {"FORGEJO_TOKEN", "f"}});
  EXPECT_EQ(source(Kind::github, "https://github.com", all), "GITHUB_TOKEN");
  EXPECT_EQ(source(Kind::gitlab, "https://gitlab.com", all), "GITLAB_TOKEN");
  EXPECT_EQ(source(Kind::gitea, "https://gitea.com", all), "GITEA_TOKEN");
  EXPECT_EQ(source(Kind::gitea, "https://codeberg.org", all), "FORGEJO_TOKEN");
  for (const char* web : {"https://git.example.com", "https://github.com.evil.example", "https://xgithub.com",
                          "http://github.com", "https://gitlab.com.evil.example", "https://127.0.0.1"})
    for (const Kind kind : {Kind::github, Kind::gitlab, Kind::gitea}) EXPECT_EQ(source(kind, web, all), "none") << web;
}

TEST(Token, OfASelfHostedForgeIsForTheHostThatIsNamedWithIt) {
  const auto ci = set({{"CI_JOB_TOKEN", "j"}, {"CI_SERVER_URL", "https://git.example.com"}});
  EXPECT_EQ(source(Kind::gitlab, "https://git.example.com", ci), "CI_JOB_TOKEN");
  EXPECT_EQ(source(Kind::gitlab, "https://gitlab.com", ci), "none");
  const auto action = set({{"GITHUB_TOKEN", "g"}, {"GITHUB_SERVER_URL", "https://git.example.com"}});
  EXPECT_EQ(source(Kind::github, "https://git.example.com", action), "GITHUB_TOKEN");
  EXPECT_EQ(source(Kind::gitea, "https://git.example.com", action), "GITHUB_TOKEN");
  const auto own = set({{"OE_FORGE_TOKEN", "o"}, {"OE_FORGE_URL", "https://git.example.com:8443"}});
  EXPECT_EQ(source(Kind::gitea, "https://git.example.com:8443", own), "OE_FORGE_TOKEN");
  EXPECT_EQ(source(Kind::gitea, "https://git.example.com", own), "none");
  EXPECT_EQ(source(Kind::github, "https://github.com", own), "none");
  EXPECT_EQ(source(Kind::github, "https://github.com", set({{"OE_FORGE_TOKEN", "o"}})), "none");
}

TEST(Token, IsCarriedAsItsForgeWantsIt) {
  const auto header = [](Kind kind, const char* web, const Variables& variables) {
    const auto token = token_for(kind, Home{.web = web, .project = "a/b"}, variables);
    return token ? token->header + ": " + token->prefix + token->secret.reveal() : "none";
  };
  EXPECT_EQ(header(Kind::github, "https://github.com", set({{"GH_TOKEN", "t"}})), "authorization: Bearer t");
  EXPECT_EQ(header(Kind::gitlab, "https://gitlab.com", set({{"GITLAB_TOKEN", "t"}})), "private-token: t");
  EXPECT_EQ(header(Kind::gitlab, "https://h", set({{"CI_JOB_TOKEN", "t"}, {"CI_SERVER_URL", "https://h"}})),
            "job-token: t");
  EXPECT_EQ(header(Kind::gitea, "https://gitea.com", set({{"GITEA_TOKEN", "t"}})), "authorization: token t");
}

}  // namespace
}  // namespace oe::forge
