#pragma once

#include "oe/evolve/judge.hpp"

namespace oe::evolve {

/// The files of a commit as a format reader sees them, below the workflow's directory.
formats::Files files_of(const git::Repository& repository, const git::Oid& commit, const std::string& directory);

}  // namespace oe::evolve
