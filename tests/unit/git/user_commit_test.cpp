#include "oe/git/user_commit.hpp"

#include <gmock/gmock.h>

#include "unit/git/git_tests.hpp"

namespace oe::git {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMessage = "oe(tune): it\n\nWhy not.\n\nOe-Proposal: f00\nOe-Base: b00\n";

class UserCommit : public ::testing::Test {
 protected:
  UserCommit() {
    repo_.write("f", "1\n");
    repo_.write("untouched", "u\n");
    draft_.parent = repo_.commit("base");
    draft_.message = kMessage;
    repository_ = open(repo_);
    draft_.tree = must(repository_->write_tree(draft_.parent, {{.path = "f", .bytes = "2\n"}}));
  }
  void hook(const std::string& path, const std::string& script) {
    repo_.write(path, "#!/bin/sh\n" + script);
    std::filesystem::permissions(repo_.root() / path, std::filesystem::perms::all);
  }
  Result<Oid> written(CommitStyle style = {}) {
    style.worktrees = repo_.home() / "worktrees";
    const Author author{{"T\u00e9st User", "test@example.com"}, Timestamp(std::chrono::seconds(1767323045))};
    return write_user_commit(repo_.place(), *repository_, draft_, author, style);
  }
  std::string message(const Oid& commit) { return must(repository_->commit(commit)).message; }
  /// What a person would look at afterwards.
  std::string state() const {
    return repo_.git({"status", "--porcelain"}) + repo_.git({"worktree", "list"}) + repo_.git({"for-each-ref"}) +
           repo_.read("f");
  }

  TempRepo repo_;
  CommitDraft draft_;
  std::unique_ptr<Repository> repository_;
};

TEST_F(UserCommit, IsThePlainOneWhereNothingIsConfigured) {
  const Oid commit = must(written());
  EXPECT_EQ(message(commit), kMessage);
  EXPECT_EQ(must(repository_->commit(commit)).tree, draft_.tree);
  EXPECT_FALSE(std::filesystem::exists(repo_.home() / "worktrees")) << "nothing was checked out for it";
}

TEST_F(UserCommit, IsSignedOffOnRequestAndOnce) {
  const Oid commit = must(written({.signoff = true}));
  EXPECT_THAT(message(commit), HasSubstr("Oe-Base: b00\nSigned-off-by: T\u00e9st User <test@example.com>\n"));
  draft_.message = message(commit);
  EXPECT_EQ(message(must(written({.signoff = true}))), draft_.message);
  draft_.message = kMessage;
  repo_.git({"config", "format.signOff", "true"});
  EXPECT_THAT(message(must(written())), HasSubstr("Signed-off-by: T\u00e9st User"));
}

TEST_F(UserCommit, RunsTheHooksOnTheStagedDraftInAnotherPlace) {
  hook(".git/hooks/pre-commit",
       "git diff --cached --name-only >>\"$HOME/seen\"; pwd >>\"$HOME/seen\"; cat f untouched >>\"$HOME/seen\"\n"
       "git symbolic-ref -q HEAD >>\"$HOME/seen\"; echo \"skip $OE_SKIP\" >>\"$HOME/seen\"\n");
  const std::string before = state();
  must(written());
  const std::string seen = read_bytes(repo_.home() / "seen");
  EXPECT_THAT(seen, HasSubstr("f\n" + (repo_.home() / "worktrees").string() + "/commit-"));
  EXPECT_THAT(seen, HasSubstr("2\nu\nskip 1\n")) << "detached, and hooks of oe stay quiet";
  EXPECT_EQ(state(), before);
  EXPECT_TRUE(std::filesystem::is_empty(repo_.home() / "worktrees"));
}
TEST_F(UserCommit, IsRefusedInTheWordsOfTheHook) {
  for (const char* name : {"pre-commit", "prepare-commit-msg", "commit-msg"}) {
    const std::string path = std::string(".git/hooks/") + name;
    hook(path, "echo not on a Friday >&2; exit 3\n");
    const std::string before = state();
    const auto refused = written();
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().kind(), ErrorKind::failed);
    EXPECT_THAT(refused.error().to_string(), HasSubstr(std::string(name) + " refused the commit: not on a Friday"));
    EXPECT_THAT(refused.error().to_string(), HasSubstr("--no-verify"));
    EXPECT_EQ(state(), before);
    must(written({.verify = false}));
    std::filesystem::remove(repo_.root() / path);
  }
}
TEST_F(UserCommit, HonoursTheHooksPath) {
  repo_.git({"config", "core.hooksPath", ".husky/_"});
  hook(".husky/_/commit-msg", "echo no ticket; exit 1\n");
  EXPECT_THAT(error_of(written()), HasSubstr("no ticket")) << "though no commit has it";
  repo_.git({"config", "core.hooksPath", "/dev/null"});
  must(written());
}
TEST_F(UserCommit, TakesWhatAHookAddsToTheMessage) {
  hook(".git/hooks/commit-msg", "git interpret-trailers --in-place --trailer 'Change-Id: I0815' \"$1\"\n");
  EXPECT_THAT(message(must(written())), HasSubstr("Oe-Base: b00\nChange-Id: I0815\n"));
}
TEST_F(UserCommit, KeepsLinesThatGitWouldTakeForComments) {
  draft_.message = "oe(tune): it\n\n# of 2\n; one\n\nOe-Proposal: f00\n";
  repo_.git({"config", "core.commentChar", ";"});
  repo_.git({"config", "commit.cleanup", "strip"});
  EXPECT_EQ(message(must(written())), draft_.message);
  hook(".git/hooks/commit-msg", "echo 'Reviewed-by: me' >>\"$1\"\n");
  EXPECT_EQ(message(must(written())), draft_.message + "Reviewed-by: me\n");
}
TEST_F(UserCommit, IsRefusedWhereAHookChangesWhatWasProven) {
  hook(".git/hooks/pre-commit", "echo formatted >>f; git add f\n");
  EXPECT_THAT(error_of(written()), HasSubstr("changed what was to be committed"));
  hook(".git/hooks/pre-commit", "echo formatted >>f\n");
  EXPECT_EQ(must(repository_->commit(must(written()))).tree, draft_.tree) << "not staged: git ignores it, too";
  hook(".git/hooks/commit-msg", "echo mine >\"$1\"\n");
  EXPECT_THAT(error_of(written()), HasSubstr("changed the line Oe-Proposal of the message"));
}

