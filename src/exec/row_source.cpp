#include "exec/row_source.hpp"

#include <fmt/core.h>
#include <utility>

#include "oe/base/text.hpp"

#include "exec/input_lookup.hpp"

namespace oe::exec {

namespace {

enum class Around { code, text, name };

/// What surrounds each place of a query. Comments hold no values anyway.
Around around(std::string_view sql) {
  char open = 0;
  for (const char c : sql) {
    if (open == 0 && (c == '\'' || c == '"' || c == '`' || c == '[')) {
      open = c == '[' ? ']' : c;
    } else if (c == open) {
      open = 0;
    }
  }
  return open == 0 ? Around::code : open == '\'' ? Around::text : Around::name;
}

Result<graph::SqliteSource> fill_query(const graph::SqliteSource& source, const Value& input,
                                       std::vector<Value>& parameters) {
  const std::vector<graph::Placeholder> all = graph::placeholders(source.query);
  OE_CHECK(check_values(source.query, all, input));
  std::string sql;
  std::size_t at = 0;
  for (const graph::Placeholder& placeholder : all) {
    const Around where = around(std::string_view(source.query).substr(0, placeholder.begin));
    if (where == Around::name)
      return fail(ErrorKind::input,
                  fmt::format("{{{{{}}}}} stands inside a quoted name of the query, where no value can be",
                              join(placeholder.path, ".")),
                  "use it as a value: WHERE column = {{value}}");
    sql.append(source.query, at, placeholder.begin - at);
    sql.append(where == Around::text ? "' || ? || '" : "?");
    parameters.push_back(*graph::value_of(placeholder, lookup_in(input)));
    at = placeholder.end;
  }
  sql.append(source.query, at);
  OE_TRY(std::string uri, filled(source.uri, input));
  return graph::SqliteSource{std::move(uri), std::move(sql)};
}

}  // namespace

Result<FilledSource> fill_source(const graph::Dataset& dataset, const Value& input) {
  FilledSource source{dataset, {}};
  if (auto* file = std::get_if<graph::FileSource>(&source.dataset.source)) {
    OE_TRY(file->uri, filled(file->uri, input));
  } else if (auto* query = std::get_if<graph::SqliteSource>(&source.dataset.source)) {
    OE_TRY(*query, fill_query(*query, input, source.parameters));
  }
  return source;
}

}  // namespace oe::exec
