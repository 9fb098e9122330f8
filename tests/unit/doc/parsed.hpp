#pragma once

#include <gtest/gtest.h>

#include <string>

#include "oe/doc/document.hpp"

namespace oe::doc {

/// The document of a text that must parse; the test fails with the reason when it does not.
inline Document parsed(const std::string& text) {
  Result<Document> document = Document::parse(text, "f.yaml");
  EXPECT_TRUE(document) << text << "\n" << document.error().to_string();
  return document ? *document : *Document::parse("broken", "broken");
}

}  // namespace oe::doc
