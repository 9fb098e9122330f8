#pragma once

#include <string>
#include <string_view>

namespace oe::forge {

/// GitLab and Gitea keep in the title that a request is a draft. Takes off each of the prefixes that they know
/// ("Draft:", "[Draft]", "(Draft)", "WIP:", "[WIP]", in any case of letters).
std::string without_draft_prefix(std::string_view title);

}  // namespace oe::forge
