#include <fmt/core.h>
#include <re2/re2.h>

#include "oe/base/text.hpp"
#include "oe/graph/expression.hpp"

namespace oe::graph {

Result<Pattern> Pattern::compile(std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) {
    return fail(ErrorKind::input,
                fmt::format("'{}' is no regular expression: {}", ellipsis(pattern, 60), compiled->error()),
                "RE2 has neither back references nor look-around");
  }
  return Pattern(std::move(compiled));
}

bool Pattern::found_in(std::string_view text) const {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

}  // namespace oe::graph
