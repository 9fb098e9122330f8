#include "evolve/shrink.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace oe::evolve {

namespace {

using Json = nlohmann::json;
using Pointer = Json::json_pointer;

class Shrinker {
 public:
  Shrinker(Json value, const std::function<bool(const Value&)>& still_fails, std::size_t most_asks)
      : value_(std::move(value)), still_fails_(still_fails), asks_left_(most_asks) {}

  Json smallest() {
    while (pass(Pointer())) {
    }
    return std::move(value_);
  }

 private:
  // One walk over the value at `place` and what is below it; true when something got smaller.
  bool pass(const Pointer& place) {
    Json& here = value_[place];
    if (here.is_object()) return pass_object(place);
    if (here.is_array()) return pass_array(place);
    if (here.is_string()) return pass_text(place);
    if (here.is_number() && here != Json(0)) return try_value(place, 0);
    return false;
  }

  bool pass_object(const Pointer& place) {
    std::vector<std::string> keys;
    for (const auto& member : value_[place].items()) keys.push_back(member.key());
    bool smaller = false;
    for (const std::string& key : keys) {
      Json without = value_[place];
      without.erase(key);
      if (try_value(place, std::move(without)))
        smaller = true;
      else if (pass(place / key))
        smaller = true;
    }
    return smaller;
  }

  // Large pieces first: halves, quarters, ... single items.
  bool pass_array(const Pointer& place) {
    bool smaller = false;
    for (std::size_t piece = std::max<std::size_t>(value_[place].size() / 2, 1); piece > 0; piece /= 2) {
      for (std::size_t at = 0; at < value_[place].size();) {
        if (try_value(place, without_items(value_[place], at, piece)))
          smaller = true;
        else
          at += piece;
      }
    }
    for (std::size_t at = 0; at < value_[place].size(); ++at) smaller = pass(place / at) || smaller;
    return smaller;
  }

  static Json without_items(Json array, std::size_t at, std::size_t count) {
    const auto first = array.begin() + static_cast<std::ptrdiff_t>(at);
    const auto last = array.begin() + static_cast<std::ptrdiff_t>(std::min(at + count, array.size()));
    array.erase(first, last);
    return array;
  }

  bool pass_text(const Pointer& place) {
    const auto text = value_[place].get<std::string>();
    if (text.empty()) return false;
    for (const std::string& shorter : {std::string(), text.substr(0, text.size() / 2), text.substr(text.size() / 2)}) {
      const bool whole_characters =
          Json(shorter).dump(-1, ' ', false, Json::error_handler_t::replace).find("\uFFFD") == std::string::npos;
      if (shorter.size() < text.size() && whole_characters && try_value(place, shorter)) return true;
    }
    return false;
  }

  bool try_value(const Pointer& place, Json smaller) {
    if (asks_left_ == 0) return false;
    --asks_left_;
    Json candidate = value_;
    candidate[place] = std::move(smaller);
    if (!still_fails_(Value(candidate))) return false;
    value_ = std::move(candidate);
    return true;
  }

  Json value_;
  const std::function<bool(const Value&)>& still_fails_;
  std::size_t asks_left_;
};

}  // namespace

Value shrink(const Value& original, const std::function<bool(const Value&)>& still_fails, std::size_t most_asks) {
  return Value(Shrinker(original.json(), still_fails, most_asks).smallest());
}

}  // namespace oe::evolve
