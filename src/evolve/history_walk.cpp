#include <algorithm>
#include <charconv>
#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/evolve/history.hpp"
#include "oe/git/program.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kFirstPage = 200;
constexpr std::size_t kLargestPage = 20'000;
/// Between the parts of a commit; the message comes last, so it may hold one.
constexpr char kPart = '\x1f';
constexpr const char* kFormat = "--format=%H%x1f%P%x1f%an%x1f%ct%x1f%s%x1f%B";

std::string take_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(kPart), rest.size());
  std::string part(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

PastCommit commit_in(std::string_view text) {
  PastCommit commit{.id = {take_part(text)}};
  for (std::string& parent : split(take_part(text), ' '))
    if (!parent.empty()) commit.parents.push_back({std::move(parent)});
  commit.author = take_part(text);
  const std::string seconds = take_part(text);
  std::int64_t since_1970 = 0;
  std::from_chars(seconds.data(), seconds.data() + seconds.size(), since_1970);
  commit.time = Timestamp(std::chrono::seconds(since_1970));
  commit.subject = take_part(text);
  commit.message = text;
  return commit;
}

std::vector<PastCommit> commits_in(const std::string& text) {
  std::vector<PastCommit> commits;
  for (const std::string& one : split(text, '\0'))
    if (!one.empty()) commits.push_back(commit_in(one));
  return commits;
}

Result<std::string> git_log(const git::Place& place, std::vector<std::string> arguments, std::string input = {}) {
  git::GitCall call{.directory = place.root,
                    .arguments = {"--literal-pathspecs", "-c", "log.showSignature=false", "log", "-z", "--no-color",
                                  "--encoding=UTF-8", kFormat},
                    .input = std::move(input)};
  call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
  OE_TRY(git::GitAnswer answer, git::run_git(std::move(call)));
  if (answer.code != 0) return fail(git::git_error(ErrorKind::environment, "reading the history", answer));
  return std::move(answer.out);
}

Result<std::string> read_page(const git::Place& place, const git::Oid& head, const std::vector<std::string>& arguments,
                              std::size_t skip, std::size_t count) {
  std::vector<std::string> all = {fmt::format("--skip={}", skip), fmt::format("-n{}", count), head.text};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return git_log(place, std::move(all));
}

}  // namespace

Result<void> walk_back(const git::Place& place, const git::Oid& head, const std::vector<std::string>& arguments,
                       const std::function<bool(const PastCommit&)>& each) {
  std::size_t seen = 0;
  for (std::size_t page = kFirstPage;; page = std::min(2 * page, kLargestPage)) {
    OE_TRY(const std::string text, read_page(place, head, arguments, seen, page));
    const std::vector<PastCommit> commits = commits_in(text);
    for (const PastCommit& commit : commits)
      if (!each(commit)) return {};
    if (commits.size() < page) return {};
    seen += commits.size();
  }
}

Result<std::vector<PastCommit>> read_commits(const git::Place& place, const std::vector<git::Oid>& ids) {
  if (ids.empty()) return std::vector<PastCommit>();
  std::string input;
  for (const git::Oid& id : ids) input += id.text + "\n";
  OE_TRY(const std::string text, git_log(place, {"--no-walk=unsorted", "--stdin"}, std::move(input)));
  return commits_in(text);
}

}  // namespace oe::evolve
