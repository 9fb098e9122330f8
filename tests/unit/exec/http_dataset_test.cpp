#include <nlohmann/json.hpp>

#include "attempts.hpp"
#include "exec/http_page.hpp"
#include "exec/http_request.hpp"
#include "fakes/model_server.hpp"

namespace oe::exec {
namespace {

using graph::HttpSource;
using graph::Paging;
using ledger::Outcome;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// Against tests/fakes/model_server.mjs and its lists of 7 rows.
class HttpDataset : public AttemptsTest {
 protected:
  void SetUp() override {
    server.emplace();
    executor = make_dataset_executor({loop, processes});
  }
  void TearDown() override {
    server.reset();
    AttemptsTest::TearDown();
  }

  std::string url(const std::string& path) const { return server->url(path); }
  Attempt& prepare_source(HttpSource source, std::string_view input = "{}") {
    Attempt& attempt = prepare(graph::Dataset{std::move(source)}, input);
    attempt.node.writes = {"rows"};
    return attempt;
  }
  Attempt& load(HttpSource source, std::string_view input = "{}") {
    Attempt& attempt = prepare_source(std::move(source), input);
    run(attempt);
    return attempt;
  }
  /// How many rows, or why it failed.
  std::string outcome(HttpSource source, std::string_view input = "{}") {
    const Attempt& attempt = load(std::move(source), input);
    if (!attempt.result().error.empty()) return attempt.result().error;
    return std::to_string(attempt.result().state_delta.at("rows").size());
  }
  std::size_t asked() const { return server->log().size(); }

