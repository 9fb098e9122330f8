#pragma once

#include <set>
#include <string>
#include <string_view>

#include "oe/base/problem.hpp"
#include "oe/doc/document.hpp"

namespace oe::formats {

/// A node of the document and the JSON pointer to it.
struct Spot {
  const doc::Node* node = nullptr;
  std::string path;

  const doc::Node& content() const { return node->resolved(); }
  Spot item(std::size_t index) const;
};

/// Collects what is wrong with a document and where. Keeps a reference to the document.
class Notes {
 public:
  explicit Notes(const doc::Document& document) : document_(document) {}

  Location locate(const Spot& spot) const { return document_.locate(spot.node->span.begin, spot.path); }

  /// An error means that the value there could not be used: what a graph check says about it is left out.
  void error(const Spot& spot, std::string message, std::string hint = {});
  /// At the place of something that was read before.
  void error(const Location& place, std::string message, std::string hint = {});
  void warning(const Spot& spot, std::string message, std::string hint = {});
  void missing_key(const Spot& parent, std::string_view key, std::string hint);

  /// True when an error was noted at this pointer or above it.
  bool is_spoilt(std::string_view pointer) const;
  /// Takes over problems that know their pointer but only roughly their place. Each gets the place of what the pointer
  /// names, or of the nearest that is there; those about spoilt values are dropped.
  void take(Problems problems);
  /// Takes over problems of other files as they are; they come behind those of this one.
  void append(Problems problems);

  /// All problems in the order of the file.
  Problems sorted() &&;

 private:
  bool spoilt_below(const std::string& pointer) const;
  Location nearest_place(Location place) const;

  const doc::Document& document_;
  Problems problems_;
  Problems appended_;
  std::set<std::string, std::less<>> spoilt_;
};

}  // namespace oe::formats
