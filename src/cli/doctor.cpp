#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "oe/base/text.hpp"
#include "oe/exec/sandbox.hpp"
#include "oe/git/repository.hpp"
#include "oe/ledger/ledger.hpp"
#include "oe/sys/file.hpp"
#include "oe/sys/process.hpp"

#include "cli/commands.hpp"
#include "cli/version.hpp"

namespace oe::cli {

namespace {

using Json = nlohmann::ordered_json;

enum class Health { ok, warning, failure };

/// One line of the report.
struct Checkup {
  std::string name;
  Health health = Health::ok;
  std::string detail;  ///< what was found, or what its absence disables
  std::string mend;    ///< the command that mends it
};

/// A program that some part of oe needs.
struct Needed {
  std::string_view name;
  std::string_view disables;
  std::string_view mend;
  Health when_missing;
};

constexpr std::array kPrograms = {
    Needed{"git", "nothing works without it", "apt-get install git", Health::failure},
    Needed{"node", "tools that are ES modules (.mjs, .js) cannot run", "apt-get install nodejs", Health::warning},
    Needed{"python3", "tools that are Python scripts cannot run", "apt-get install python3", Health::warning},
};

std::string first_line(const std::string& text) {
  return std::string(trim(text.substr(0, text.find('\n'))));
}

Checkup look_for(const Needed& program) {
  const auto path = sys::find_program(program.name);
  const auto missing = [&](std::string_view what) {
    return Checkup{std::string(program.name), program.when_missing, fmt::format("{}: {}", what, program.disables),
                   std::string(program.mend)};
  };
  if (!path) return missing("not on PATH");
  const auto exit = sys::run_process({.argv = {path->string(), "--version"}, .timeout = std::chrono::seconds(5)});
  if (!exit || exit->code != 0) return missing(fmt::format("{} does not answer to --version", path->string()));
  return {std::string(program.name), Health::ok, fmt::format("{} ({})", first_line(exit->out), path->string()), ""};
}

// bwrap may be there and the kernel may still refuse it user namespaces, so it is tried.
Checkup look_at_sandbox() {
  const auto works = exec::sandbox_works();
  if (works) return {"sandbox", Health::ok, "bubblewrap works", ""};
  return {"sandbox", Health::warning,
          works.error().message() + ": sandbox: on a node and oe evolve (but for --no-sandbox) cannot work",
          works.error().hint()};
}

Checkup look_at_repository(const Result<git::Place>& place) {
  if (!place) return {"repository", Health::failure, place.error().message(), place.error().hint()};
  if (!place->head) return {"repository", Health::warning, "no commit yet: oe evolve has no base", "git commit"};
  return {"repository", Health::ok, place->root.string(), ""};
}

Checkup look_at_libgit2(const git::Place& place) {
  const auto repository = git::open_repository(place);
  if (!repository) return {"libgit2", Health::failure, repository.error().message(), repository.error().hint()};
  return {"libgit2", Health::ok, "opens this repository", ""};
}

// Asks whether the directory, or the one that it would be made in, can be written; leaves nothing behind.
Checkup look_at_ledger(const git::Place& place) {
  const std::filesystem::path directory = ledger::directory_of(place.main_root);
  const std::filesystem::path probed = std::filesystem::exists(directory) ? directory : place.main_root;
  if (access(probed.c_str(), W_OK) == 0) return {"ledger", Health::ok, directory.string() + " can be written", ""};
  return {"ledger", Health::failure, probed.string() + " cannot be written: runs cannot be recorded",
          "chmod u+w " + shell_quote(probed.string())};
}

Checkup look_at_identity(const git::Place& place) {
  const auto identity = git::user_identity(place);
  if (!identity)
    return {"identity", Health::warning, "oe evolve cannot commit: " + identity.error().message(),
            identity.error().hint()};
  return {"identity", Health::ok, fmt::format("{} <{}>", identity->name, identity->email), ""};
}

std::vector<Checkup> look_at_everything() {
  std::vector<Checkup> checkups{{"oe", Health::ok, kVersionLine, ""}};
  for (const Needed& program : kPrograms) checkups.push_back(look_for(program));
  checkups.push_back(look_at_sandbox());
  const Result<git::Place> place = git::find_place(".");
  checkups.push_back(look_at_repository(place));
  if (!place) return checkups;
  checkups.push_back(look_at_libgit2(*place));
  checkups.push_back(look_at_ledger(*place));
  checkups.push_back(look_at_identity(*place));
  return checkups;
}

std::string_view word_of(Health health) {
  return health == Health::ok ? "ok" : health == Health::warning ? "warn" : "FAIL";
}

void print_human(Io& io, const std::vector<Checkup>& checkups) {
  Table table;
  for (const Checkup& checkup : checkups) {
    const Colour colour = checkup.health == Health::ok        ? Colour::green
                          : checkup.health == Health::warning ? Colour::yellow
                                                              : Colour::red;
    table.row({io.paint(colour, word_of(checkup.health)), checkup.name, checkup.detail});
    if (!checkup.mend.empty()) table.row({"", "", "mend: " + checkup.mend});
  }
  table.print(io);
}

}  // namespace

Result<int> doctor(Io& io, const DoctorOptions& options) {
  const std::vector<Checkup> checkups = look_at_everything();
  bool healthy = true;
  Json list = Json::array();
  for (const Checkup& checkup : checkups) {
    healthy = healthy && checkup.health != Health::failure;
    list.push_back({{"name", checkup.name},
                    {"status", word_of(checkup.health)},
                    {"detail", checkup.detail},
                    {"mend", checkup.mend}});
  }
  if (options.json)
    io.json({{"v", 1}, {"healthy", healthy}, {"checks", std::move(list)}});
  else
    print_human(io, checkups);
  return healthy ? 0 : exit_code(ErrorKind::environment);
}

}  // namespace oe::cli
