#pragma once

#include <memory>

#include "oe/forge/forge.hpp"

#include "forge/api.hpp"

namespace oe::forge {

// One function a forge, in the file of its name.
std::unique_ptr<Forge> make_github(Api api);
std::unique_ptr<Forge> make_gitlab(Api api);
std::unique_ptr<Forge> make_gitea(Api api);

/// The headers that each wants with every call, beside the token.
http::Headers headers_of(Kind kind);

}  // namespace oe::forge
