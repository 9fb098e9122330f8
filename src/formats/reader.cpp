#include "oe/formats/reader.hpp"

#include "formats/library.hpp"

namespace oe::formats {

Result<Reading> read_workflow(std::string text, std::string name, const Files& files) {
  OE_TRY(doc::Document document, doc::Document::parse(std::move(text), std::move(name)));
  const std::string shown = document.name();
  return Library(files, shown).read_root(std::move(document));
}

}  // namespace oe::formats
