#include "evolve/policy_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "oe/base/text.hpp"
#include "oe/git/tree_name.hpp"

namespace oe::evolve {

namespace {

// The next code point of valid UTF-8; takes it off the front.
char32_t next_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(std::min(size, text.size()));
  return code;
}

// Default_Ignorable_Code_Point of DerivedCoreProperties.txt, and the marks that turn the direction of text: all that
// HFS+ ignores is among them.
bool is_invisible(char32_t code) {
  static constexpr std::array<std::pair<char32_t, char32_t>, 18> kRanges = {{{0xAD, 0xAD},
                                                                             {0x34F, 0x34F},
                                                                             {0x61C, 0x61C},
                                                                             {0x115F, 0x1160},
                                                                             {0x17B4, 0x17B5},
                                                                             {0x180B, 0x180F},
                                                                             {0x200B, 0x200F},
                                                                             {0x2028, 0x202E},
                                                                             {0x2060, 0x206F},
                                                                             {0x3164, 0x3164},
                                                                             {0xFE00, 0xFE0F},
                                                                             {0xFEFF, 0xFEFF},
                                                                             {0xFFA0, 0xFFA0},
                                                                             {0xFFF0, 0xFFF8},
                                                                             {0x1BCA0, 0x1BCA3},
                                                                             {0x1D173, 0x1D17A},
                                                                             {0x80, 0x9F},
                                                                             {0xE0000, 0xE0FFF}}};
  return std::any_of(kRanges.begin(), kRanges.end(),
                     [&](const auto& range) { return range.first <= code && code <= range.second; });
}

// Full case folding (CaseFolding.txt) and the singletons of normalisation, as far as ASCII letters come out.
std::string_view folded(char32_t code) {
  static constexpr std::array<std::pair<char32_t, std::string_view>, 12> kFolds = {{{0xDF, "ss"},
                                                                                    {0x130, "i"},
                                                                                    {0x17F, "s"},
                                                                                    {0x1E9E, "ss"},
                                                                                    {0x212A, "k"},
                                                                                    {0xFB00, "ff"},
                                                                                    {0xFB01, "fi"},
                                                                                    {0xFB02, "fl"},
                                                                                    {0xFB03, "ffi"},
                                                                                    {0xFB04, "ffl"},
                                                                                    {0xFB05, "st"},
                                                                                    {0xFB06, "st"}}};
  const auto fold = std::find_if(kFolds.begin(), kFolds.end(), [&](const auto& one) { return one.first == code; });
  return fold == kFolds.end() ? std::string_view() : fold->second;
}

bool has_invisible(std::string_view name) {
  while (!name.empty()) {
    if (is_invisible(next_code_point(name))) return true;
  }
  return false;
}

bool has_control(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f || c == '\\'; });
}

// "GITMOD~1", "PACKAG~1.JSO": what NTFS may call any long name.
bool is_short_name(std::string_view name) {
  const std::size_t tilde = name.find('~');
  return tilde != std::string_view::npos && tilde >= 1 && tilde <= 6 && tilde + 1 < name.size() &&
         name[tilde + 1] >= '0' && name[tilde + 1] <= '9';
}

constexpr std::array<std::string_view, 12> kNever = {
    ".gitmodules", ".gitattributes", ".gitignore",   ".gitconfig",    ".openexpertise",          "hooks",
    ".githooks",   ".husky",         "lefthook.yml", "lefthook.toml", ".pre-commit-config.yaml", ".lefthook"};

}  // namespace

std::string as_compared(std::string_view name) {
  std::string compared;
  while (!name.empty()) {
    const std::string_view start = name;
    const char32_t code = next_code_point(name);
    if (is_invisible(code)) continue;
    const std::string_view fold = folded(code);
    const std::string_view bytes = fold.empty() ? start.substr(0, start.size() - name.size()) : fold;
    for (const char c : bytes) compared += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  compared.resize(std::min(compared.find(':'), compared.size()));
  compared.erase(compared.find_last_not_of(". ") + 1);
  return compared;
}

std::string path_as_compared(std::string_view path) {
  std::vector<std::string> parts = split(path, '/');
  for (std::string& part : parts) part = as_compared(part);
  return join(parts, "/");
}

std::string_view fault_of_name(std::string_view name) {
  const std::string compared = as_compared(name);
  if (compared.empty()) return "a part of its path is no name";
  if (has_control(name)) return "it has a control character or a backslash";
  if (git::is_dot_git(name) || compared == ".git") return "it reaches into .git";
  if (std::find(kNever.begin(), kNever.end(), compared) != kNever.end()) return "git, a hook or oe itself reads it";
  if (is_short_name(compared)) return "it is the short form of another name";
  if (has_invisible(name)) return "it has a character that nobody sees";
  return {};
}

}  // namespace oe::evolve
