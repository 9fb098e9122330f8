#pragma once

#include <string>

#include "oe/doc/document.hpp"
#include "oe/formats/edit.hpp"

namespace oe::evolve {

/// The JSON pointer of the parameter in the workflow file. Errors: failed, for a node that is not there.
Result<std::string> parameter_pointer(const doc::Document& document, const formats::SetParameter& set);

/// The parameter at or around a place in the workflow file ("/graph/nodes/2/on_error/attempts" is the on_error of the
/// third node), with the value that this file has for it. Errors: failed, when no parameter is there.
Result<formats::SetParameter> parameter_at(const doc::Document& document, const std::string& pointer);

}  // namespace oe::evolve
