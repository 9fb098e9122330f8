#pragma once

#include <optional>
#include <string>

#include "oe/base/result.hpp"
#include "oe/graph/graph.hpp"
#include "oe/http/client.hpp"

namespace oe::exec {

/// An answer of status 200 to 299, whole.
struct HttpAnswer {
  std::string url;  ///< that was asked
  http::Headers headers;
  std::string body;
};

/// What an answer holds. JSON, JSON lines, csv or tsv, as its content type says (JSON where that says nothing). A JSON
/// object is one row, unless `rows` of the source names the list in it.
struct HttpPage {
  Value rows;                       ///< an array
  std::optional<std::string> next;  ///< the address of the next page, when the answer names one
};

/// Errors: input: not what its content type says, no list at `rows`, a next page on another host (where the headers of
/// this request do not go).
Result<HttpPage> page_in(const graph::HttpSource& source, const HttpAnswer& answer);

}  // namespace oe::exec