TEST_F(UserCommit, IsSignedWithAnSshKeyAsGitIsConfigured) {
  const std::string key = (repo_.home() / "key").string();
  ASSERT_EQ(must(sys::run_process({.argv = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key},
                                   .directory = repo_.home()}))
                .code,
            0);
  std::string allowed = read_bytes(key + ".pub");
  write_bytes(repo_.home() / "allowed", "test@example.com " + allowed);
  repo_.git({"config", "gpg.format", "ssh"});
  repo_.git({"config", "user.signingKey", key});
  repo_.git({"config", "gpg.ssh.allowedSignersFile", (repo_.home() / "allowed").string()});
  repo_.git({"config", "i18n.commitEncoding", "ISO-8859-1"});
  EXPECT_NE(repo_.try_git({"verify-commit", must(written()).text}).code, 0) << "not asked for";
  repo_.git({"config", "commit.gpgSign", "yes"});
  must(check_signing(repo_.place(), draft_.parent));
  const Oid commit = must(written());
  EXPECT_EQ(repo_.try_git({"verify-commit", commit.text}).code, 0);
  EXPECT_EQ(message(commit), kMessage);
  EXPECT_EQ(must(repository_->commit(commit)).tree, draft_.tree);
  EXPECT_THAT(repo_.git({"cat-file", "commit", commit.text}), Not(HasSubstr("encoding")));
}
TEST_F(UserCommit, IsSignedWithGpgAsGitIsConfigured) {
  const std::string home = (repo_.home() / "gnupg").string();
  std::filesystem::create_directory(home);
  std::filesystem::permissions(home, std::filesystem::perms::owner_all);
  const ScopedEnvironment gnupg("GNUPGHOME", home);
  const auto gpg = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""});
    return must(sys::run_process({.argv = std::move(words), .directory = repo_.home()}));
  };
  const auto made = gpg({"--quick-generate-key", "Test User <test@example.com>", "ed25519", "sign", "never"});
  ASSERT_EQ(made.code, 0) << made.err;
  repo_.git({"config", "commit.gpgSign", "true"});
  repo_.git({"config", "user.signingKey", "test@example.com"});
  const Oid commit = must(written());
  EXPECT_EQ(repo_.try_git({"verify-commit", commit.text}).code, 0);
  (void)must(sys::run_process({.argv = {"gpgconf", "--kill", "all"}, .directory = repo_.home()}));
}
TEST_F(UserCommit, SaysBeforehandThatItCannotBeSigned) {
  repo_.git({"config", "commit.gpgSign", "true"});
  repo_.git({"config", "gpg.program", "/bin/false"});
  const auto cannot = check_signing(repo_.place(), draft_.parent);
  ASSERT_FALSE(cannot);
  EXPECT_EQ(cannot.error().kind(), ErrorKind::environment);
  EXPECT_THAT(cannot.error().to_string(), HasSubstr("git config commit.gpgSign false"));
  EXPECT_EQ(written().error().kind(), ErrorKind::environment);
}

}  // namespace
}  // namespace oe::git
