#include "oe/forge/forge.hpp"

#include "unit/forge/forge_scenario.hpp"

namespace oe::forge {
namespace {

using Json = nlohmann::json;
using test::ForgeScenario;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class AnyForge : public ForgeScenario {};
INSTANTIATE_TEST_SUITE_P(Kinds, AnyForge, testing::Values(Kind::github, Kind::gitlab, Kind::gitea), test::name_of_kind);

TEST_P(AnyForge, OpensARequestThatIsFoundByItsBranch) {
  EXPECT_EQ(forge_->find_open("oe/x").value(), std::nullopt);
  const ChangeRequest request = opened();
  EXPECT_EQ(request.number, 1U);
  EXPECT_THAT(request.url, HasSubstr(server_.origin() + "/ada/flows/"));
  EXPECT_EQ(request.title, "A title");
  EXPECT_EQ(request.body, "A body");
  EXPECT_EQ(request.branch, "oe/x");
  EXPECT_EQ(request.base, "main");
  EXPECT_FALSE(request.is_draft);
  EXPECT_EQ(request.state, RequestState::open);
  opened("oe/y");
  opened("oe/z");  // pages are of two
  EXPECT_EQ(forge_->find_open("oe/x").value(), request);
  EXPECT_EQ(forge_->find_open("oe/z").value()->number, 3U);
}

TEST_P(AnyForge, OpensNoSecondRequestForABranch) {
  const ChangeRequest request = opened();
  EXPECT_EQ(opened().number, request.number);
  EXPECT_EQ(server_.told("state").size(), 1U);
}

TEST_P(AnyForge, KeepsADraftADraft) {
  ChangeRequest request = opened("oe/x", true);
  EXPECT_TRUE(request.is_draft);
  EXPECT_EQ(request.title, "A title");
  request = forge_->update(request, "Another title", "Another body").value();
  EXPECT_TRUE(request.is_draft);
  EXPECT_EQ(request.title, "Another title");
  EXPECT_EQ(request.body, "Another body");
  EXPECT_EQ(forge_->read(1).value(), request);
}

TEST_P(AnyForge, SaysOneThingInOneCommentHoweverOften) {
  opened();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(forge_->add_comment(1, "chat " + std::to_string(i)));
  EXPECT_TRUE(say_once(*forge_, 1, "report", "first"));
  EXPECT_TRUE(say_once(*forge_, 1, "other", "else"));
  EXPECT_TRUE(say_once(*forge_, 1, "report", "second"));
  EXPECT_TRUE(say_once(*forge_, 1, "report", "second"));
  const auto comments = forge_->comments(1).value();
  ASSERT_EQ(comments.size(), 5U);
  EXPECT_EQ(comments[3].body, "second\n\n<!-- oe:comment report -->");
  EXPECT_EQ(comments[3].author, "oe-user");
  const std::string edit = GetParam() == Kind::gitlab ? "PUT" : "PATCH";
  EXPECT_EQ(calls(edit), 1U) << "the same words again need no call";
}

TEST_P(AnyForge, LearnsWhoClosedItAndWhy) {
  opened();
  EXPECT_TRUE(say_once(*forge_, 1, "report", "of oe"));
  server_.tell("close", {{"number", 1}, {"by", "ann"}, {"comment", "no, it hides the fault"}});
  const ChangeRequest request = forge_->read(1).value();
  EXPECT_EQ(request.state, RequestState::closed);
  EXPECT_EQ(request.ended_by, "ann");
  EXPECT_EQ(last_words(*forge_, request).value(), "no, it hides the fault");
  EXPECT_EQ(forge_->find_open("oe/x").value(), std::nullopt);
}

TEST_P(AnyForge, LearnsWhoMergedItAndWhatTheBaseGot) {
  opened("oe/x");
  opened("oe/y");
  server_.tell("merge", {{"number", 1}, {"by", "ann"}});
  server_.tell("merge", {{"number", 2}, {"how", "squash"}, {"by", "bob"}});
  const ChangeRequest merged = forge_->read(1).value();
  EXPECT_EQ(merged.state, RequestState::merged);
  EXPECT_EQ(merged.ended_by, "ann");
  EXPECT_EQ(merged.merge_commit, std::string(40, 'd'));
  const ChangeRequest squashed = forge_->read(2).value();
  EXPECT_EQ(squashed.state, RequestState::merged);
  EXPECT_EQ(squashed.ended_by, "bob");
  EXPECT_EQ(squashed.merge_commit, std::string(40, 'd'));
}

TEST_P(AnyForge, TakesNobodyElsesWordsForTheReason) {
  opened();
  EXPECT_TRUE(forge_->add_comment(1, "nice"));
  server_.tell("close", {{"number", 1}, {"by", "ann"}});
  EXPECT_EQ(last_words(*forge_, forge_->read(1).value()).value(), "");
}

TEST_P(AnyForge, Closes) {
  opened();
  EXPECT_TRUE(forge_->close(1));
  EXPECT_EQ(forge_->read(1).value().state, RequestState::closed);
}

TEST_P(AnyForge, SeesCommitsAndReviews) {
  opened();
  EXPECT_EQ(forge_->activity(1).value().reviewers, std::vector<std::string>());
  for (const char* who : {"ann", "bob", "cid"}) server_.tell("review", {{"number", 1}, {"by", who}});
  const Activity activity = forge_->activity(1).value();
  EXPECT_THAT(activity.reviewers, ElementsAre("ann", "bob", "cid"));
  EXPECT_THAT(activity.commits, ElementsAre("c0ffee" + std::string(34, '0')));
}

TEST_P(AnyForge, PutsLabelsOnIt) {
  opened();
  EXPECT_TRUE(forge_->add_labels(1, {"oe", "workflow"}));
  EXPECT_EQ(server_.told("state").at(0).at("labels"), Json({"oe", "workflow"}));
}

TEST_P(AnyForge, IsFoundOutWithoutAToken) {
  EXPECT_EQ(probe(home()).value(), GetParam());
}

TEST_P(AnyForge, SaysWhatToDoAboutEachRefusal) {
  EXPECT_THAT(with_token("wrong-token")->read(1).error().to_string(),
              HasSubstr("does not know the token of OE_FORGE_TOKEN"));
  EXPECT_THAT(forge_->read(9).error().to_string(), HasSubstr("shows no ada/flows"));
  EXPECT_THAT(
      refusal({{"status", 403}, {"body", {{"message", "Resource not accessible"}}}}).to_string(),
      testing::AllOf(HasSubstr("does not allow that"), HasSubstr("Resource not accessible"), HasSubstr("it needs")));
  EXPECT_THAT(refusal({{"status", 422}, {"body", {{"errors", {{{"field", "base"}, {"code", "invalid"}}}}}}}).message(),
              HasSubstr("base is invalid"));
  EXPECT_THAT(refusal({{"status", 409}, {"body", {{"message", {"taken", "twice"}}}}}).message(),
              HasSubstr("taken; twice"));
  EXPECT_THAT(refusal({{"status", 200}, {"content_type", "text/html"}, {"body", "<html>Log in"}}).message(),
              HasSubstr("text/html and not with JSON"));
  EXPECT_THAT(refusal({{"status", 200}, {"body", {{"hello", "world"}}}}).message(), HasSubstr("no change request"));
  EXPECT_THAT(refusal({{"status", 502}, {"content_type", "text/html"}, {"body", "<html>"}}).message(),
              HasSubstr("in trouble (502)"));
}

TEST_P(AnyForge, WaitsWhereItIsAskedToAndGivesUpWhereThatIsLong) {
  server_.tell("script", Json::array({{{"match", "POST /"}, {"status", 429}, {"headers", {{"retry-after", "1"}}}}}));
  const auto begin = std::chrono::steady_clock::now();
  opened();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  const Error limited = refusal({{"status", 429}, {"headers", {{"retry-after", "3600"}}}});
  EXPECT_THAT(limited.message(), HasSubstr("takes no more calls until 20"));
  const Error secondary =
      refusal({{"status", 403}, {"body", {{"message", "You have exceeded a secondary rate limit."}}}});
  EXPECT_THAT(secondary.message(), HasSubstr("takes no more calls for a while"));
  const Error used_up =
      refusal({{"status", 403}, {"headers", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "4102444800"}}}});
  EXPECT_THAT(used_up.message(), HasSubstr("until 2100-01-01T00:00:00"));
}

