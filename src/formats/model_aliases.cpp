#include <algorithm>
#include <fmt/core.h>
#include <set>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

// The names that `default`, `advisor` and fallbacks may use, and whether fallbacks come to an end.
class AliasCheck {
 public:
  AliasCheck(const graph::Models& models, Fields& top) : models_(models), top_(top) {
    for (const graph::Model& model : models.all) names_.push_back(model.name);
  }

  void run() {
    check("/default", models_.standard);
    check("/advisor", models_.advisor);
    for (const graph::Model& model : models_.all) {
      for (const std::string& other : model.fallback) check_fallback(model, other);
      if (const std::string chain = round_trip(model); !chain.empty())
        top_.notes().error(place(model), fmt::format("the fallbacks go round in a circle: {}", chain),
                           "take one of them out");
    }
  }

 private:
  const graph::Model* find(const std::string& name) const {
    const auto found = std::ranges::find(models_.all, name, &graph::Model::name);
    return found == models_.all.end() ? nullptr : &*found;
  }
  Spot place(const graph::Model& model) {
    const Spot entry = *top_.find(model.name);
    const doc::Node* fallback = entry.content().find("fallback");
    return fallback ? Spot{fallback, entry.path + "/fallback"} : entry;
  }

  std::string hint(const std::string& name) const {
    const std::string near = did_you_mean(name, names_);
    if (!near.empty()) return near;
    return names_.empty() ? "declare it under models" : "there are " + join(names_, ", ");
  }

  void check(std::string_view key, const std::string& name) {
    if (name.empty() || find(name)) return;
    top_.notes().error(*top_.find(key.substr(1)), fmt::format("there is no model '{}'", name), hint(name));
  }

  void check_fallback(const graph::Model& model, const std::string& other) {
    if (!find(other))
      top_.notes().error(
          place(model), fmt::format("'{}' falls back to '{}', which is no model here", model.name, other), hint(other));
  }

  // Of each circle only the first member in the file says so.
  std::string round_trip(const graph::Model& start) const {
    Walk walk{start, {start.name}, {}};
    return comes_back(walk, start) ? join(walk.chain, " -> ") : "";
  }

  struct Walk {
    const graph::Model& start;
    std::vector<std::string> chain;
    std::set<const graph::Model*> seen;
  };
  bool comes_back(Walk& walk, const graph::Model& at) const {
    for (const std::string& name : at.fallback) {
      const graph::Model* next = find(name);
      if (!next || next < &walk.start || !walk.seen.insert(next).second) continue;
      walk.chain.push_back(name);
      if (next == &walk.start || comes_back(walk, *next)) return true;
      walk.chain.pop_back();
    }
    return false;
  }

  const graph::Models& models_;
  Fields& top_;
  std::vector<std::string> names_;
};

}  // namespace

void check_aliases(const graph::Models& models, Fields& fields) {
  AliasCheck(models, fields).run();
}

}  // namespace oe::formats
