#include "formats/notes.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <tuple>

namespace oe::formats {

Spot Spot::item(std::size_t index) const {
  return {&content().items[index], fmt::format("{}/{}", path, index)};
}

void Notes::error(const Spot& spot, std::string message, std::string hint) {
  error(locate(spot), std::move(message), std::move(hint));
}

void Notes::error(const Location& place, std::string message, std::string hint) {
  spoilt_.insert(place.path);
  problems_.push_back({.where = place, .message = std::move(message), .hint = std::move(hint)});
}

void Notes::warning(const Spot& spot, std::string message, std::string hint) {
  problems_.push_back({Severity::warning, locate(spot), std::move(message), std::move(hint)});
}

void Notes::missing_key(const Spot& parent, std::string_view key, std::string hint) {
  spoilt_.insert(parent.path + "/" + doc::pointer_token(key));
  problems_.push_back(
      {.where = locate(parent), .message = fmt::format("the key '{}' is missing", key), .hint = std::move(hint)});
}

bool Notes::is_spoilt(std::string_view pointer) const {
  for (;; pointer = pointer.substr(0, pointer.rfind('/'))) {
    if (spoilt_.contains(pointer)) return true;
    if (pointer.empty()) return false;
  }
}

bool Notes::spoilt_below(const std::string& pointer) const {
  const auto next = spoilt_.lower_bound(pointer + "/");
  return next != spoilt_.end() && next->starts_with(pointer + "/");
}

// A problem of a whole node or edge stays when only a part of it is spoilt.
void Notes::take(Problems problems) {
  for (Problem& problem : problems) {
    if (problem.where.file != document_.name()) continue;  // of an included workflow, which says it itself
    const doc::Node* node = document_.at(problem.where.path);
    const bool whole = node && node->resolved().kind == doc::NodeKind::mapping;
    if (is_spoilt(problem.where.path) || (!whole && spoilt_below(problem.where.path))) continue;
    problem.where = nearest_place(std::move(problem.where));
    problems_.push_back(std::move(problem));
  }
}

void Notes::append(Problems problems) {
  appended_.insert(appended_.end(), std::make_move_iterator(problems.begin()), std::make_move_iterator(problems.end()));
}

Location Notes::nearest_place(Location place) const {
  while (!place.path.empty()) {
    const doc::Node* node = document_.at(place.path);
    if (node) return document_.locate(node->span.begin, std::move(place.path));
    place.path.resize(place.path.rfind('/'));
  }
  return place;
}

Problems Notes::sorted() && {
  std::ranges::stable_sort(problems_, {},
                           [](const Problem& problem) { return std::tuple(problem.where.line, problem.where.column); });
  problems_.insert(problems_.end(), appended_.begin(), appended_.end());
  return std::move(problems_);
}

}  // namespace oe::formats
