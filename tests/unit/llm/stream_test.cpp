#include <gtest/gtest.h>

#include "oe/base/text.hpp"

#include "llm/plain_line.hpp"
#include "llm/sse.hpp"

namespace oe::llm {
namespace {

struct Streamed {
  std::vector<std::string> events;  // "name|data"
  std::string odd;
  bool is_too_long = false;
  friend bool operator==(const Streamed&, const Streamed&) = default;
};

Streamed read_stream(std::string_view bytes, std::size_t step = 1000, std::size_t limit = 100) {
  Streamed read;
  SseReader reader(limit, [&](std::string_view name, std::string_view data) {
    read.events.push_back(std::string(name) + "|" + std::string(data));
  });
  for (std::size_t at = 0; at < bytes.size(); at += step) reader.feed(bytes.substr(at, step));
  read.odd = reader.odd();
  read.is_too_long = reader.is_too_long();
  return read;
}
using Events = std::vector<std::string>;

// The examples of WHATWG HTML section 9.2.6 among them.
TEST(EventStream, JoinsTheLinesOfItsData) {
  EXPECT_EQ(read_stream("data: YHOO\ndata: +2\ndata: 10\n\n").events, Events{"|YHOO\n+2\n10"});
}
TEST(EventStream, EndsItsLinesInThreeWays) {
  EXPECT_EQ(read_stream("event: a\ndata: 1\n\nevent: b\rdata: 2\r\revent: c\r\ndata: 3\r\n\r\n").events,
            (Events{"a|1", "b|2", "c|3"}));
}
TEST(EventStream, TakesOneBlankAfterTheColon) {
  EXPECT_EQ(read_stream("data:test\n\ndata: test\n\ndata:  test\n\n").events, (Events{"|test", "|test", "| test"}));
}
TEST(EventStream, DispatchesAFieldWithoutValue) {
  EXPECT_EQ(read_stream("data\n\ndata\ndata\n\ndata:").events, (Events{"|", "|\n"}));
}
TEST(EventStream, LeavesCommentsAndAnUnfinishedEventOut) {
  EXPECT_EQ(read_stream(": test\n\n:\ndata: first\nid: 1\nretry: 5\n\ndata: last").events, Events{"|first"});
  EXPECT_EQ(read_stream(": test\n\nid: 1\n\n").odd, "");
}
TEST(EventStream, LeavesOneByteOrderMarkOut) {
  EXPECT_EQ(read_stream("\xEF\xBB\xBF"
                        "data: x\n\n")
                .events,
            Events{"|x"});
  EXPECT_EQ(read_stream("data: x\n\n\xEF\xBB\xBF"
                        "data: y\n\n")
                .events,
            Events{"|x"});
}
TEST(EventStream, NotesWhatNoApiSends) {
  EXPECT_EQ(read_stream("daxa: x\n\n").odd, "daxa");
  EXPECT_EQ(read_stream("event: x\n\ndata: y\n\n").odd, "x");
  EXPECT_EQ(read_stream("error: {\"a\":1}\n").odd, "error");
}
TEST(EventStream, ReadsTheSameWhateverThePieces) {
  const std::string body = "\xEF\xBB\xBF: c\r\nevent: a\r\ndata: 1\r\ndata: 2\r\n\r\ndata: 3\r\rdata: 4\n\nodd\r\n";
  const Streamed whole = read_stream(body);
  EXPECT_EQ(whole.events, (Events{"a|1\n2", "|3", "|4"}));
  for (std::size_t step = 1; step < body.size(); ++step) EXPECT_EQ(read_stream(body, step), whole) << step;
}
TEST(EventStream, EndsAtItsLimit) {
  EXPECT_TRUE(read_stream("data: " + std::string(101, 'x')).is_too_long);
  EXPECT_TRUE(read_stream("data: " + std::string(60, 'x') + "\ndata: " + std::string(60, 'x') + "\n\n").is_too_long);
  EXPECT_FALSE(read_stream("data: " + std::string(60, 'x') + "\n\ndata: " + std::string(60, 'x') + "\n\n").is_too_long);
}

TEST(PlainLine, IsOneShortLineOfCleanText) {
  EXPECT_EQ(plain_line("  a\r\n\tb\x01\x7f c \n"), "a b c");
  EXPECT_EQ(plain_line("\xFF\xC3"), "??");
  EXPECT_EQ(plain_line("é\x1b[1m"), "é [1m");
  const std::string cut = plain_line(std::string(10'000, 'x') + "é");
  EXPECT_EQ(cut.size(), 300U);
  EXPECT_TRUE(cut.ends_with("..."));
  for (std::size_t length = 290; length < 310; ++length)
    EXPECT_EQ(invalid_utf8(plain_line(std::string(length, 'x') + "ééééééééé")), std::nullopt);
}

}  // namespace
}  // namespace oe::llm
