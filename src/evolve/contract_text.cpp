#include "evolve/contract_text.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "oe/base/text.hpp"

#include "evolve/parameter.hpp"

namespace oe::evolve {

namespace {

/// A word of a file (a scalar as it is written, an empty list or mapping, or a comment) with what stands between it and
/// the word before it.
struct WrittenWord {
  std::string_view gap;
  std::string_view word;
  std::size_t offset = 0;
  bool is_next_to_promised = false;  ///< a promised place is in the gap, so the gap may be another
};

void add_leaves(std::vector<doc::Span>& leaves, const doc::Node& node) {
  if (node.items.empty() && node.members.empty() && node.span.begin < node.span.end) leaves.push_back(node.span);
  for (const doc::Node& item : node.items) add_leaves(leaves, item);
  for (const doc::Member& member : node.members) {
    add_leaves(leaves, member.key);
    add_leaves(leaves, member.value);
  }
}

/// Splits a file into its words, without those in the promised places.
class WordReader {
 public:
  WordReader(const doc::Document& document, const std::vector<doc::Span>& promised)
      : text_(document.text()), promised_(promised) {
    add_leaves(leaves_, document.root());
    std::ranges::sort(leaves_, {}, &doc::Span::begin);
  }

  std::vector<WrittenWord> read() && {
    for (const doc::Span& leaf : leaves_) {
      add_comments(leaf.begin);
      if (is_promised(leaf)) {
        is_next_to_promised_ = true;
        at_ = leaf.end;
      } else {
        add(leaf.begin, leaf.end);
      }
    }
    add_comments(text_.size());
    add(text_.size(), text_.size());
    return std::move(words_);
  }

 private:
  bool is_promised(const doc::Span& leaf) const {
    return std::ranges::any_of(
        promised_, [&](const doc::Span& place) { return place.begin <= leaf.begin && leaf.end <= place.end; });
  }

  void add_comments(std::size_t end) {
    for (std::size_t at = text_.find('#', at_); at < end; at = text_.find('#', at)) {
      const bool starts = at == 0 || std::string_view(" \t\r\n").find(text_[at - 1]) != std::string_view::npos;
      const std::size_t line_end = std::min(text_.find('\n', at), end);
      if (starts) add(at, line_end);
      at = starts ? line_end : at + 1;
    }
  }

  void add(std::size_t begin, std::size_t end) {
    words_.push_back({text_.substr(at_, begin - at_), text_.substr(begin, end - begin), begin, is_next_to_promised_});
    is_next_to_promised_ = false;
    at_ = end;
  }

