#include "oe/git/ref_journal.hpp"

namespace oe::git {
namespace {

/// Another repository, with each write of a ref in a journal first.
class JournaledRepository final : public Repository {
 public:
  JournaledRepository(std::unique_ptr<Repository> inner, RefJournal& journal)
      : inner_(std::move(inner)), journal_(journal) {}

  Result<Head> head() const override { return inner_->head(); }
  Result<std::optional<Blob>> read(const Oid& commit, const std::string& path) const override {
    return inner_->read(commit, path);
  }
  Result<std::vector<std::string>> list(const Oid& commit, const std::string& directory) const override {
    return inner_->list(commit, directory);
  }
  Result<Commit> commit(const Oid& id) const override { return inner_->commit(id); }
  Result<Oid> write_tree(const Oid& commit, const std::vector<FileChange>& changes) override {
    return inner_->write_tree(commit, changes);
  }
  Result<Oid> write_commit(const Oid& tree, const std::vector<Oid>& parents, const std::string& message,
                           const Identity& identity, Timestamp time) override {
    return inner_->write_commit(tree, parents, message, identity, time);
  }
  Result<std::string> diff(const Oid& before, const Oid& after, const std::vector<std::string>& only) const override {
    return inner_->diff(before, after, only);
  }

  Result<void> set_branch(const std::string& name, const Oid& target, const std::optional<Oid>& expected) override {
    OE_CHECK(journal_.note({kHeads + name, expected, target}));
    return inner_->set_branch(name, target, expected);
  }
  Result<std::optional<Oid>> branch(const std::string& name) const override { return inner_->branch(name); }
  Result<void> delete_branch(const std::string& name) override {
    OE_TRY(const auto before, inner_->branch(name));
    OE_CHECK(journal_.note({kHeads + name, before, std::nullopt}));
    return inner_->delete_branch(name);
  }
  Result<std::vector<std::string>> branches(const std::string& prefix) const override {
    return inner_->branches(prefix);
  }

  Result<void> set_ref(const std::string& name, const Oid& target, const std::optional<Oid>& expected) override {
    OE_CHECK(journal_.note({name, expected, target}));
    return inner_->set_ref(name, target, expected);
  }
  Result<std::optional<Oid>> ref(const std::string& name) const override { return inner_->ref(name); }
  Result<void> delete_ref(const std::string& name) override {
    OE_TRY(const auto before, inner_->ref(name));
    OE_CHECK(journal_.note({name, before, std::nullopt}));
    return inner_->delete_ref(name);
  }
  Result<std::vector<std::string>> refs(const std::string& prefix) const override { return inner_->refs(prefix); }

  Result<std::unique_ptr<Worktree>> add_worktree(const std::filesystem::path& directory, const std::string& name,
                                                 const Oid& commit, const std::vector<std::string>& only) override {
    return inner_->add_worktree(directory, name, commit, only);
  }

 private:
  static constexpr const char* kHeads = "refs/heads/";
  std::unique_ptr<Repository> inner_;
  RefJournal& journal_;
};

}  // namespace

std::unique_ptr<Repository> journaled(std::unique_ptr<Repository> repository, RefJournal& journal) {
  return std::make_unique<JournaledRepository>(std::move(repository), journal);
}

}  // namespace oe::git
