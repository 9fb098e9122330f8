#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ranges>

#include "forge/draft_title.hpp"
#include "forge/fields.hpp"
#include "forge/forges.hpp"
#include "forge/web.hpp"

namespace oe::forge {

namespace {

using Json = nlohmann::json;

// The API of Gitea and Forgejo (v1, /swagger): pulls, issues (comments, labels and the timeline of pulls are theirs).
class Gitea final : public Forge {
 public:
  explicit Gitea(Api api)
      : api_(std::move(api)), project_("/repos/" + percent_encoded(api_.place().home.project, "/")) {}

  Kind kind() const override { return Kind::gitea; }

  Result<std::optional<ChangeRequest>> find_open(const std::string& branch) override {
    OE_TRY(const auto pulls, api_.list(project_ + "/pulls?state=open&limit=50"));
    for (const Value& pull : pulls) {
      if (text_in(pull.get("head"), "ref") == branch) return read_pull(pull);
    }
    return std::nullopt;
  }

  Result<ChangeRequest> read(std::uint64_t number) override {
    OE_TRY(const Value pull, api_.get(pull_path(number)));
    OE_TRY(ChangeRequest request, read_pull(pull));
    if (request.state == RequestState::closed) OE_CHECK(read_closer(request));
    return request;
  }

  Result<ChangeRequest> open(const NewRequest& request) override {
    OE_TRY(const ApiAnswer answer, api_.try_send("POST", project_ + "/pulls",
                                                 Json{{"title", drafted(request.title, request.draft)},
                                                      {"head", request.branch},
                                                      {"base", request.base},
                                                      {"body", request.body}}));
    if (answer.status < 300) return read_pull(answer.body);
    OE_TRY(const auto there, find_open(request.branch));
    if (there) return *there;
    return fail(api_.error_of("POST", answer));
  }

  Result<ChangeRequest> update(const ChangeRequest& request, const std::string& title,
                               const std::string& body) override {
    OE_TRY(const Value pull, api_.send("PATCH", pull_path(request.number),
                                       Json{{"title", drafted(title, request.is_draft)}, {"body", body}}));
    return read_pull(pull);
  }

  Result<void> close(std::uint64_t number) override {
    OE_CHECK(api_.send("PATCH", pull_path(number), Json{{"state", "closed"}}));
    return {};
  }

  // Gitea wants the numbers of labels that are there.
  Result<void> add_labels(std::uint64_t number, const std::vector<std::string>& labels) override {
    if (labels.empty()) return {};
    OE_TRY(const auto known, api_.list(project_ + "/labels?limit=50"));
    Json ids = Json::array();
    for (const Value& label : known) {
      if (std::ranges::find(labels, text_in(label, "name")) != labels.end()) ids.push_back(number_in(label, "id"));
    }
    if (!ids.empty()) OE_CHECK(api_.send("POST", issue_path(number) + "/labels", Json{{"labels", ids}}));
    return {};
  }

  Result<std::vector<Comment>> comments(std::uint64_t number) override {
    OE_TRY(const auto list, api_.list(issue_path(number) + "/comments?limit=50"));
    std::vector<Comment> comments;
    for (const Value& comment : list)
      comments.push_back({number_in(comment, "id"), text_in(comment.get("user"), "login"), text_in(comment, "body")});
    return comments;
  }
  Result<void> add_comment(std::uint64_t number, const std::string& body) override {
    OE_CHECK(api_.send("POST", issue_path(number) + "/comments", Json{{"body", body}}));
    return {};
  }
  Result<void> edit_comment(std::uint64_t, std::uint64_t comment, const std::string& body) override {
    OE_CHECK(api_.send("PATCH", fmt::format("{}/issues/comments/{}", project_, comment), Json{{"body", body}}));
    return {};
  }

  Result<Activity> activity(std::uint64_t number) override {
    Activity activity;
    OE_TRY(const auto commits, api_.list(pull_path(number) + "/commits?limit=50"));
    for (const Value& commit : commits) activity.commits.push_back(text_in(commit, "sha"));
    std::ranges::reverse(activity.commits);  // newest first
    OE_TRY(const auto reviews, api_.list(pull_path(number) + "/reviews?limit=50"));
    for (const Value& review : reviews) {
      const std::string state = text_in(review, "state");
      if (state != "PENDING" && state != "REQUEST_REVIEW")
        activity.reviewers.push_back(text_in(review.get("user"), "login"));
    }
    return activity;
  }

 private:
  std::string pull_path(std::uint64_t number) const { return fmt::format("{}/pulls/{}", project_, number); }
  std::string issue_path(std::uint64_t number) const { return fmt::format("{}/issues/{}", project_, number); }
  static std::string drafted(const std::string& title, bool draft) { return draft ? "WIP: " + title : title; }

  // Only the timeline knows who closed it.
  Result<void> read_closer(ChangeRequest& request) {
    OE_TRY(const auto timeline, api_.list(issue_path(request.number) + "/timeline?limit=50"));
    for (const Value& entry : timeline | std::views::reverse) {
      if (text_in(entry, "type") != "close") continue;
      request.ended_by = text_in(entry.get("user"), "login");
      break;
    }
    return {};
  }

  static Result<ChangeRequest> read_pull(const Value& pull) {
    const std::string title = text_in(pull, "title");
    ChangeRequest request{.number = number_in(pull, "number"),
                          .url = text_in(pull, "html_url"),
                          .title = without_draft_prefix(title),
                          .body = text_in(pull, "body"),
                          .branch = text_in(pull.get("head"), "ref"),
                          .base = text_in(pull.get("base"), "ref"),
                          .head = text_in(pull.get("head"), "sha")};
    request.is_draft = flag_in(pull, "draft") || request.title != title;
    OE_CHECK(require_request(request.number, request.url, "Gitea"));
    if (flag_in(pull, "merged")) {
      request.state = RequestState::merged;
      request.merge_commit = text_in(pull, "merge_commit_sha");
      request.ended_by = text_in(pull.get("merged_by"), "login");
    } else if (text_in(pull, "state") == "closed") {
      request.state = RequestState::closed;
    }
    return request;
  }

  Api api_;
  std::string project_;
};

}  // namespace

std::unique_ptr<Forge> make_gitea(Api api) {
  return std::make_unique<Gitea>(std::move(api));
}

}  // namespace oe::forge
