#include "oe/patch/patch.hpp"

namespace oe::patch {

std::string_view to_string(Rung rung) {
  switch (rung) {
    case Rung::exact:
      return "exact";
    case Rung::recount:
      return "recount";
    case Rung::eol:
      return "eol";
    case Rung::rstrip:
      return "rstrip";
    case Rung::space:
      return "space";
    case Rung::unicode:
      return "unicode";
    case Rung::prefix:
      return "prefix";
    case Rung::reindent:
      return "reindent";
    case Rung::shrink:
      return "shrink";
    case Rung::skip:
      return "skip";
    case Rung::elision:
      return "elision";
    case Rung::split:
      return "split";
    case Rung::named:
      return "named";
    case Rung::sign:
      return "sign";
    case Rung::plus:
      return "plus";
    case Rung::path:
      return "path";
    case Rung::target:
      return "target";
    case Rung::decode:
      return "decode";
    case Rung::whole:
      return "whole";
  }
  return "";
}

std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::clean:
      return "clean";
    case Grade::repaired:
      return "repaired";
    case Grade::low:
      return "repaired-low";
  }
  return "";
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::no_change_found:
      return "no-change-found";
    case Reason::truncated:
      return "truncated";
    case Reason::not_found:
      return "not-found";
    case Reason::ambiguous:
      return "ambiguous";
    case Reason::duplicate:
      return "duplicate";
    case Reason::no_effect:
      return "no-effect";
    case Reason::conflicting:
      return "conflicting";
    case Reason::bad_path:
      return "bad-path";
    case Reason::not_text:
      return "not-text";
    case Reason::not_valid:
      return "not-valid";
    case Reason::too_large:
      return "too-large";
  }
  return "";
}

}  // namespace oe::patch
