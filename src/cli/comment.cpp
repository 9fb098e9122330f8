#include <fmt/core.h>
#include <iostream>
#include <iterator>

#include "oe/forge/forge.hpp"
#include "oe/forge/quiet_text.hpp"
#include "oe/sys/file.hpp"

#include "cli/commands.hpp"
#include "cli/submit_desk.hpp"

namespace oe::cli {

namespace {

constexpr std::size_t kMostText = std::size_t{1} << 20;

Result<std::string> text_of(const std::string& file) {
  if (file != "-") return sys::read_file(file, kMostText);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

bool is_marker(const std::string& word) {
  return !word.empty() && word.size() <= 60 &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == std::string::npos;
}

}  // namespace

Result<int> comment(Io& io, const CommentOptions& options) {
  if (!is_marker(options.marker))
    return fail(ErrorKind::usage, "--marker takes letters, digits and '-'", "oe comment NUMBER FILE --marker report");
  OE_TRY(const git::Place place, git::find_place("."));
  OE_TRY(const std::string text, text_of(options.file));
  OE_TRY(const SubmitDesk desk, open_desk(place, options.remote, Contact::forge));
  if (!desk.forge) return fail(ErrorKind::environment, "nobody can be told: " + desk.why_no_forge);
  OE_CHECK(forge::say_once(*desk.forge, options.number, options.marker, options.markdown ? text : forge::fenced(text)));
  io.note(fmt::format("oe: the comment '{}' on {} is up to date", options.marker, options.number));
  return 0;
}

}  // namespace oe::cli
