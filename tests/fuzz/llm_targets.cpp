#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/llm/schema.hpp"

#include "fuzz/must.hpp"
#include "fuzz/targets.hpp"
#include "llm/plain_line.hpp"
#include "llm/sse.hpp"
#include "llm/wire.hpp"
#include "unit/llm/reply_samples.hpp"

namespace oe::fuzz {

namespace {

bool is_plain(std::string_view line, std::size_t bytes) {
  return line.size() <= bytes && !invalid_utf8(line) &&
         std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

constexpr std::array<const char*, 5> kTypes = {"text/event-stream", "application/json", "application/x-ndjson",
                                               "text/html", nullptr};

std::size_t byte(std::string_view input, std::size_t at) {
  return at < input.size() ? static_cast<unsigned char>(input[at]) : 0;
}

template <class Take>
void in_pieces(std::string_view bytes, std::size_t step, Take take) {
  for (std::size_t at = 0; at < bytes.size(); at += step) take(bytes.substr(at, step));
}

llm::Reply reply_of(const llm::Wire& wire, const http::Headers& head, std::string_view body, std::size_t step) {
  const auto reader = wire.reader(llm::Ask{}, head);
  in_pieces(body, step, [&](std::string_view piece) { reader->feed(piece); });
  return reader->finish();
}

std::vector<std::string> reply_samples() {
  std::vector<std::string> inputs;
  for (const llm::ReplySample& sample : llm::reply_samples()) {
    const auto wire = std::ranges::find(llm::wires(), sample.provider, &llm::Wire::provider);
    const bool is_stream = std::string_view(sample.type).starts_with("text/");
    const bool is_lines = std::string_view(sample.type).find("ndjson") != std::string_view::npos;
    std::string input;
    input += static_cast<char>(wire - llm::wires().begin());
    input += is_stream ? '\0' : is_lines ? '\2' : '\1';
    inputs.push_back(input + sample.body);
  }
  return inputs;
}

struct StreamRead {
  std::vector<std::string> events;
  std::string odd;
  bool is_too_long = false;
  friend bool operator==(const StreamRead&, const StreamRead&) = default;
};
StreamRead stream_of(std::string_view bytes, std::size_t step) {
  StreamRead read;
  llm::SseReader reader(1000, [&](std::string_view name, std::string_view data) {
    read.events.push_back(std::string(name) + '\0' + std::string(data));
  });
  in_pieces(bytes, step, [&](std::string_view piece) { reader.feed(piece); });
  read.odd = reader.odd();
  read.is_too_long = reader.is_too_long();
  return read;
}

std::vector<std::string> stream_samples() {
  std::vector<std::string> inputs = {"\5\xEF\xBB\xBF: c\r\nevent: a\r\ndata: 1\rdata: 2\n\nid: 1\nretry: 3\ndata\n\n"};
  for (const llm::ReplySample& sample : llm::reply_samples()) inputs.push_back("\7" + sample.body);
  return inputs;
}

/// Every object in a strict schema knows its members and wants them all.
void must_be_strict(const nlohmann::json& schema) {
  must(schema.is_object() && !schema.contains("$ref") && !schema.contains("oneOf"), "strict schema");
  if (schema.value("type", "") == "object") {
    must(schema.at("additionalProperties") == false, "no other members");
    must(schema.at("required").size() == schema.at("properties").size(), "all members required");
    for (const auto& member : schema.at("properties").items()) must_be_strict(member.value());
  }
  if (schema.contains("items")) must_be_strict(schema.at("items"));
  if (schema.contains("anyOf"))
    for (const auto& one : schema.at("anyOf")) must_be_strict(one);
}

std::vector<std::string> schema_samples() {
  const std::string zero(1, '\0');
  return {std::string(llm::kSampleSchema) + zero + std::string(llm::kSampleAnswer),
          R"({"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"v":{"type":["integer","null"]},
             "kids":{"items":{"$ref":"#/$defs/n"},"minItems":1,"uniqueItems":true}},"patternProperties":{"^x":true}}}})" +
              zero + R"({"v":1,"kids":[{"v":null,"x":1}]})",
          R"({"type":"object","required":["a"],"properties":{"a":{"anyOf":[{"const":1},{"enum":["a",null,2.5]}]},
             "b":{"type":"array","items":{"type":"string","pattern":"^a+$","maxLength":3,"format":"date"}}},
             "additionalProperties":false,"minProperties":1})" +
              zero + R"(```json
{"a":1,"b":["aa"]}
```)",
          R"({"if":{"required":["a"]},"then":{"propertyNames":{"maxLength":2}},"else":false,"not":{"type":"string"},
             "oneOf":[{"allOf":[{"minimum":0},{"multipleOf":0.5}]},{"contains":{"type":"null"}}],
             "dependencies":{"a":["b"],"b":{"type":"object"}},"items":[{},true],"additionalItems":false})" +
              zero + R"([1,null])"};
}

}  // namespace

void check_reply(std::string_view input) {
  const llm::Wire& wire = llm::wires()[byte(input, 0) % llm::wires().size()];
  const char* type = kTypes[byte(input, 1) % kTypes.size()];
  const http::Headers head = type == nullptr ? http::Headers{} : http::Headers{{"content-type", type}};
  const std::string_view body = input.substr(std::min<std::size_t>(2, input.size()));
  const llm::Reply whole = reply_of(wire, head, body, std::string_view::npos);
  // Without a Content-Type the first piece decides what comes; with blanks in front, a later one.
  for (const std::size_t step : {std::size_t{1}, 2 + body.size() % 61}) {
    const llm::Reply pieces = reply_of(wire, head, body, step);
    must(pieces.ending == whole.ending && pieces.text == whole.text && pieces.usage == whole.usage, "same in pieces");
    must(pieces.error == whole.error && pieces.model == whole.model, "same in pieces");
  }
  must((whole.ending == llm::Ending::answered) == whole.error.empty(), "an error exactly when it is no answer");
  must(is_plain(whole.error, 2 * llm::kMaxLine), "a plain error");
  const llm::ApiError error = wire.error(429, body);
  must(!error.message.empty() && is_plain(error.message, llm::kMaxLine), "a plain message of an error");
}

void check_stream(std::string_view input) {
  const std::string_view bytes = input.substr(std::min<std::size_t>(1, input.size()));
  const StreamRead whole = stream_of(bytes, std::string_view::npos);
  must(stream_of(bytes, 1 + byte(input, 0)) == whole, "same in pieces");
  must(is_plain(whole.odd, llm::kMaxLine), "a plain oddity");
}

void check_schema(std::string_view input) {
  const std::size_t zero = std::min(input.find('\0'), input.size());
  const std::string_view answer = input.substr(std::min(zero + 1, input.size()));
  const auto value = llm::json_in(answer);
  const auto schema = Value::parse(input.substr(0, zero));
  if (!schema) return;
  const auto faults = llm::faults_of(value ? *value : Value(), *schema);
  if (!faults) must(is_plain(faults.error().message(), 2 * llm::kMaxLine), "a plain error of the schema");
  if (faults) {
    must(faults->size() <= 10, "at most ten faults");
    for (const std::string& fault : *faults) must(is_plain(fault, llm::kMaxLine), "a plain fault");
  }
  if (value) llm::without_absent(*value, *schema);
  const auto strict = llm::strict_subset(*schema);
  if (!strict) return;
  must_be_strict(strict->json());
  must(llm::faults_of(Value(), *strict).has_value(), "a strict schema can be used");
}

const std::vector<Target>& targets() {
  static const std::vector<Target> all = {{"reply", check_reply, reply_samples},
                                          {"stream", check_stream, stream_samples},
                                          {"schema", check_schema, schema_samples}};
  return all;
}

}  // namespace oe::fuzz
