#include <fmt/format.h>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"
#include "oe/forge/body.hpp"

#include "forge/fields.hpp"
#include "forge/machine_block.hpp"
#include "forge/plain_body.hpp"

namespace oe::forge {

namespace {

std::string plain(std::string_view text) {
  std::string out;
  for (std::string line : split(text, '\n')) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.pop_back();
    out += line + "\n";
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

std::string without(std::string_view body, const FoundBlock& block) {
  return std::string(body.substr(0, block.begin)) + std::string(body.substr(block.end));
}

struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

std::optional<Place> table_in(std::string_view body) {
  const std::size_t begin = body.find(kTableStart);
  const std::size_t end = begin == std::string_view::npos ? begin : body.find(kTableEnd, begin);
  if (end == std::string_view::npos) return std::nullopt;
  return Place{begin, end + kTableEnd.size()};
}

// The text of people, with our table and block in their places.
std::string edited(const Written& now, const Written& fresh, const std::optional<FoundBlock>& block) {
  std::string body = now.body;
  const auto ours = find_machine_block(fresh.body);
  const std::string own_block = fresh.body.substr(ours->begin, ours->end - ours->begin);
  if (block)
    body.replace(block->begin, block->end - block->begin, own_block);
  else
    body += "\n\n" + own_block;
  const auto there = table_in(body);
  const auto table = table_in(fresh.body);
  if (there && table)
    body.replace(there->begin, there->end - there->begin, fresh.body.substr(table->begin, table->end - table->begin));
  return body;
}

}  // namespace

std::string body_digest(std::string_view body) {
  return short_digest(plain(body));
}
std::string title_digest(std::string_view title) {
  return short_digest(trim(title));
}

Written merged(const Written& now, const Written& fresh) {
  const auto block = find_machine_block(now.body);
  const bool is_ours = block && text_in(block->object, "body") == body_digest(without(now.body, *block));
  const bool is_our_title = block && text_in(block->object, "title") == title_digest(now.title);
  return {.title = is_our_title ? fresh.title : now.title, .body = is_ours ? fresh.body : edited(now, fresh, block)};
}

std::optional<std::string> fingerprint_in(const std::string& body) {
  const auto block = find_machine_block(body);
  if (!block || text_in(block->object, "proposal").empty()) return std::nullopt;
  return text_in(block->object, "proposal");
}

}  // namespace oe::forge
