#include "doc/syntax_error.hpp"

#include <fmt/core.h>

namespace oe::doc {

namespace {

struct Translation {
  std::string_view problem;  ///< as libyaml puts it
  std::string_view message;
  std::string_view hint;
};

constexpr Translation kTranslations[] = {
    {"found a tab character that violates indentation", "a tab in the indentation", "indent with spaces"},
    {"found a tab character where an indentation space is expected", "a tab in the indentation", "indent with spaces"},
    {"mapping values are not allowed in this context", "a ':' where no mapping can begin",
     "put a text that holds ': ' in quotes, or check the indentation"},
    {"did not find expected key", "this does not line up with the mapping around it",
     "indent it like the keys beside it"},
    {"did not find expected '-' indicator", "this does not line up with the list around it",
     "begin each item with '- ' in the same column"},
    {"block sequence entries are not allowed in this context", "a '- ' where no list can begin",
     "put the list on the lines below its key"},
    {"did not find expected ',' or ']'", "this list in brackets is not closed", "add the ',' or the ']'"},
    {"did not find expected ',' or '}'", "this mapping in braces is not closed", "add the ',' or the '}'"},
    {"could not find expected ':'", "a key without its ':'", "write 'key: value', or put the text in quotes"},
    {"found unexpected end of stream", "a quoted text that never ends", "add the closing quote"},
    {"did not find expected <document start>", "text after the end of the document",
     "keep one value in the file; a list needs '- ' or brackets"},
    {"found unknown escape character", "an unknown escape after '\\'",
     "write '\\\\' for a backslash, or use 'single quotes'"},
    {"found invalid Unicode character escape code", "an escape that names no character",
     "write the character itself, or \\U and eight digits"},
};

Error reader_error(const yaml_parser_t& parser, const Source& source, const ParserInput& input) {
  return Error(ErrorKind::input, fmt::format("the control character U+{:04X} is not allowed", parser.problem_value),
               "delete it, or write it as an escape in \"double quotes\"")
      .at(source.locate(input.byte_of_given(parser.problem_offset)));
}

Error bad_start(char first, Location where) {
  if (first == '\t') {
    return Error(ErrorKind::input, "a tab in the indentation", "indent with spaces").at(std::move(where));
  }
  return Error(ErrorKind::input, fmt::format("a value cannot begin with '{}'", first), "put it in quotes")
      .at(std::move(where));
}

// "while parsing a flow sequence" names the thing that the author began somewhere above.
std::string begun_at(const yaml_parser_t& parser) {
  const bool elsewhere = parser.context && parser.context_mark.line != parser.problem_mark.line;
  return elsewhere ? fmt::format(" (it began in line {})", parser.context_mark.line + 1) : "";
}

}  // namespace

Error syntax_error(const yaml_parser_t& parser, const Source& source, const ParserInput& input) {
  if (parser.error == YAML_MEMORY_ERROR) return Error(ErrorKind::environment, "out of memory while reading YAML");
  if (parser.error == YAML_READER_ERROR) return reader_error(parser, source, input);

  const std::string_view problem = parser.problem ? parser.problem : "not valid YAML";
  const std::size_t offset = input.byte_of_code_point(parser.problem_mark.index);
  if (problem == "found character that cannot start any token" && offset < source.text().size()) {
    return bad_start(source.text()[offset], source.locate(offset));
  }
  for (const Translation& known : kTranslations) {
    if (known.problem != problem) continue;
    return Error(ErrorKind::input, std::string(known.message) + begun_at(parser), std::string(known.hint))
        .at(source.locate(offset));
  }
  const std::string context = parser.context ? fmt::format(" {}", parser.context) : "";
  return Error(ErrorKind::input, fmt::format("not valid YAML: {}{}", problem, context)).at(source.locate(offset));
}

}  // namespace oe::doc
