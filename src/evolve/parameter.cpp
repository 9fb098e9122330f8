#include "evolve/parameter.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

namespace oe::evolve {

namespace {

constexpr std::string_view kNodes = "/graph/nodes/";

std::string with(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

}  // namespace

Result<std::string> parameter_pointer(const doc::Document& document, const formats::SetParameter& set) {
  const std::string member = "/" + with(set.name, '.', '/');
  if (set.node.empty()) return member;
  for (std::size_t position = 0;; ++position) {
    const std::string place = fmt::format("{}{}", kNodes, position);
    if (document.at(place) == nullptr) return fail(ErrorKind::failed, "there is no node " + set.node.text);
    const doc::Node* id = document.at(place + "/id");
    if (id != nullptr && id->resolved().text == set.node.text) return place + member;
  }
}

Result<formats::SetParameter> parameter_at(const doc::Document& document, const std::string& pointer) {
  formats::SetParameter set;
  std::string root, member = pointer;
  if (pointer.starts_with(kNodes)) {
    const std::size_t end = std::min(pointer.find('/', kNodes.size()), pointer.size());
    root = pointer.substr(0, end);
    member = pointer.substr(end);
    const doc::Node* id = document.at(root + "/id");
    set.node.text = id == nullptr ? "" : id->resolved().text;
  }
  std::string found;
  for (const std::string& name : formats::parameters()) {
    const std::string place = "/" + with(name, '.', '/');
    const bool is_around =
        member == place || member.starts_with(place + "/") || (!member.empty() && place.starts_with(member + "/"));
    if (is_around && name.starts_with("runtime.") == set.node.empty() && document.at(root + place) != nullptr)
      found = place;
  }
  if (found.empty() && member.starts_with("/args/") && !set.node.empty()) found = member;
  const doc::Node* value = found.empty() ? nullptr : document.at(root + found);
  if (value == nullptr) return fail(ErrorKind::failed, fmt::format("{} is no parameter that can be tuned", pointer));
  set.name = with(found.substr(1), '/', '.');
  set.value = doc::to_value(*value);
  return set;
}

}  // namespace oe::evolve
