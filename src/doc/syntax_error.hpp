#pragma once

#include <yaml.h>

#include "oe/base/error.hpp"

#include "doc/parser_input.hpp"
#include "doc/source.hpp"

namespace oe::doc {

/// What libyaml complains about, in words that help, with its place.
Error syntax_error(const yaml_parser_t& parser, const Source& source, const ParserInput& input);

}  // namespace oe::doc
