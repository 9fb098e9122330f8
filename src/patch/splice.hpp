#pragma once

#include <optional>
#include <string>
#include <vector>

#include "patch/change.hpp"
#include "patch/lines.hpp"

namespace oe::patch {

/// The file with the edits made; equal edits count once. Nothing: two edits want the same lines.
std::optional<std::string> spliced(const FileText& file, std::vector<Edit> edits);
/// The edits that turn the file into `text`, lines that are alike but for blanks at their end kept.
/// `churn`: the part of the old lines that goes.
std::vector<Edit> edits_to(const FileText& file, std::string_view text, double& churn);

/// The file with rows of a dataset appended in its own style. Errors: duplicate, not_valid, ambiguous.
tl::expected<std::string, Refusal> with_rows(const FileText& file, std::string_view rows);

/// YAML, JSON and JSONL are held against their parser; everything else is taken.
bool parses(const std::string& path, const std::string& text);
/// Nothing but comments, empty lines and blanks at the end of lines differ, or the values are equal.
bool is_without_effect(const std::string& path, const std::string& before, const std::string& after);

}  // namespace oe::patch
