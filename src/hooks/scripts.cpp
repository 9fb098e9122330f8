#include "hooks/scripts.hpp"

#include <algorithm>
#include <array>

#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"

namespace oe::hooks {
namespace {

constexpr std::string_view kDigestLine = "# oe ";

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string replaced(std::string text, std::string_view word, std::string_view by) {
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + by.size()))
    text.replace(at, word.size(), by);
  return text;
}

bool has_input(std::string_view hook) {
  return hook == "pre-push";
}

/// The shell that a script names in its first line; empty when it is none.
std::string_view shell_of(std::string_view script) {
  if (!script.starts_with("#!")) return {};
  const std::string_view line = script.substr(0, script.find('\n'));
  for (const std::string_view shell : {"bash", "dash", "zsh", "ksh"})
    if (has(line, shell)) return shell;
  return line.ends_with("sh") || has(line, "sh ") ? "sh" : "";
}

std::string call_of(std::string_view hook, std::string_view before) {
  const std::string_view shell = shell_of(before);
  const bool asks_for_its_name = has(before, "$0") || has(before, "${0");
  if (shell.empty() || !asks_for_its_name) return R"("$before" "$@")";
  return std::string(shell) + R"( -c '. "$0.before-oe"' "${0%/*}/)" + std::string(hook) + R"(" "$@")";
}

std::string digest_line(std::string_view body) {
  return std::string(kDigestLine) + short_digest(body) + "\n";
}

}  // namespace

std::string script_for(std::string_view hook, std::string_view before, const std::filesystem::path& program) {
  std::string text(has_input(hook) ? kFirstWithInput : kFirst);
  text = replaced(std::move(text), "@BEFORE@", call_of(hook, before));
  text = replaced(std::move(text), "@HOOK@", hook);
  text = replaced(std::move(text), "@PROGRAM@", shell_quote(program.string()));
  return text + digest_line(text);
}

Origin origin_of(std::string_view bytes) {
  if (!has(bytes, kMark)) return Origin::other;
  if (bytes.starts_with("\x7f" "ELF")) return Origin::program;
  const std::size_t last = bytes.rfind(kDigestLine);
  const bool is_whole = last != std::string_view::npos && bytes.substr(last) == digest_line(bytes.substr(0, last));
  return is_whole ? Origin::script : Origin::edited;
}

std::string_view tool_behind(std::string_view bytes) {
  if (has(bytes, "pre-commit.com")) return "pre-commit";
  if (has(bytes, "LEFTHOOK")) return "lefthook";
  if (has(bytes, R"(. "$(dirname "$0")/h")") || has(bytes, R"(. "${0%/*}/h")")) return "husky";
  return "";
}

}  // namespace oe::hooks
