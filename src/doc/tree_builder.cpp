#include "doc/tree_builder.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <unordered_map>

#include "doc/anchors.hpp"
#include "doc/parser_input.hpp"
#include "doc/properties.hpp"
#include "doc/syntax_error.hpp"
#include "doc/yaml_parser.hpp"

namespace oe::doc {

namespace {

std::string anchor_text(const yaml_char_t* anchor) {
  return anchor ? reinterpret_cast<const char*>(anchor) : "";
}

Style style_of(yaml_scalar_style_t style) {
  switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return Style::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return Style::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return Style::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return Style::folded;
    default:
      return Style::plain;
  }
}

// libyaml ends a block scalar behind the blank lines that follow it. They are part of its text only when it says "+".
std::size_t end_of_block_scalar(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t header_end = text.find_first_not_of("0123456789+-", begin + 1);
  const bool keeps_blanks = text.substr(begin, header_end - begin).find('+') != text.npos;
  const std::string_view scalar = text.substr(begin, end - begin);
  if (!keeps_blanks) return begin + scalar.find_last_not_of(" \t\r\n") + 1;
  if (scalar.ends_with("\r\n")) return end - 2;
  return scalar.ends_with('\n') ? end - 1 : end;
}

constexpr std::size_t kFewestMembers = 4;  // room for these from the start: members are large to move

// Up to here comparing all pairs is faster than a hash table.
constexpr std::size_t kFewMembers = 12;

class TreeBuilder {
 public:
  TreeBuilder(const Source& source, const Limits& limits)
      : source_(source), text_(source.text()), limits_(limits), input_(text_), parser_(input_.given()) {}

  Result<Tree> build() {
    while (true) {
      YamlEvent event;
      if (!yaml_parser_parse(&parser_.raw, &event.raw)) return fail(syntax_error(parser_.raw, source_, input_));
      if (event.raw.type == YAML_STREAM_END_EVENT) break;
      OE_CHECK(take(event.raw));
    }
    if (documents_ == 0 || is_nothing(root_)) {
      return fail(Error(ErrorKind::input, "the file is empty").at(source_.locate(0)));
    }
    return Tree{.root = std::move(root_), .alias_targets = std::move(alias_targets_)};
  }

 private:
  struct Frame {
    Node node;
    bool has_key = false;  ///< the last member of `node` still wants its value
    std::optional<std::size_t> anchored;
    std::size_t expanded_before = 0;
    std::size_t height = 0;  ///< of the highest child
  };

  static bool is_nothing(const Node& node) {
    return node.kind == NodeKind::scalar && node.style == Style::plain && node.span.begin == node.span.end;
  }