TEST_P(AnyForge, RepeatsWhatMayBeRepeatedAndNothingElse) {
  server_.tell("script", Json::array({{{"match", "POST /"}, {"status", 503}}}));
  EXPECT_FALSE(forge_->open({.branch = "oe/x", .base = "main", .title = "t", .body = "b"}));
  EXPECT_EQ(calls("POST"), 1U);
  opened();
  server_.tell("script", Json::array({{{"match", "GET /"}, {"status", 503}}, {{"match", "GET /"}, {"cut", true}}}));
  EXPECT_TRUE(forge_->read(1));
}

TEST_P(AnyForge, FollowsRedirectsWithinTheForgeOnly) {
  opened();
  const std::string there = server_.told("log").back().at("path");
  server_.tell("script", Json::array({{{"match", "GET /"}, {"status", 307}, {"redirect", there + "/1"}}}));
  EXPECT_EQ(forge_->read(77).value().number, 1U);
  const Error away = refusal({{"status", 301}, {"redirect", "http://localhost:1/elsewhere"}});
  EXPECT_THAT(away.message(), HasSubstr("where the token must not go"));
  EXPECT_THAT(refusal({{"status", 302}, {"redirect", there}}).message(), HasSubstr("redirects in a circle"));
}

TEST_P(AnyForge, ShowsItsTokenToNobodyWhoReadsErrors) {
  const Json echo{{"message", "bad token right-token, sent as right-token"}};
  for (const int status : {400, 401, 403, 404, 409, 418, 422, 500})
    EXPECT_THAT(refusal({{"status", status}, {"body", echo}}).to_string(), Not(HasSubstr("right-token"))) << status;
}

}  // namespace
}  // namespace oe::forge
