// Replies that were cut or changed on their way: never a crash, never an answer that is not what was sent.
#include "oe/base/text.hpp"
#include "oe/llm/schema.hpp"

#include "wired.hpp"

namespace oe::llm {
namespace {

class EveryDamage : public testing::TestWithParam<ReplySample> {
 protected:
  Reply read(const std::string& body) const { return read_reply(GetParam().provider, GetParam().type, body); }
};

bool is_inside_text(const ReplySample& sample, std::size_t at) {
  std::size_t from = 0;
  for (const std::string& piece : sample.pieces) {
    const std::size_t begin = sample.body.find(piece, from);
    if (at >= begin && at < begin + piece.size()) return true;
    from = begin + piece.size();
  }
  return false;
}

TEST_P(EveryDamage, OfACutIsNoAnswer) {
  const std::string& body = GetParam().body;
  for (std::size_t length = 0; length < body.size(); ++length) {
    const Reply reply = read(body.substr(0, length));
    ASSERT_NE(reply.error.empty(), reply.ending != Ending::answered) << length;
    if (reply.ending != Ending::answered) continue;
    ASSERT_EQ(trim(body.substr(length)), "") << length;
  }
}

/// A changed byte of the text cannot be seen in the reply itself; what is checked against a schema keeps its verdict.
TEST_P(EveryDamage, OfOneByteIsSeenOutsideTheTextAndChangesNoCheckedVerdict) {
  const ReplySample& sample = GetParam();
  const Value schema = json_value(kSampleSchema);
  for (std::size_t at = 0; at < sample.body.size(); ++at)
    for (const int mask : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string body = sample.body;
      body[at] = static_cast<char>(body[at] ^ mask);
      const Reply reply = read(body);
      if (reply.ending != Ending::answered || reply.text == sample.text) continue;
      ASSERT_TRUE(is_inside_text(sample, at)) << "byte " << at << " ^ " << mask << " gave " << reply.text;
      const auto value = json_in(reply.text);
      if (!value || !faults_of(*value, schema)->empty()) continue;
      ASSERT_EQ(value->get("verdict"), Value::of("ok")) << body;
    }
}

TEST_P(EveryDamage, OfALostByteIsSeenOutsideTheText) {
  const ReplySample& sample = GetParam();
  for (std::size_t at = 0; at < sample.body.size(); ++at) {
    const Reply reply = read(std::string(sample.body).erase(at, 1));
    if (reply.ending != Ending::answered || reply.text == sample.text) continue;
    ASSERT_TRUE(is_inside_text(sample, at)) << "byte " << at << " lost, gave " << reply.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Apis, EveryDamage, testing::ValuesIn(reply_samples()),
                         [](const auto& sample) { return std::string(sample.param.name); });

}  // namespace
}  // namespace oe::llm
