#include "exec/http_request.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

#include "exec/attempt_environment.hpp"
#include "exec/input_lookup.hpp"

namespace oe::exec {

namespace {

Result<std::string> filled_url(const std::string& url, const Value& input) {
  const std::vector<graph::Placeholder> all = graph::placeholders(url);
  OE_CHECK(check_values(url, all, input));
  const std::size_t begin = !all.empty() && all.front().begin == 0 ? all.front().end : 0;
  OE_TRY(std::string base, filled(url.substr(0, begin), input));
  base += graph::render(url.substr(begin), lookup_in(input), percent_encoded);
  if (base.starts_with("http://") || base.starts_with("https://")) return base;
  return fail(ErrorKind::input, fmt::format("'{}' is no http or https address", ellipsis(base, 100)));
}

Result<nlohmann::json> filled_json(const nlohmann::json& json, const Value& input) {
  if (json.is_string()) {
    const auto text = json.get<std::string>();
    const std::vector<graph::Placeholder> all = graph::placeholders(text);
    OE_CHECK(check_values(text, all, input));
    const bool is_one_value = all.size() == 1 && all.front().begin == 0 && all.front().end == text.size();
    if (is_one_value) return graph::value_of(all.front(), lookup_in(input))->json();
    OE_TRY(std::string whole, filled(text, input));
    return nlohmann::json(std::move(whole));
  }
  if (!json.is_structured()) return json;
  nlohmann::json copy = json;
  for (auto& member : copy) {
    OE_TRY(member, filled_json(member, input));
  }
  return copy;
}

/// The input, and as $secrets what is granted to the node.
Value with_secrets(const AttemptSpec& spec) {
  nlohmann::json input = spec.input.json();
  nlohmann::json& secrets = input["$secrets"] = nlohmann::json::object();
  for (const auto& [name, value] : granted(spec))
    if (value) secrets[name] = *value;
  return Value(std::move(input));
}

bool has(const http::Headers& headers, std::string_view name) {
  return http::find(headers, name).has_value();
}

Result<http::Headers> filled_headers(const graph::HttpSource& source, const AttemptSpec& spec) {
  const Value input = with_secrets(spec);
  http::Headers headers;
  for (const auto& [name, text] : source.headers) {
    OE_TRY(std::string value, filled(text, input));
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos)
      return fail(ErrorKind::input, fmt::format("the value of the header '{}' holds a line break", name));
    headers.push_back({name, std::move(value)});
  }
  if (!has(headers, "accept"))
    headers.push_back({"accept", "application/json, application/x-ndjson;q=0.9, text/csv;q=0.8, */*;q=0.1"});
  if (source.method == "POST" && !has(headers, "content-type")) headers.push_back({"content-type", "application/json"});
  return headers;
}

}  // namespace

Result<http::Request> http_request(const graph::HttpSource& source, const AttemptSpec& spec) {
  http::Request request;
  request.method = source.method;
  request.max_bytes = std::size_t{source.max_mb} << 20U;
  OE_TRY(request.url, filled_url(source.url, spec.input));
  OE_TRY(request.headers, filled_headers(source, spec));
  if (source.method == "POST" && !source.body.is_null()) {
    OE_TRY(nlohmann::json body, filled_json(source.body.json(), spec.input));
    request.body = Value(std::move(body)).dump();
  }
  return request;
}

}  // namespace oe::exec
