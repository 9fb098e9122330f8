#include "git/module.hpp"

#include "oe/sys/module.hpp"

#include "git/by_program.hpp"

namespace oe::git {

Result<std::unique_ptr<Repository>> open_repository(const Place& place) {
  if (needs_the_program(place)) return std::make_unique<ProgramRepository>(place);
  OE_TRY(void* const symbol, sys::load_symbol("oe-git", kOpenSymbol, "libgit2-1.5"));
  Result<std::unique_ptr<Repository>> repository;
  reinterpret_cast<OpenFunction>(symbol)(place, repository);
  return repository;
}

}  // namespace oe::git