  std::optional<fakes::ModelServer> server;
};

TEST_F(HttpDataset, GivesTheListToTheOneFieldThatTheNodeWrites) {
  const Attempt& attempt = load({.url = url("/rows?size=2")});
  EXPECT_EQ(attempt.result().error, "");
  EXPECT_EQ(attempt.delta("rows"), R"([{"id":1,"name":"row 1"},{"id":2,"name":"row 2"}])");
  EXPECT_EQ(attempt.result().http_status, 200);
  EXPECT_GT(attempt.result().duration.count(), 0);
  EXPECT_THAT(server->log()[0]["headers"]["accept"].get<std::string>(), StartsWith("application/json"));
}

TEST_F(HttpDataset, FindsTheListInAnObject) {
  EXPECT_EQ(outcome({.url = url("/rows/wrapped"), .rows = "$.items"}), "3");
  EXPECT_THAT(
      outcome({.url = url("/rows/wrapped"), .rows = "$.data.items"}),
      testing::AllOf(HasSubstr("there is no list at '$.data.items' of the answer"), HasSubstr("it has items, total")));
  EXPECT_EQ(load({.url = url("/rows/object")}).delta("rows"), R"([{"id":1}])") << "an object by itself is one row";
}

TEST_F(HttpDataset, PostsItsBodyWithValues) {
  EXPECT_EQ(load({.url = url("/rows/post"),
                  .method = "POST",
                  .body = Value::parse(R"({"ids":"{{ids}}","q":"of {{n}}"})").value()},
                 R"({"ids":[2,5],"n":7})")
                .delta("rows"),
            R"([{"id":2,"name":"row 2"},{"id":5,"name":"row 5"}])");
  EXPECT_EQ(server->log()[0]["body"]["q"], "of 7");
  EXPECT_EQ(server->log()[0]["headers"]["content-type"], "application/json");
}

TEST_F(HttpDataset, EncodesValuesInItsAddress) {
  load({.url = "{{base}}/plain?text={{text}}"},
       nlohmann::json{{"base", server->url()}, {"text", "[\"a&b=ü/ \"]"}}.dump());
  EXPECT_EQ(server->log()[0]["query"]["text"], "[\"a&b=ü/ \"]");
  EXPECT_THAT(outcome({.url = url("/{{gone}}")}), HasSubstr("{{gone}} has no value here"));
  EXPECT_THAT(outcome({.url = "{{base}}"}, R"({"base":"file:///etc/passwd"})"), HasSubstr("no http or https address"));
  EXPECT_EQ(asked(), 1U);
}

TEST_F(HttpDataset, SendsSecretsOfTheNodeInHeadersOnly) {
  const EnvironmentChanges granted = {{"TOKEN", "good"}, {"OTHER", std::nullopt}};
  const auto with = [&](const std::string& header) -> const AttemptReport& {
    Attempt& attempt = prepare_source({.url = url("/rows/private"), .headers = {{"Authorization", header}}});
    attempt.spec.environment = &granted;
    return run(attempt);
  };
  EXPECT_EQ(with("Bearer {{$secrets.TOKEN}}").error, "");
  EXPECT_THAT(with("Bearer {{$secrets.OTHER}}").error, HasSubstr("{{$secrets.OTHER}} has no value here"));
  const AttemptReport& refused = with("Bearer bad");
  EXPECT_EQ(refused.http_status, 401);
  EXPECT_THAT(refused.error, HasSubstr("/rows/private: status 401: {\"error\":\"a key is needed\"}"));
  Attempt& leak = prepare_source({.url = url("/{{$secrets.TOKEN}}")});
  leak.spec.environment = &granted;
  EXPECT_THAT(run(leak).error, HasSubstr("has no value here"));
  const EnvironmentChanges broken = {{"TOKEN", "good\r\nx-other: 1"}};
  Attempt& split = prepare_source({.url = url("/rows"), .headers = {{"A", "{{$secrets.TOKEN}}"}}});
  split.spec.environment = &broken;
  EXPECT_THAT(run(split).error, testing::AllOf(HasSubstr("'A' holds a line break"), Not(HasSubstr("good"))));
}

// --- pages ---

TEST_F(HttpDataset, FollowsPagesInEveryWay) {
  EXPECT_EQ(outcome({.url = url("/rows/next"), .rows = "$.items", .paging = Paging{.next = "$.next"}}), "7");
  EXPECT_EQ(outcome({.url = url("/rows/link"), .paging = Paging{.next = "link"}}), "7");
  EXPECT_EQ(outcome({.url = url("/rows?size=3"), .paging = Paging{.page = "page"}}), "7");
  EXPECT_EQ(
      outcome({.url = url("/rows/cursor"), .rows = "$.items", .paging = Paging{.next = "$.cursor", .page = "cursor"}}),
      "7");
  const Attempt& attempt = load({.url = url("/rows/link"), .paging = Paging{.next = "link"}});
  EXPECT_THAT(attempt.activities, ElementsAre("page 1, 3 rows", "page 2, 6 rows", "page 3, 7 rows"));
}

TEST_F(HttpDataset, StopsWhereItIsToldTo) {
  EXPECT_EQ(outcome({.url = url("/rows/link"), .paging = Paging{.next = "link", .most = 3}}), "7");
  EXPECT_THAT(outcome({.url = url("/rows/link"), .paging = Paging{.next = "link", .most = 2}}),
              HasSubstr("has more than 2 pages\nhint: raise paging.most"));
  EXPECT_EQ(outcome({.url = url("/rows"), .paging = Paging{.page = "page", .most = 3}}), "7");
  EXPECT_THAT(outcome({.url = url("/rows"), .paging = Paging{.page = "page", .most = 2}}),
              HasSubstr("more than 2 pages"));
  EXPECT_THAT(outcome({.url = url("/rows/loop"), .rows = "$.items", .paging = Paging{.next = "$.next"}}),
              HasSubstr("names a next page that has been read before"));
}

TEST_F(HttpDataset, SendsNothingToAnotherHost) {
  fakes::ModelServer other;
  const HttpSource source{.url = url("/rows"),
                          .headers = {{"authorization", "key"}},
                          .rows = "$.items",
                          .paging = Paging{.next = "$.next"}};
  const auto page = page_in(
      source, {.url = source.url, .headers = {}, .body = R"({"items":[1],"next":")" + other.url("/rows") + "\"}"});
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().to_string(), HasSubstr("names a next page on another host, " + other.url()));
}

TEST_F(HttpDataset, FollowsNoRedirect) {
  EXPECT_THAT(outcome({.url = url("/redirect")}),
              HasSubstr("status 302\nhint: it has moved to /plain; write that address"));
}

// --- faults ---

TEST_F(HttpDataset, TriesThreeTimesWhatMayPass) {
  Attempt& attempt = load({.url = url("/plain?status=503&text=busy")});
  EXPECT_EQ(attempt.result().outcome, Outcome::failed);
  EXPECT_THAT(attempt.result().error, HasSubstr("/plain: status 503: busy"));
  EXPECT_THAT(attempt.result().error, Not(HasSubstr("text=")));
  EXPECT_EQ(attempt.result().http_status, 503);
  EXPECT_EQ(asked(), 3U);
  EXPECT_THAT(attempt.activities, testing::SizeIs(2));
  EXPECT_THAT(attempt.activities.front(), StartsWith("status 503: trying again in "));
  load({.url = url("/plain?status=404")});
  EXPECT_EQ(asked(), 4U);
  EXPECT_THAT(load({.url = url("/drop")}).activities, testing::SizeIs(2)) << "a closed connection may pass as well";
}

TEST_F(HttpDataset, ReadsWhatTheContentTypeSays) {
  const HttpSource source;
  const auto rows = [&](const char* type, const char* body) {
    const auto page = page_in(source, {.url = "http://h/x?q", .headers = {{"Content-Type", type}}, .body = body});
    return page ? page->rows.dump() : page.error().to_string();
  };
  EXPECT_EQ(rows("text/csv; charset=utf-8", "a,b\n1,2\n"), R"([{"a":"1","b":"2"}])");
  EXPECT_EQ(rows("Text/Tab-Separated-Values", "a\tb\n1\t2\n"), R"([{"a":"1","b":"2"}])");
  EXPECT_EQ(rows("application/x-ndjson", "{\"a\":1}\n\n{\"a\":2}\n"), R"([{"a":1},{"a":2}])");
  EXPECT_EQ(rows("application/vnd.api+json", "[1]"), "[1]");
  EXPECT_EQ(rows("", "[1]"), "[1]");
  EXPECT_EQ(rows("text/html", "<html>"),
            "http://h/x: the answer of type text/html is not JSON: it begins with `<html>`");
  EXPECT_EQ(rows("application/json", "3"), "http://h/x: the answer is a JSON number, and rows come as a list");
  EXPECT_THAT(rows("text/csv", "a,b\n1\n"), StartsWith("http://h/x:2"));
}

TEST_F(HttpDataset, RefusesABodyOverItsLimit) {
  EXPECT_THAT(outcome({.url = url("/bytes?n=3000000"), .max_mb = 1}), HasSubstr("hint: raise max_mb"));
}

TEST_F(HttpDataset, EndsAtItsTimeoutAndWhenItIsCancelled) {
  Attempt& late = prepare_source({.url = url("/hang?at=body")});
  late.spec.timeout = std::chrono::milliseconds(200);
  EXPECT_EQ(run(late).outcome, Outcome::timed_out);
  EXPECT_THAT(late.result().error, HasSubstr("timeout of 200 ms"));
  for (const int delay : {0, 100}) {
    Attempt& cancelled = prepare_source({.url = url("/hang?at=head")});
    start(cancelled);
    if (delay == 0) executor->cancel(cancelled.handle);
    loop.after(std::chrono::milliseconds(delay), [&] { executor->cancel(cancelled.handle); });
    finish();
    EXPECT_EQ(cancelled.result().outcome, Outcome::cancelled);
  }
}

TEST_F(HttpDataset, HasNoNetworkInASandboxWithoutIt) {
  graph::Sandbox sandbox;
  Attempt& closed = prepare_source({.url = url("/rows")});
  closed.spec.sandbox = &sandbox;
  EXPECT_THAT(run(closed).error, HasSubstr("the sandbox of 'n' has no network"));
  EXPECT_EQ(asked(), 0U);
  sandbox.network = true;
  Attempt& open = prepare_source({.url = url("/rows")});
  open.spec.sandbox = &sandbox;
  EXPECT_EQ(run(open).error, "");
}

TEST_F(HttpDataset, LoadsManySourcesAtOnce) {
  std::vector<Attempt*> all;
  for (int i = 0; i < 20; ++i) all.push_back(&prepare_source({.url = url("/plain?text=[1]&ms=200")}));
  const auto begin = std::chrono::steady_clock::now();
  for (Attempt* attempt : all) start(*attempt);
  finish();
  for (Attempt* attempt : all) EXPECT_EQ(attempt->result().error, "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2)) << "one after the other takes 4 s";
}

TEST(Url, AddressesAreResolvedAndChanged) {
  EXPECT_EQ(origin_of("https://h:8/a?b"), "https://h:8");
  EXPECT_EQ(origin_of("https://h?b"), "https://h");
  EXPECT_EQ(shown_url("https://h/a?key=1#x"), "https://h/a");
  const std::string base = "https://h/a/b?x=1#f";
  EXPECT_EQ(resolved_url(base, "http://o/p"), "http://o/p");
  EXPECT_EQ(resolved_url(base, "//o/p"), "https://o/p");
  EXPECT_EQ(resolved_url(base, "/p?q"), "https://h/p?q");
  EXPECT_EQ(resolved_url(base, "?q=2"), "https://h/a/b?q=2");
  EXPECT_EQ(resolved_url(base, "c"), "https://h/a/c");
  EXPECT_EQ(resolved_url("https://h", "c"), "https://h/c");
  EXPECT_EQ(resolved_url("https://h?x", "c"), "https://h/c");
  EXPECT_EQ(with_parameter("https://h/a", "page", "2"), "https://h/a?page=2");
  EXPECT_EQ(with_parameter("https://h/a?page=1&size=3#f", "page", "2"), "https://h/a?size=3&page=2");
  EXPECT_EQ(with_parameter("https://h/a?pages=1&page", "page", "2"), "https://h/a?pages=1&page=2");
}

}  // namespace
}  // namespace oe::exec