  std::string_view text_;
  const std::vector<doc::Span>& promised_;
  std::vector<doc::Span> leaves_;
  std::vector<WrittenWord> words_;
  std::size_t at_ = 0;
  bool is_next_to_promised_ = false;
};

/// Where the two files may differ.
struct PromisedPlaces {
  std::vector<doc::Span> before;
  std::vector<doc::Span> after;
};

Result<void> is_the_same_elsewhere(const doc::Document& before, const doc::Document& after,
                                   const PromisedPlaces& places) {
  const std::vector<WrittenWord> old = WordReader(before, places.before).read();
  const std::vector<WrittenWord> now = WordReader(after, places.after).read();
  const auto is_same = [](const WrittenWord& a, const WrittenWord& b) {
    return a.word == b.word && (a.gap == b.gap || a.is_next_to_promised || b.is_next_to_promised);
  };
  const auto [was, is] = std::ranges::mismatch(old, now, is_same);
  if (was == old.end() && is == now.end()) return {};
  const std::size_t offset = is == now.end() ? after.text().size() : is->offset;
  return fail(
      ErrorKind::failed,
      fmt::format("breaks its contract: the text changed beside what was promised (a comment, the order, quotes "
                  "or blanks), at line {} of the new file",
                  after.locate(offset).line));
}

std::string parent_pointer(const std::string& pointer) {
  return pointer.substr(0, pointer.rfind('/'));
}

// What stands for an empty list or mapping gives way to what is put in.
void promise_empty(PromisedPlaces& places, const doc::Node* node) {
  if (node != nullptr && node->items.empty() && node->members.empty()) places.before.push_back(node->span);
}

// A member that was not there, with its key. Where mappings around it were missing, too, it is the outermost of them.
void promise_member(PromisedPlaces& places, const doc::Document& before, const doc::Document& after,
                    std::string pointer) {
  while (!parent_pointer(pointer).empty() && before.at(parent_pointer(pointer)) == nullptr) {
    pointer = parent_pointer(pointer);
  }
  const doc::Node* parent = after.at(parent_pointer(pointer));
  promise_empty(places, before.at(parent_pointer(pointer)));
  if (parent == nullptr) return;
  for (const doc::Member& member : parent->resolved().members) {
    if (&member.value != after.at(pointer)) continue;
    places.after.push_back(member.key.span);
    places.after.push_back(member.value.span);
  }
}

// Items of a list from a position on; the whole list when it was not there.
void promise_items(PromisedPlaces& places, const doc::Document& before, const doc::Document& after,
                   const std::string& pointer, std::size_t from, std::size_t count) {
  const doc::Node* old = before.at(pointer);
  if (old == nullptr) return promise_member(places, before, after, pointer);
  promise_empty(places, old);
  for (std::size_t i = from; i < from + count; ++i) {
    if (const doc::Node* item = after.at(fmt::format("{}/{}", pointer, i))) places.after.push_back(item->span);
  }
}

std::size_t size_of(const doc::Document& document, const std::string& pointer) {
  const doc::Node* list = document.at(pointer);
  return list == nullptr ? 0 : list->resolved().items.size();
}

std::size_t position_of_node(const doc::Document& document, const std::string& id) {
  const std::size_t size = size_of(document, "/graph/nodes");
  for (std::size_t i = 0; i < size; ++i) {
    const doc::Node* name = document.at(fmt::format("/graph/nodes/{}/id", i));
    if (name != nullptr && name->resolved().text == id) return i;
  }
  return size;
}

}  // namespace

Result<void> keeps_text(const Base& before, const Base& after, const TuneParam& tune) {
  const doc::Document &old = before.reading.document, &now = after.reading.document;
  OE_TRY(const std::string pointer, parameter_pointer(old, tune.set));
  PromisedPlaces places;
  if (const doc::Node* value = old.at(pointer)) {
    places.before.push_back(value->span);
    if (const doc::Node* other = now.at(pointer)) places.after.push_back(other->span);
  } else {
    promise_member(places, old, now, pointer);
  }
  return is_the_same_elsewhere(old, now, places);
}

Result<void> keeps_text(const Base& before, const Base& after, const AddNode& add) {
  const doc::Document &old = before.reading.document, &now = after.reading.document;
  PromisedPlaces places;
  promise_items(places, old, now, "/graph/nodes", position_of_node(now, add.insert.node.get("id").string_or("")), 1);
  if (!add.insert.edges.empty()) {
    promise_items(places, old, now, "/graph/edges", size_of(old, "/graph/edges"), add.insert.edges.size());
  }
  for (const graph::StateField& field : add.insert.fields) {
    promise_member(places, old, now, "/state/schema/" + doc::pointer_token(field.name));
  }
  return is_the_same_elsewhere(old, now, places);
}

Result<void> keeps_rows_text(std::string_view before, std::string_view after) {
  const auto start = std::ranges::mismatch(before, after).in1 - before.begin();
  std::string_view rest = before.substr(static_cast<std::size_t>(start));
  std::string_view end = after.substr(static_cast<std::size_t>(start));
  while (!rest.empty() && !end.empty() && rest.back() == end.back()) {
    rest.remove_suffix(1);
    end.remove_suffix(1);
  }
  if (trim(rest).empty()) return {};
  return fail(ErrorKind::failed,
              fmt::format("breaks its contract: the rows that were there are written differently: {}",
                          ellipsis(trim(rest), 60)));
}

}  // namespace oe::evolve
