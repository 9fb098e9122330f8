#include "doc/splice.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace oe::doc {

namespace {

std::string spliced(std::string_view text, Splices& splices) {
  std::stable_sort(splices.begin(), splices.end(), [](const Splice& a, const Splice& b) { return a.begin < b.begin; });
  std::string result;
  std::size_t copied = 0;
  for (const Splice& change : splices) {
    result += text.substr(copied, change.begin - copied);
    result += change.text;
    copied = std::max(copied, change.end);
  }
  result += text.substr(copied);
  return result;
}

bool is_json(std::string_view text) {
  return nlohmann::json::accept(text);
}

}  // namespace

nlohmann::json tree_of(const Document& document) {
  return to_value(document.root()).json();
}

Result<std::string> splice(const Document& document, Splices splices, const nlohmann::json& intended,
                           std::string_view doing) {
  std::string text = spliced(document.text(), splices);
  const Result<Document> edited = Document::parse(text, document.name(), document.limits());
  const bool as_meant = edited && to_value(edited->root()).json() == intended;
  const bool still_json = is_json(text) || !is_json(document.text());
  if (as_meant && still_json) return text;
  return fail(Error(ErrorKind::failed,
                    fmt::format("cannot {} in {} without changing more than that", doing, document.name()),
                    "make this change by hand")
                  .at(document.locate(splices.empty() ? 0 : splices.front().begin)));
}

Result<std::string> splice_in_style(const Document& document, const std::function<Splices(const Layout&)>& splices,
                                    const nlohmann::json& intended, std::string_view doing) {
  Layout layout = layout_of(document);
  Result<std::string> edited = splice(document, splices(layout), intended, doing);
  if (edited) return edited;
  layout.literal_blocks = false;
  return splice(document, splices(layout), intended, doing);
}

}  // namespace oe::doc
