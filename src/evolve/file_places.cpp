#include "evolve/file_places.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLongestValue = 80;

class Walk {
 public:
  explicit Walk(const doc::Document& document) : document_(document) {}

  void mapping(const doc::Node& node, const std::string& pointer, const std::string& id) {
    for (const doc::Member& member : node.members) {
      const bool is_own_id = !id.empty() && member.key.text == "id";
      if (is_own_id) continue;
      const std::string place = pointer + "/" + doc::pointer_token(member.key.text);
      if (holds_nodes(member.value))
        sequence(member.value, place);
      else if (id.empty() && member.value.kind == doc::NodeKind::mapping && !member.value.members.empty())
        mapping(member.value, place, id);
      else
        add(id, place, member.key.text, member.key.span.begin, member.value.span);
    }
  }
  std::vector<FilePlace> take() { return std::move(places_); }

 private:
  static std::string id_of(const doc::Node& node) {
    const doc::Node* id = node.kind == doc::NodeKind::mapping ? node.find("id") : nullptr;
    return id == nullptr ? std::string() : id->resolved().text;
  }
  static bool holds_nodes(const doc::Node& node) {
    for (const doc::Node& item : node.items)
      if (!id_of(item).empty()) return true;
    return false;
  }

  void sequence(const doc::Node& node, const std::string& pointer) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const doc::Node& item = node.items[i];
      const std::string place = pointer + "/" + std::to_string(i);
      const std::string id = id_of(item);
      const doc::Node* own = id.empty() ? nullptr : item.find("id");
      if (own != nullptr) add(id, place, "", own->span.begin, own->span);
      if (own != nullptr) mapping(item, place, id);
      if (own == nullptr) add("", place, std::to_string(i), item.span.begin, item.span);
    }
  }

  void add(const std::string& node, const std::string& pointer, const std::string& name, std::size_t begin,
           const doc::Span& value) {
    const std::size_t last = value.end > value.begin ? value.end - 1 : value.begin;
    const std::string_view text = std::string_view(document_.text()).substr(value.begin, value.end - value.begin);
    places_.push_back({node, pointer, name, name.empty() ? "" : one_line(text, kLongestValue),
                       document_.locate(begin).line, document_.locate(last).line});
  }

  const doc::Document& document_;
  std::vector<FilePlace> places_;
};

}  // namespace

std::vector<FilePlace> file_places(const doc::Document& document) {
  Walk walk(document);
  if (document.root().kind == doc::NodeKind::mapping) walk.mapping(document.root(), "", "");
  return walk.take();
}

}  // namespace oe::evolve
