#pragma once

#include <memory>
#include <optional>
#include <string>

#include "oe/forge/connect.hpp"
#include "oe/forge/forge.hpp"
#include "oe/forge/git_remote.hpp"
#include "oe/git/repository.hpp"

namespace oe::cli {

/// Where the change requests of a repository go, by one of its remotes.
struct SubmitDesk {
  forge::Settings settings;
  std::string remote;
  std::optional<forge::Home> home;      ///< nothing when the remote is on no host
  std::optional<forge::Kind> kind;      ///< nothing when nobody knows
  std::unique_ptr<forge::Forge> forge;  ///< nullptr when there is no token, or no forge
  std::string why_no_forge;             ///< one line, then
};

/// `forge:` and `submit:` of .openexpertise/config.yaml: the working tree's own, else that of the main one. Errors:
/// input.
Result<forge::Settings> submit_settings(const git::Place& place);

enum class Contact { none, forge };

/// `remote` empty: the one of the settings, else origin. With Contact::none nobody is asked anything, so a host of
/// unknown kind stays unknown. Errors: input (settings), environment (no such remote).
Result<SubmitDesk> open_desk(const git::Place& place, const std::string& remote, Contact contact);

}  // namespace oe::cli
