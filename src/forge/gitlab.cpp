#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"

#include "forge/draft_title.hpp"
#include "forge/fields.hpp"
#include "forge/forges.hpp"
#include "forge/web.hpp"

namespace oe::forge {

namespace {

using Json = nlohmann::json;

// docs.gitlab.com/api (v4): merge_requests, notes, approvals. A request is named by its iid.
class GitLab final : public Forge {
 public:
  explicit GitLab(Api api)
      : api_(std::move(api)),
        requests_(fmt::format("/projects/{}/merge_requests", percent_encoded(api_.place().home.project))) {}

  Kind kind() const override { return Kind::gitlab; }

  Result<std::optional<ChangeRequest>> find_open(const std::string& branch) override {
    OE_TRY(const auto list,
           api_.list(fmt::format("{}?state=opened&source_branch={}&per_page=100", requests_, percent_encoded(branch))));
    for (const Value& item : list) {
      if (text_in(item, "source_branch") == branch) return read_request(item);
    }
    return std::nullopt;
  }

  Result<ChangeRequest> read(std::uint64_t number) override {
    OE_TRY(const Value item, api_.get(path(number)));
    return read_request(item);
  }

  Result<ChangeRequest> open(const NewRequest& request) override {
    OE_TRY(const ApiAnswer answer, api_.try_send("POST", requests_,
                                                 Json{{"source_branch", request.branch},
                                                      {"target_branch", request.base},
                                                      {"title", drafted(request.title, request.draft)},
                                                      {"description", request.body}}));
    if (answer.status < 300) return read_request(answer.body);
    OE_TRY(const auto there, find_open(request.branch));
    if (there) return *there;
    return fail(api_.error_of("POST", answer));
  }

  Result<ChangeRequest> update(const ChangeRequest& request, const std::string& title,
                               const std::string& body) override {
    OE_TRY(const Value item, api_.send("PUT", path(request.number),
                                       Json{{"title", drafted(title, request.is_draft)}, {"description", body}}));
    return read_request(item);
  }

  Result<void> close(std::uint64_t number) override {
    OE_CHECK(api_.send("PUT", path(number), Json{{"state_event", "close"}}));
    return {};
  }

  Result<void> add_labels(std::uint64_t number, const std::vector<std::string>& labels) override {
    if (!labels.empty()) OE_CHECK(api_.send("PUT", path(number), Json{{"add_labels", join(labels, ",")}}));
    return {};
  }

  Result<std::vector<Comment>> comments(std::uint64_t number) override {
    OE_TRY(const auto list, notes(number));
    std::vector<Comment> comments;
    for (const Value& note : list) {
      if (flag_in(note, "system")) continue;
      comments.push_back({number_in(note, "id"), text_in(note.get("author"), "username"), text_in(note, "body")});
    }
    return comments;
  }
  Result<void> add_comment(std::uint64_t number, const std::string& body) override {
    OE_CHECK(api_.send("POST", path(number) + "/notes", Json{{"body", body}}));
    return {};
  }
  Result<void> edit_comment(std::uint64_t number, std::uint64_t comment, const std::string& body) override {
    OE_CHECK(api_.send("PUT", fmt::format("{}/notes/{}", path(number), comment), Json{{"body", body}}));
    return {};
  }

  // GitLab has no reviews as such: approvals, and notes on lines of the diff.
  Result<Activity> activity(std::uint64_t number) override {
    Activity activity;
    OE_TRY(const auto commits, api_.list(path(number) + "/commits?per_page=100"));
    for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit)
      activity.commits.push_back(text_in(*commit, "id"));  // newest first
    OE_TRY(const Value approvals, api_.get(path(number) + "/approvals"));
    const Value approved = approvals.get("approved_by");
    for (const Json& approval : approved.json())
      activity.reviewers.push_back(text_in(Value(approval).get("user"), "username"));
    OE_TRY(const auto list, notes(number));
    for (const Value& note : list) {
      if (text_in(note, "type") == "DiffNote") activity.reviewers.push_back(text_in(note.get("author"), "username"));
    }
    return activity;
  }

 private:
  std::string path(std::uint64_t number) const { return fmt::format("{}/{}", requests_, number); }
  Result<std::vector<Value>> notes(std::uint64_t number) {
    return api_.list(path(number) + "/notes?sort=asc&order_by=created_at&per_page=100");
  }
  static std::string drafted(const std::string& title, bool draft) { return draft ? "Draft: " + title : title; }

  static std::string merge_commit_of(const Value& item) {
    for (const char* name : {"merge_commit_sha", "squash_commit_sha", "sha"}) {
      if (std::string id = text_in(item, name); !id.empty()) return id;
    }
    return {};
  }

  static Result<ChangeRequest> read_request(const Value& item) {
    const std::string state = text_in(item, "state");
    ChangeRequest request{.number = number_in(item, "iid"),
                          .url = text_in(item, "web_url"),
                          .title = without_draft_prefix(text_in(item, "title")),
                          .body = text_in(item, "description"),
                          .branch = text_in(item, "source_branch"),
                          .base = text_in(item, "target_branch"),
                          .head = text_in(item, "sha"),
                          .is_draft = flag_in(item, "draft")};
    OE_CHECK(require_request(request.number, request.url, "GitLab"));
    if (state == "merged") {
      request.state = RequestState::merged;
      request.merge_commit = merge_commit_of(item);
      const Value by = item.get("merge_user").is_null() ? item.get("merged_by") : item.get("merge_user");
      request.ended_by = text_in(by, "username");
    } else if (state == "closed") {
      request.state = RequestState::closed;
      request.ended_by = text_in(item.get("closed_by"), "username");
    }
    return request;
  }

  Api api_;
  std::string requests_;
};

}  // namespace

std::unique_ptr<Forge> make_gitlab(Api api) {
  return std::make_unique<GitLab>(std::move(api));
}

}  // namespace oe::forge
