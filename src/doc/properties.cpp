#include "doc/properties.hpp"

#include <algorithm>

namespace oe::doc {

namespace {

std::size_t end_of_property(std::string_view text, std::size_t offset) {
  const bool verbatim_tag = text.substr(offset).starts_with("!<");
  const std::size_t end = text.find_first_of(verbatim_tag ? ">" : " \t\r\n,[]{}", offset);
  if (end == text.npos) return text.size();
  return verbatim_tag ? end + 1 : end;
}

}  // namespace

std::size_t skip_blanks_and_comments(std::string_view text, std::size_t offset) {
  while (true) {
    offset = std::min(text.find_first_not_of(" \t\r\n", offset), text.size());
    if (offset == text.size() || text[offset] != '#') return offset;
    offset = std::min(text.find('\n', offset), text.size());
  }
}

Properties read_properties(std::string_view text, std::size_t offset) {
  Properties properties{.tag = {}, .end = offset, .next_token = offset};
  while (properties.next_token < text.size()) {
    const std::size_t begin = properties.next_token;
    if (text[begin] != '&' && text[begin] != '!') break;
    properties.end = end_of_property(text, begin);
    if (text[begin] == '!') properties.tag = text.substr(begin, properties.end - begin);
    properties.next_token = skip_blanks_and_comments(text, properties.end);
  }
  return properties;
}

}  // namespace oe::doc
