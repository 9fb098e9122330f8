#include "exec/skill_file.hpp"

#include "oe/base/text.hpp"
#include "oe/doc/document.hpp"
#include "oe/sys/file.hpp"

namespace oe::exec {

namespace {

constexpr std::size_t kMaxSkillBytes = std::size_t{8} << 20;

std::string text_of(const doc::Node& root, std::string_view key) {
  const doc::Node* value = root.find(key);
  return value ? value->resolved().text : "";
}

/// Behind the next line that is just "---"; npos when there is none.
std::size_t end_of_front_matter(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view line = trim(text.substr(from, end - from));
    from = std::min(end + 1, text.size());
    if (line == "---") return from;
  }
  return std::string_view::npos;
}

}  // namespace

Result<SkillFile> read_skill(const std::filesystem::path& file, const std::string& shown) {
  OE_TRY(const std::string text, sys::read_file(file, kMaxSkillBytes));
  const std::size_t first_end = text.find('\n');
  if (trim(text.substr(0, first_end)) != "---" || first_end == std::string::npos)
    return SkillFile{.name = "", .description = "", .body = text};
  const std::size_t end = end_of_front_matter(text, first_end + 1);
  if (end == std::string::npos)
    return fail(Error(ErrorKind::input, "the front matter does not end", "close it with a line '---'")
                    .at({.file = shown, .line = 1, .column = 1}));
  // The first line is a document marker to YAML, so lines keep their numbers.
  std::string front = text.substr(0, end);
  front.resize(front.rfind("---"));
  const std::string body(trim(text.substr(end)));
  if (trim(front.substr(3)).empty()) return SkillFile{.name = "", .description = "", .body = body};
  OE_TRY(const doc::Document document, doc::Document::parse(std::move(front), shown));
  const doc::Node& root = document.root();
  if (root.kind != doc::NodeKind::mapping)
    return fail(Error(ErrorKind::input, "the front matter is no mapping", "write 'name: ...' and 'description: ...'")
                    .at(document.locate(root.span.begin)));
  return SkillFile{text_of(root, "name"), text_of(root, "description"), body};
}

}  // namespace oe::exec
