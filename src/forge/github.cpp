#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "forge/fields.hpp"
#include "forge/forges.hpp"
#include "forge/web.hpp"

namespace oe::forge {

namespace {

using Json = nlohmann::json;

// docs.github.com/rest (version 2022-11-28): pulls, issues (comments and labels of pulls are those of issues).
class GitHub final : public Forge {
 public:
  explicit GitHub(Api api)
      : api_(std::move(api)), project_("/repos/" + percent_encoded(api_.place().home.project, "/")) {}

  Kind kind() const override { return Kind::github; }

  Result<std::optional<ChangeRequest>> find_open(const std::string& branch) override {
    const std::string& project = api_.place().home.project;
    const std::string head = project.substr(0, project.find('/')) + ":" + branch;
    OE_TRY(const auto pulls,
           api_.list(fmt::format("{}/pulls?state=open&head={}&per_page=100", project_, percent_encoded(head))));
    for (const Value& pull : pulls) {
      if (text_in(pull.get("head"), "ref") == branch) return read_pull(pull);
    }
    return std::nullopt;
  }

  Result<ChangeRequest> read(std::uint64_t number) override {
    OE_TRY(const Value pull, api_.get(pull_path(number)));
    OE_TRY(ChangeRequest request, read_pull(pull));
    if (request.state != RequestState::closed) return request;
    OE_TRY(const Value issue, api_.get(issue_path(number)));  // only there it says who closed it
    request.ended_by = text_in(issue.get("closed_by"), "login");
    return request;
  }

  Result<ChangeRequest> open(const NewRequest& request) override {
    OE_TRY(const ApiAnswer answer, api_.try_send("POST", project_ + "/pulls",
                                                 Json{{"title", request.title},
                                                      {"head", request.branch},
                                                      {"base", request.base},
                                                      {"body", request.body},
                                                      {"draft", request.draft}}));
    if (answer.status < 300) return read_pull(answer.body);
    OE_TRY(const auto there, find_open(request.branch));
    if (there) return *there;
    return fail(api_.error_of("POST", answer));
  }

  Result<ChangeRequest> update(const ChangeRequest& request, const std::string& title,
                               const std::string& body) override {
    OE_TRY(const Value pull, api_.send("PATCH", pull_path(request.number), Json{{"title", title}, {"body", body}}));
    return read_pull(pull);
  }

  Result<void> close(std::uint64_t number) override {
    OE_CHECK(api_.send("PATCH", pull_path(number), Json{{"state", "closed"}}));
    return {};
  }

  Result<void> add_labels(std::uint64_t number, const std::vector<std::string>& labels) override {
    if (!labels.empty()) OE_CHECK(api_.send("POST", issue_path(number) + "/labels", Json{{"labels", labels}}));
    return {};
  }

  Result<std::vector<Comment>> comments(std::uint64_t number) override {
    OE_TRY(const auto list, api_.list(issue_path(number) + "/comments?per_page=100"));
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
    OE_TRY(const auto commits, api_.list(pull_path(number) + "/commits?per_page=100"));
    for (const Value& commit : commits) activity.commits.push_back(text_in(commit, "sha"));
    OE_TRY(const auto reviews, api_.list(pull_path(number) + "/reviews?per_page=100"));
    for (const Value& review : reviews) {
      if (text_in(review, "state") != "PENDING") activity.reviewers.push_back(text_in(review.get("user"), "login"));
    }
    return activity;
  }

 private:
  std::string pull_path(std::uint64_t number) const { return fmt::format("{}/pulls/{}", project_, number); }
  std::string issue_path(std::uint64_t number) const { return fmt::format("{}/issues/{}", project_, number); }

  static Result<ChangeRequest> read_pull(const Value& pull) {
    ChangeRequest request{.number = number_in(pull, "number"),
                          .url = text_in(pull, "html_url"),
                          .title = text_in(pull, "title"),
                          .body = text_in(pull, "body"),
                          .branch = text_in(pull.get("head"), "ref"),
                          .base = text_in(pull.get("base"), "ref"),
                          .head = text_in(pull.get("head"), "sha"),
                          .is_draft = flag_in(pull, "draft")};
    OE_CHECK(require_request(request.number, request.url, "GitHub"));
    if (!text_in(pull, "merged_at").empty() || flag_in(pull, "merged")) {
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

std::unique_ptr<Forge> make_github(Api api) {
  return std::make_unique<GitHub>(std::move(api));
}

}  // namespace oe::forge
