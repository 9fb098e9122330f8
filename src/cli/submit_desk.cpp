#include "cli/submit_desk.hpp"

#include <cstdlib>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "cli/config_file.hpp"

namespace oe::cli {

namespace {

std::optional<std::string> of_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

// What is said here comes before what is known of the host, and that before what the host says of itself.
Result<std::optional<forge::Kind>> known_kind(const git::Place& place, const SubmitDesk& desk) {
  OE_TRY(const std::string configured, forge::git_setting(place.root, "oe.forge"));
  if (!configured.empty()) {
    const auto kind = forge::kind_named(configured);
    if (kind) return kind;
    return fail(ErrorKind::input, fmt::format("git config oe.forge is '{}'", ellipsis(configured, 40)),
                "it must be github, gitlab, gitea or forgejo");
  }
  if (desk.settings.forge) return desk.settings.forge;
  return forge::kind_of_host(*desk.home);
}

Result<void> find_forge(SubmitDesk& desk) {
  if (!desk.kind) {
    const auto kind = forge::probe(*desk.home);
    if (!kind) return desk.why_no_forge = kind.error().message() + "; " + kind.error().hint(), Result<void>();
    desk.kind = *kind;
  }
  auto token = forge::token_for(*desk.kind, *desk.home, of_environment);
  if (!token && desk.kind == forge::Kind::github) token = forge::token_of_gh(*desk.home);
  if (!token) {
    desk.why_no_forge =
        fmt::format("there is no token for {}; docs/forges.md says which variable it is read from", desk.home->web);
    return {};
  }
  OE_TRY(desk.forge, forge::connect(*desk.kind, *desk.home, std::move(*token)));
  return {};
}

}  // namespace

Result<forge::Settings> submit_settings(const git::Place& place) {
  OE_TRY(auto config, read_config(place));
  return config ? forge::read_settings(std::move(config->text), config->name) : forge::Settings();
}

Result<SubmitDesk> open_desk(const git::Place& place, const std::string& remote, Contact contact) {
  SubmitDesk desk;
  OE_TRY(desk.settings, submit_settings(place));
  desk.remote = !remote.empty() ? remote : !desk.settings.remote.empty() ? desk.settings.remote : "origin";
  OE_TRY(const std::string url, forge::push_url(place.root, desk.remote));
  OE_TRY(const forge::RemoteUrl parsed, forge::parse_remote_url(url));
  OE_TRY(desk.home, forge::home_of(parsed, of_environment));
  if (!desk.home) {
    desk.why_no_forge = fmt::format("the remote '{}' is a path and on no forge", desk.remote);
    return desk;
  }
  OE_TRY(desk.kind, known_kind(place, desk));
  if (contact == Contact::forge) OE_CHECK(find_forge(desk));
  return desk;
}

}  // namespace oe::cli
