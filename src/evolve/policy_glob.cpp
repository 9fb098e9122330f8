#include "evolve/policy_glob.hpp"

#include <string>
#include <vector>

#include "oe/base/text.hpp"

namespace oe::evolve {

namespace {

// A star may always give back what it took to the newest one only: no other choice can fit where this one does not.
// "?" takes a whole code point.
bool fits_part(std::string_view glob, std::string_view name) {
  std::size_t g = 0, n = 0, star = std::string_view::npos, mark = 0;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (n < name.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      mark = n;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == name[n])) {
      const bool is_any = glob[g++] == '?';
      for (++n; is_any && n < name.size() && is_inside(name[n]);) ++n;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == std::string_view::npos;
}

}  // namespace

bool fits_glob(std::string_view glob, std::string_view path) {
  const std::vector<std::string> globs = split(glob, '/'), parts = split(path, '/');
  std::size_t g = 0, p = 0, star = globs.size() + 1, mark = 0;
  while (p < parts.size()) {
    if (g < globs.size() && globs[g] == "**") {
      star = g++;
      mark = p;
    } else if (g < globs.size() && fits_part(globs[g], parts[p])) {
      ++g;
      ++p;
    } else if (star <= globs.size()) {
      g = star + 1;
      p = ++mark;
    } else {
      return false;
    }
  }
  while (g < globs.size() && globs[g] == "**") ++g;
  return g == globs.size();
}

bool fits_glob_or_is_below(std::string_view glob, std::string_view path) {
  for (std::size_t end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
    if (fits_glob(glob, path.substr(0, end))) return true;
  }
  return fits_glob(glob, path);
}

}  // namespace oe::evolve
