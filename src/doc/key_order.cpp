#include "doc/key_order.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace oe::doc {

namespace {

KeyOrder shared_keys(const Node& sibling, const nlohmann::json& mapping) {
  KeyOrder keys;
  for (const Member& member : sibling.members) {
    if (mapping.contains(member.key.text)) keys.push_back(member.key.text);
  }
  return keys;
}

bool has_key(const KeyOrder& order, const std::string& key) {
  return std::find(order.begin(), order.end(), key) != order.end();
}

// In front of the first key that the asked order has behind it. Keys that are in neither order follow all others.
void put_where_asked(KeyOrder& order, const std::string& key, const KeyOrder& asked) {
  const auto rank = [&](const std::string& name) { return std::find(asked.begin(), asked.end(), name); };
  const auto later = [&](const std::string& other) { return rank(other) != asked.end() && rank(other) > rank(key); };
  order.insert(std::find_if(order.begin(), order.end(), later), key);
}

}  // namespace

KeyOrder key_order_of(const nlohmann::json& mapping, const std::vector<const Node*>& siblings, const KeyOrder& asked) {
  KeyOrder order;
  if (mapping.is_object()) {
    for (const Node* sibling : siblings) {
      KeyOrder shared = shared_keys(*sibling, mapping);
      if (shared.size() > order.size()) order = std::move(shared);
    }
    for (const std::string& key : asked) {
      if (mapping.contains(key) && !has_key(order, key)) put_where_asked(order, key, asked);
    }
  }
  order.insert(order.end(), asked.begin(), asked.end());  // for the mappings inside
  return order;
}

}  // namespace oe::doc
