#pragma once

#include <string>

namespace oe::evolve {

struct EntryTest;

/// The text of an ES module for a tool node `name` that keeps the entries of `field` which pass the test, so that
/// `consumer` can work on them, and reports the others.
std::string check_module(const std::string& name, const std::string& field, const std::string& consumer,
                         const EntryTest& test);

}  // namespace oe::evolve
