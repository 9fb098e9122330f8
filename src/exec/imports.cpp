#include "exec/imports.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "oe/base/text.hpp"

namespace oe::exec {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

/// Walks through JavaScript word by word and text by text.
class ModuleScanner {
 public:
  explicit ModuleScanner(std::string_view source) : source_(source) {}

  std::vector<std::string> imports() {
    while (at_ < source_.size()) step();
    return std::move(found_);
  }

 private:
  void step() {
    const char c = source_[at_];
    if (source_.substr(at_).starts_with("//")) {
      at_ = std::min(source_.find('\n', at_), source_.size());
    } else if (source_.substr(at_).starts_with("/*")) {
      const std::size_t end = source_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? source_.size() : end + 2;
    } else if (c == '"' || c == '\'' || c == '`') {
      take_text(c);
    } else if (is_word(c)) {
      take_word();
    } else {
      if (std::isspace(static_cast<unsigned char>(c)) == 0 && c != '(') word_ = {};
      ++at_;
    }
  }

  // A text counts right behind one of the words. A single line break ends what is no template: after a regular
  // expression with a quote in it the scanner is back on its feet in the next line.
  void take_text(char quote) {
    const std::size_t begin = ++at_;
    while (at_ < source_.size() && source_[at_] != quote && (quote == '`' || source_[at_] != '\n'))
      at_ += source_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, source_.size());
    const std::string_view text = source_.substr(begin, at_ - begin);
    const bool imported = word_ == "from" || word_ == "import" || word_ == "require";
    if (imported && (text.starts_with("./") || text.starts_with("../"))) found_.emplace_back(text);
    word_ = {};
    at_ = std::min(at_ + 1, source_.size());
  }

  void take_word() {
    const std::size_t begin = at_;
    while (at_ < source_.size() && is_word(source_[at_])) ++at_;
    word_ = source_.substr(begin, at_ - begin);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::string_view word_;  ///< the last one, as long as nothing but white space and "(" follows
  std::vector<std::string> found_;
};

void add_python_module(std::string_view dotted, std::vector<std::string>& found) {
  std::string path = "./";
  std::size_t dots = 0;
  while (dots < dotted.size() && dotted[dots] == '.') ++dots;
  for (std::size_t level = 1; level < dots; ++level) path += "../";
  std::string name(dotted.substr(dots));
  std::ranges::replace(name, '.', '/');
  if (name.empty()) return;
  found.push_back(path + name + ".py");
  found.push_back(path + name + "/__init__.py");
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t,;("));
}

std::string_view after_comma(std::string_view text) {
  const std::size_t comma = text.find(',');
  return comma == std::string_view::npos ? std::string_view() : trim(text.substr(comma + 1));
}

// "from .a import b" may mean the file a/b.py as well as a name in a.py.
void add_from(std::string_view line, std::vector<std::string>& found) {
  const std::string_view package = first_word(line);
  add_python_module(package, found);
  const std::size_t names = line.find("import");
  if (names == std::string_view::npos) return;
  for (std::string_view rest = trim(line.substr(names + 6)); !rest.empty(); rest = after_comma(rest)) {
    if (rest.starts_with('(')) rest.remove_prefix(1);
    const std::string separator = package.find_first_not_of('.') == std::string_view::npos ? "" : ".";
    add_python_module(std::string(package) + separator + std::string(first_word(trim(rest))), found);
  }
}

std::vector<std::string> python_imports(std::string_view source) {
  std::vector<std::string> found;
  for (const std::string& whole : split(source, '\n')) {
    std::string_view line = trim(std::string_view(whole).substr(0, whole.find('#')));
    if (line.starts_with("from ")) add_from(trim(line.substr(5)), found);
    if (!line.starts_with("import ")) continue;
    for (line = trim(line.substr(7)); !line.empty(); line = after_comma(line))
      add_python_module(first_word(line), found);
  }
  return found;
}

}  // namespace

std::vector<std::string> relative_imports(std::string_view source, const std::filesystem::path& file) {
  const auto extension = file.extension();
  if (extension == ".py") return python_imports(source);
  if (extension == ".mjs" || extension == ".js" || extension == ".cjs") return ModuleScanner(source).imports();
  return {};
}

}  // namespace oe::exec
