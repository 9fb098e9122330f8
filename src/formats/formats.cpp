#include "formats/formats.hpp"

#include <array>
#include <fmt/core.h>

namespace oe::formats {

namespace {

// Adding a format: one file with its reader and one row below.
struct Format {
  std::string_view name;
  std::string_view key;     ///< a top-level key that only this format has
  Reading (*read)(Source);  ///< nullptr: known, and not read yet
};

constexpr std::array<Format, 3> kFormats = {{
    {"OSOP", "osop_version", nullptr},
    {"LSS", "loop_name", nullptr},
    {"OpenLoop", "total_rounds", nullptr},
}};

constexpr Format kOpenExpertise = {"OpenExpertise", "graph", read_experience};

const Format& format_of(const doc::Node& root) {
  if (root.find(kOpenExpertise.key)) return kOpenExpertise;
  for (const Format& format : kFormats) {
    if (root.find(format.key)) return format;
  }
  return kOpenExpertise;
}

}  // namespace

Result<Reading> read_any(Source source) {
  const Format& format = format_of(source.document.root());
  if (format.read) return format.read(std::move(source));
  const doc::Node& mark = *source.document.root().find(format.key);
  return fail(Error(ErrorKind::input, fmt::format("the format {} is not read yet", format.name),
                    "write the workflow as an experience.yaml; 'oe init' makes one")
                  .at(source.document.locate(mark.span.begin, fmt::format("/{}", format.key))));
}

}  // namespace oe::formats
