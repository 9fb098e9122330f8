#include "exec/http_page.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/exec/dataset.hpp"
#include "oe/graph/expression.hpp"

#include "exec/http_request.hpp"

namespace oe::exec {

namespace {

using graph::RowFormat;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string content_type(const http::Headers& headers) {
  const std::string_view header = http::find(headers, "content-type").value_or("");
  return lower(trim(header.substr(0, header.find(';'))));
}

RowFormat format_of(std::string_view type) {
  using Row = std::pair<std::string_view, RowFormat>;
  constexpr std::array<Row, 6> kTypes = {{{"text/csv", RowFormat::csv},
                                          {"text/tab-separated-values", RowFormat::tsv},
                                          {"application/x-ndjson", RowFormat::jsonl},
                                          {"application/ndjson", RowFormat::jsonl},
                                          {"application/jsonl", RowFormat::jsonl},
                                          {"application/jsonlines", RowFormat::jsonl}}};
  const auto* found = std::ranges::find(kTypes, type, &Row::first);
  return found == kTypes.end() ? RowFormat::json : found->second;
}

Result<Value> json_in_body(const HttpAnswer& answer, const std::string& type) {
  Result<Value> body = Value::parse(answer.body, {.depth = 100, .bytes = kMaxDatasetBytes});
  if (body) return body;
  const std::string begin = ellipsis(trim(answer.body), 100);
  return fail(ErrorKind::input, fmt::format("{}: the answer{} is not JSON: it begins with `{}`", shown_url(answer.url),
                                            type.empty() ? "" : fmt::format(" of type {}", type), begin));
}

std::optional<Value> value_at(const std::string& path, const Value& body) {
  const auto parsed = graph::parse_path(path);
  if (!parsed) return std::nullopt;
  return graph::resolve_path(*parsed, [&](std::string_view name) -> std::optional<Value> {
    if (!body.is_object() || !body.json().contains(name)) return std::nullopt;
    return body.get(name);
  });
}

std::string members_of(const Value& body) {
  std::vector<std::string> names;
  if (body.is_object())
    for (const auto& [name, member] : body.json().items()) names.push_back(name);
  return names.empty() ? "" : fmt::format("it has {}", ellipsis(join(names, ", "), 200));
}

Result<Value> rows_of(const graph::HttpSource& source, const Value& body, const std::string& url) {
  if (source.rows.empty()) {
    if (body.is_array()) return body;
    if (body.is_object()) return Value(nlohmann::json::array({body.json()}));
    return fail(ErrorKind::input, fmt::format("{}: the answer is a JSON {}, and rows come as a list", shown_url(url),
                                              body.json().type_name()));
  }
  const std::optional<Value> rows = value_at(source.rows, body);
  if (rows && rows->is_array()) return *rows;
  return fail(ErrorKind::input, fmt::format("{}: there is no list at '{}' of the answer", shown_url(url), source.rows),
              members_of(body));
}

/// The target of rel="next" (RFC 8288); nothing when there is none.
std::optional<std::string> next_link(std::string_view header) {
  while (true) {
    const std::size_t open = header.find('<');
    const std::size_t close = header.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    const std::string_view target = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    const std::string parameters = lower(header.substr(0, header.find('<')));
    for (const char* relation : {"rel=\"next\"", "rel=next"})
      if (parameters.find(relation) != std::string::npos) return std::string(target);
  }
}

std::string links_in(const http::Headers& headers) {
  std::string all;
  for (const http::Header& header : headers)
    if (lower(header.name) == "link") all.append(header.value).append(",");
  return all;
}

Result<std::optional<std::string>> named_next(const graph::HttpSource& source, const HttpAnswer& answer,
                                              const Value& body) {
  if (!source.paging || source.paging->next.empty()) return std::nullopt;
  if (source.paging->next == "link") return next_link(links_in(answer.headers));
  const std::optional<Value> next = value_at(source.paging->next, body);
  if (!next || next->is_null() || *next == Value::of(false) || *next == Value::of("")) return std::nullopt;
  const bool is_mark = !source.paging->page.empty();
  if (is_mark && !next->json().is_structured())
    return with_parameter(answer.url, source.paging->page, percent_encoded(next->string_or(next->dump())));
  if (next->is_string()) return next->string_or("");
  return fail(ErrorKind::input, fmt::format("{}: '{}' of the answer is no address: {}", shown_url(answer.url),
                                            source.paging->next, ellipsis(next->dump(), 100)));
}

Result<std::optional<std::string>> next_of(const graph::HttpSource& source, const HttpAnswer& answer,
                                           const Value& body) {
  OE_TRY(const std::optional<std::string> named, named_next(source, answer, body));
  if (!named) return std::nullopt;
  std::string next = resolved_url(answer.url, *named);
  if (lower(origin_of(next)) == lower(origin_of(answer.url))) return next;
  return fail(ErrorKind::input,
              fmt::format("{} names a next page on another host, {}", shown_url(answer.url), origin_of(next)),
              "what this source sends goes to its own host only; read the other one with a node of its own");
}

}  // namespace

Result<HttpPage> page_in(const graph::HttpSource& source, const HttpAnswer& answer) {
  const std::string type = content_type(answer.headers);
  const RowFormat format = format_of(type);
  Value body;
  HttpPage page;
  if (format == RowFormat::json) {
    OE_TRY(body, json_in_body(answer, type));
    OE_TRY(page.rows, rows_of(source, body, answer.url));
  } else {
    OE_TRY(page.rows, parse_rows(answer.body, format, shown_url(answer.url)));
  }
  OE_TRY(page.next, next_of(source, answer, body));
  return page;
}

}  // namespace oe::exec