  Result<void> take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return start_document(event);
      case YAML_MAPPING_START_EVENT:
      case YAML_SEQUENCE_START_EVENT:
        return open(event);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        return close(event);
      case YAML_SCALAR_EVENT:
        return scalar(event);
      case YAML_ALIAS_EVENT:
        return alias(event);
      default:
        return {};
    }
  }

  Result<void> start_document(const yaml_event_t& event) {
    if (++documents_ == 1) return {};
    return refuse("a second document begins here; a file holds one", begin_of(event), "split the file at '---'");
  }

  Result<void> open(const yaml_event_t& event) {
    const bool mapping = event.type == YAML_MAPPING_START_EVENT;
    const yaml_char_t* anchor = mapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor;
    const bool tagged = mapping ? event.data.mapping_start.tag : event.data.sequence_start.tag;
    const bool flow = mapping ? event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                              : event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    Frame frame;
    frame.expanded_before = expanded_;
    frame.node.kind = mapping ? NodeKind::mapping : NodeKind::sequence;
    frame.node.style = flow ? Style::flow : Style::block;
    place(frame.node, event, anchor, tagged);
    OE_CHECK(count(1, frame.node.span.begin));
    if (anchor) frame.anchored = anchors_.begin(anchor_text(anchor));
    frames_.push_back(std::move(frame));
    return check_depth(frames_.size(), frames_.back().node.span.begin);
  }

  Result<void> close(const yaml_event_t& event) {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Node& node = frame.node;
    node.span.end = end_of(node, event);
    OE_CHECK(check_keys(node));
    const std::size_t height = frame.height + 1;
    if (frame.anchored) anchors_.end(*frame.anchored, expanded_ - frame.expanded_before, height);
    return attach(std::move(node), height);
  }

  Result<void> scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    Node node;
    node.style = style_of(data.style);
    node.text.assign(reinterpret_cast<const char*>(data.value), data.length);
    place(node, event, data.anchor, data.tag != nullptr);
    node.span.end = std::max(node.span.begin, byte_of(event.end_mark));
    if (node.style == Style::literal || node.style == Style::folded) {
      node.span.end = end_of_block_scalar(text_, node.span.begin, node.span.end);
    }
    OE_CHECK(count(1, node.span.begin));
    if (data.anchor) anchors_.end(anchors_.begin(anchor_text(data.anchor)), 1, 0);
    return attach(std::move(node), 0);
  }

  Result<void> alias(const yaml_event_t& event) {
    Node node;
    node.kind = NodeKind::alias;
    node.span = {begin_of(event), byte_of(event.end_mark)};
    node.text = anchor_text(event.data.alias.anchor);
    const Anchored* target = anchors_.find(node.text);
    if (!target) {
      return refuse(fmt::format("the alias *{} names no anchor above it", node.text), node.span.begin,
                    fmt::format("write &{} before the value that it stands for, or put the text in quotes", node.text));
    }
    if (target->open) {
      return refuse(fmt::format("the alias *{} stands inside of what it names", node.text), node.span.begin);
    }
    if (alias_targets_.size() == limits_.aliases) {
      return refuse(fmt::format("more than {} aliases", limits_.aliases), node.span.begin, "write the values out");
    }
    OE_CHECK(count(target->expanded, node.span.begin));
    OE_CHECK(check_depth(frames_.size() + target->height, node.span.begin));
    alias_targets_.push_back(target->order);
    return attach(std::move(node), target->height);
  }

  Result<void> attach(Node&& node, std::size_t height) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return {};
    }
    Frame& parent = frames_.back();
    parent.height = std::max(parent.height, height);
    if (parent.node.kind == NodeKind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.has_key) {
      parent.node.members.back().value = std::move(node);
      parent.has_key = false;
    } else if (node.kind != NodeKind::scalar) {
      return refuse("a key has to be a single word or text", node.span.begin,
                    "put a key that begins with '[', '{' or '*' in quotes");
    } else {
      if (parent.node.members.empty()) parent.node.members.reserve(kFewestMembers);
      parent.node.members.emplace_back().key = std::move(node);
      parent.has_key = true;
    }
    return {};
  }

  void place(Node& node, const yaml_event_t& event, const yaml_char_t* anchor, bool tagged) const {
    node.span.begin = begin_of(event);
    if (!anchor && !tagged) return;
    Properties properties = read_properties(text_, node.span.begin);
    const bool nothing = node.kind == NodeKind::scalar && node.style == Style::plain && node.text.empty();
    node.span.begin = nothing ? properties.end : properties.next_token;
    node.properties = std::make_unique<NodeProperties>(NodeProperties{std::move(properties.tag), anchor_text(anchor)});
  }

  // libyaml ends a block collection at the token that follows it; the collection itself ends with its last child.
  std::size_t end_of(const Node& node, const yaml_event_t& event) const {
    const bool in_brackets =
        node.style == Style::flow && (text_[node.span.begin] == '[' || text_[node.span.begin] == '{');
    if (in_brackets) return byte_of(event.end_mark);
    if (node.kind == NodeKind::sequence) return node.items.back().span.end;
    return std::max(node.members.back().key.span.end, node.members.back().value.span.end);
  }

  Result<void> check_keys(const Node& mapping) const {
    const std::vector<Member>& members = mapping.members;
    if (members.size() > kFewMembers) return check_many_keys(members);
    for (std::size_t at = 1; at < members.size(); ++at) {
      for (std::size_t before = 0; before < at; ++before) {
        if (members[at].key.text == members[before].key.text) return twice(members[before].key, members[at].key);
      }
    }
    return {};
  }

  Result<void> check_many_keys(const std::vector<Member>& members) const {
    std::unordered_map<std::string_view, const Node*> first;
    first.reserve(members.size());
    for (const Member& member : members) {
      const auto [known, fresh] = first.emplace(member.key.text, &member.key);
      if (!fresh) return twice(*known->second, member.key);
    }
    return {};
  }

  Result<void> twice(const Node& first, const Node& second) const {
    const auto line = source_.locate(first.span.begin).line;
    return refuse(fmt::format("the key '{}' is here twice; the first is in line {}", second.text, line),
                  second.span.begin, "keep one of them");
  }

  // An alias counts as much as what it names, so the sum never passes the limit by more than one addition.
  Result<void> count(std::size_t nodes, std::size_t offset) {
    expanded_ += nodes;
    if (expanded_ <= limits_.nodes) return {};
    return refuse(fmt::format("more than {} values, counting each alias as what it stands for", limits_.nodes), offset,
                  "split the file");
  }

  Result<void> check_depth(std::size_t depth, std::size_t offset) const {
    if (depth <= limits_.depth) return {};
    return refuse(fmt::format("nested deeper than {} levels", limits_.depth), offset);
  }

  tl::unexpected<Error> refuse(std::string message, std::size_t offset, std::string hint = {}) const {
    return fail(Error(ErrorKind::input, std::move(message), std::move(hint)).at(source_.locate(offset)));
  }

  std::size_t byte_of(const yaml_mark_t& mark) const { return input_.byte_of_code_point(mark.index); }
  std::size_t begin_of(const yaml_event_t& event) const { return byte_of(event.start_mark); }

  const Source& source_;
  std::string_view text_;
  const Limits& limits_;
  ParserInput input_;
  YamlParser parser_;

  Node root_;
  std::vector<Frame> frames_;
  Anchors anchors_;
  std::vector<std::size_t> alias_targets_;
  std::size_t expanded_ = 0;
  int documents_ = 0;
};

}  // namespace

Result<Tree> build_tree(const Source& source, const Limits& limits) {
  return TreeBuilder(source, limits).build();
}

}  // namespace oe::doc
