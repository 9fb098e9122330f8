#pragma once

#include <string>
#include <vector>

#include "bench/surgeon/base.hpp"

namespace oe::surgeon {

const std::string& word(Random& random);
/// So many different names, in the order of the file.
std::vector<std::string> names(std::size_t count, Random& random);
/// Adds the lines, and a block over them.
void add_block(Base& base, const std::string& name, const std::vector<std::string>& lines);

std::vector<std::string> yaml_node(const std::string& name, Random& random, bool spaced);
std::vector<std::string> json_entry(const std::string& name, Random& random);
std::string row(const std::string& name, Random& random);
std::vector<std::string> js_function(const std::string& name, Random& random);
std::vector<std::string> markdown_section(const std::string& name, Random& random);

Base yaml_base(Random& random);
Base json_base(Random& random);
Base rows_base(Random& random);
Base js_base(Random& random);
Base markdown_base(Random& random);

}  // namespace oe::surgeon
