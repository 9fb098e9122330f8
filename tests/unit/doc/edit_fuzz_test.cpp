// Random documents in every style, random edits: what an edit accepts has to mean what was asked and leave every other
// line as it was.
#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

#include "oe/base/text.hpp"
#include "oe/doc/edit.hpp"

namespace oe::doc {
namespace {

using Json = nlohmann::json;

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : generator_(seed) {}
  std::size_t below(std::size_t sides) { return generator_() % sides; }
  bool one_in(std::size_t sides) { return below(sides) == 0; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

 private:
  std::mt19937 generator_;
};

const std::vector<std::string> kWords = {"a",       "b c",
                                         "1",       "true",
                                         "",        "x: y",
                                         "x #y",    "it's",
                                         "\"q\"",   "é日",
                                         "- z",     "[w]",
                                         "$.a",     "a\nb\n",
                                         "l\n\nm",  " s",
                                         "0x1F",    "null",
                                         "a,b",     "#h",
                                         "\tt",     "k\\n",
                                         "1e5",     "*al",
                                         "&an",     "!t",
                                         "% p",     "no",
                                         "~",       "{x}",
                                         "tail \n", "2\n3",
                                         "☕: x",    "long words that go on and on and on until the line is quite full"};

/// Writes a random YAML document as a person might: each choice of style is made anew, or once for the file.
class DocumentGenerator {
 public:
  explicit DocumentGenerator(Dice& dice)
      : dice_(dice), step_(dice.of<std::size_t>({2, 2, 4, 3})), offset_(dice.one_in(2) ? 0 : step_) {}

  std::string text() {
    if (dice_.one_in(6)) out_ += "# head\n";
    if (dice_.one_in(10)) out_ += "---\n";
    if (dice_.one_in(8)) {
      out_ += flow(3);
    } else if (dice_.one_in(4)) {
      sequence(0, 0);
    } else {
      mapping(0, 0);
    }
    trailing_notes(0);
    return with_line_ends(std::move(out_));
  }

 private:
  std::string with_line_ends(std::string text) {
    if (dice_.one_in(4)) {
      while (text.ends_with('\n')) text.pop_back();
    }
    if (dice_.one_in(4)) {
      std::string crlf;
      for (const char byte : text) crlf += byte == '\n' ? std::string("\r\n") : std::string(1, byte);
      text = crlf;
    }
    return dice_.one_in(6) ? "\xEF\xBB\xBF" + text : text;
  }

  std::string indent(std::size_t column) { return std::string(column, ' '); }

  void end_line() {
    if (dice_.one_in(6)) out_ += dice_.one_in(2) ? " # note" : "   # it's: [a note]";
    out_ += '\n';
  }
  void notes(std::size_t column) {
    if (dice_.one_in(8)) out_ += '\n';
    if (dice_.one_in(8)) out_ += indent(column) + "# about: the next\n";
  }
  void trailing_notes(std::size_t column) {
    if (dice_.one_in(5)) out_ += indent(column) + "# - trailing: note\n";
    if (dice_.one_in(8)) out_ += "\n\n";
  }

  std::string scalar() {
    static const std::vector<std::string> kPlain = {"a",    "b c", "1",   "2.5", "true",
                                                    "null", "~",   "x-y", "é日", "http://u/p"};
    static const std::vector<std::string> kQuoted = {"'q'", "'it''s'",  "\"d\"", "\"e\\n\\u00e9\"",
                                                     "''",  "\"# no\"", "'1'"};
    return dice_.one_in(2) ? dice_.of(kPlain) : dice_.of(kQuoted);
  }

  std::string flow(std::size_t depth) {
    const std::string pad = dice_.one_in(2) ? " " : "";
    const std::string comma = dice_.one_in(4) ? "," : ", ";
    std::string text;
    const std::size_t size = dice_.below(4);
    const bool mapping = dice_.one_in(2);
    for (std::size_t at = 0; at < size; ++at) {
      if (at > 0) text += comma;
      if (mapping) text += fmt::format("k{}: ", at);
      text += depth > 0 && dice_.one_in(4) ? flow(depth - 1) : scalar();
    }
    if (size > 0 && dice_.one_in(8)) text += ",";
    return mapping ? "{" + pad + text + pad + "}" : "[" + pad + text + pad + "]";
  }

  void block_scalar(std::size_t column) {
    static const std::vector<std::string> kHeads = {"|", "|-", ">", "|+", ">-"};
    out_ += dice_.of(kHeads);
    end_line();
    for (std::size_t line = dice_.below(3) + 1; line > 0; --line) {
      out_ += indent(column) + "some: words # here\n" + (dice_.one_in(4) ? "\n" : "");
    }
  }

  // Behind "key:" of a mapping at `column`.
  void value_of_key(std::size_t column, std::size_t depth) {
    const std::size_t kind = dice_.below(depth > 3 ? 6 : 10);
    if (kind == 0) return end_line();  // nothing there
    if (kind == 1) {
      out_ += " ";
      return block_scalar(column + step_);
    }
    if (kind == 6 || kind == 7) {
      end_line();
      return mapping(column + step_, depth + 1);
    }
    if (kind >= 8) {
      end_line();
      return sequence(column + offset_, depth + 1);
    }
    out_ += " " + properties() + (kind < 4 ? scalar() : flow(2));
    end_line();
  }

  std::string properties() {
    if (!anchors_.empty() && dice_.one_in(30)) return "!!str ";
    if (!dice_.one_in(12)) return "";
    anchors_.push_back(fmt::format("an{}", anchors_.size()));
    return "&" + anchors_.back() + " ";
  }

  // A note below a block scalar may be a line of it.
  bool ends_with_block_scalar() const {
    const std::string_view text = trim(out_);
    return text.ends_with("some: words # here");
  }

  void mapping(std::size_t column, std::size_t depth, bool first_is_placed = false) {
    const std::size_t size = dice_.below(3) + 1;
    for (std::size_t at = 0; at < size; ++at) {
      if (at > 0 || !first_is_placed) {
        notes(column);
        out_ += indent(column);
      }
      out_ += dice_.one_in(8) ? fmt::format("\"k{}\":", at) : fmt::format("k{}:", at);
      if (!anchors_.empty() && dice_.one_in(8)) {
        out_ += " *" + dice_.of(anchors_);
        end_line();
      } else {
        value_of_key(column, depth);
      }
    }
    if (dice_.one_in(8) && !ends_with_block_scalar()) {
      out_ += indent(column + (dice_.one_in(2) ? 0 : 2)) + "# under it\n";
    }
  }

  void sequence(std::size_t column, std::size_t depth) {
    const std::size_t size = dice_.below(3) + 1;
    const std::size_t gap = dice_.one_in(8) ? 3 : 1;
    for (std::size_t at = 0; at < size; ++at) {
      notes(column);
      out_ += indent(column) + "-";
      const std::size_t kind = dice_.below(depth > 3 ? 4 : 7);
      if (kind == 0 && at > 0) {
        end_line();
      } else if (kind < 3) {
        out_ += indent(gap) + properties() + (kind == 1 ? flow(2) : scalar());
        end_line();
      } else if (kind == 3) {
        out_ += indent(gap);
        block_scalar(column + step_);
      } else {
        out_ += indent(gap);
        mapping(column + 1 + gap, depth + 1, true);
      }
    }
  }

  Dice& dice_;
  std::size_t step_;
  std::size_t offset_;
  std::string out_;
  std::vector<std::string> anchors_;
};

struct Spot {
  const Node* node;
  std::string pointer;
};

void collect(const Node& node, const std::string& pointer, std::vector<Spot>& spots) {
  spots.push_back({&node, pointer});
  for (std::size_t at = 0; at < node.items.size(); ++at)
    collect(node.items[at], fmt::format("{}/{}", pointer, at), spots);
  for (const Member& member : node.members) {
    collect(member.value, pointer + "/" + pointer_token(member.key.text), spots);
  }
}

Value random_value(Dice& dice, int depth) {
  const std::size_t kind = dice.below(depth > 2 ? 5 : 8);
  if (kind < 2) return Value::of(std::string_view(dice.of(kWords)));
  if (kind == 2) return Value::of(static_cast<int>(dice.below(100'000)));
  if (kind == 3) return dice.one_in(2) ? Value::of(dice.one_in(2)) : Value::of(0.25);
  if (kind == 4) return dice.one_in(3) ? Value() : Value::of(std::string_view("plain words"));
  std::string text;
  const std::size_t size = dice.below(4);
  for (std::size_t at = 0; at < size; ++at) {
    text += at > 0 ? "," : "";
    if (kind < 7) text += fmt::format("\"k{}\":", at + dice.below(2) * 10);
    text += random_value(dice, depth + 1).dump();
  }
  const Result<Value> value = Value::parse(kind < 7 ? "{" + text + "}" : "[" + text + "]");
  return value ? *value : Value();
}

/// How two texts differ: lines that went and lines that came, after the equal beginning and before the equal end.
struct LineDifference {
  std::vector<std::string> gone;
  std::vector<std::string> come;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  for (std::string& line : lines) {
    if (line.ends_with('\r')) line.pop_back();
  }
  return lines;
}

LineDifference line_difference(const std::string& before, const std::string& after) {
  const std::vector<std::string> old_lines = lines_of(before);
  const std::vector<std::string> new_lines = lines_of(after);
  const auto [old_first, new_first] =
      std::mismatch(old_lines.begin(), old_lines.end(), new_lines.begin(), new_lines.end());
  const auto begin = old_first - old_lines.begin();
  const auto [old_last, new_last] = std::mismatch(old_lines.rbegin(), old_lines.rend() - begin, new_lines.rbegin(),
                                                  new_lines.rend() - (new_first - new_lines.begin()));
  return {{old_first, old_last.base()}, {new_first, new_last.base()}};
}

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::vector<std::string> comments_of(const std::string& text) {
  static const std::vector<std::string> kComments = {
      "# head", "# note", "# it's: [a note]", "# about: the next", "# - trailing: note", "# under it"};
  std::vector<std::string> found;
  for (const std::string& line : split(text, '\n')) {
    for (const std::string& comment : kComments) {
      if (line.find(comment) != std::string::npos) found.push_back(comment);
    }
  }
  return found;
}

struct Tally {
  int accepted = 0;
  int refused_by_reading_again = 0;
  int shared = 0;
};

/// One edit of one document at one place.
class Trial {
 public:
  Trial(Dice& dice, const Document& document, const Spot& spot)
      : document_(document), spot_(spot), value_(random_value(dice, 0)), intended_(to_value(document.root()).json()) {
    Json& place = intended_[Json::json_pointer(spot.pointer)];
    if (spot.node->kind == NodeKind::sequence) {
      const std::size_t index = dice.below(spot.node->items.size() + 1);
      place.insert(place.begin() + static_cast<std::ptrdiff_t>(index), value_.json());
      edited_ = insert_item(document, spot.pointer, index, value_);
    } else if (spot.node->kind == NodeKind::mapping) {
      place["new"] = value_.json();
      edited_ = add_member(document, spot.pointer, "new", value_);
    } else {
      if (value_.is_object() || value_.is_array()) value_ = Value::of(7);
      place = value_.json();
      edited_ = set_scalar(document, spot.pointer, value_);
    }
  }

  void check(Tally& tally) const {
    if (!edited_) return check_refusal(tally);
    ++tally.accepted;
    SCOPED_TRACE(
        fmt::format("at '{}' value {} in\n{}\n-----\n{}", spot_.pointer, value_.dump(), document_.text(), *edited_));
    const Result<Document> again = Document::parse(*edited_, "again");
    ASSERT_TRUE(again) << again.error().to_string();
    EXPECT_EQ(to_value(again->root()).json(), intended_);
    check_lines();
    EXPECT_EQ(comments_of(document_.text()), comments_of(*edited_));
    EXPECT_EQ(document_.text().ends_with('\n'), edited_->ends_with('\n'));
    EXPECT_EQ(document_.text().starts_with("\xEF\xBB\xBF"), edited_->starts_with("\xEF\xBB\xBF"));
    if (document_.text().find("\r\n") != std::string::npos) {
      EXPECT_EQ(count_of(*edited_, "\n"), count_of(*edited_, "\r\n"));
    } else if (document_.text().find('\n') != std::string::npos) {
      EXPECT_EQ(count_of(*edited_, "\r"), 0U);
    }
  }

 private:
  void check_refusal(Tally& tally) const {
    EXPECT_EQ(edited_.error().kind(), ErrorKind::failed) << edited_.error().to_string();
    EXPECT_NE(edited_.error().location().line, 0U) << edited_.error().to_string();
    const bool shared = edited_.error().message().find("shared") != std::string::npos;
    ++(shared ? tally.shared : tally.refused_by_reading_again);
    if (!shared && std::getenv("OE_FUZZ_SHOW")) {
      fmt::print("=== {} at '{}' value {}\n{}\n", edited_.error().message(), spot_.pointer, value_.dump(),
                 document_.text());
    }
  }

  void check_lines() const {
    const Node& node = *spot_.node;
    const LineDifference lines = line_difference(document_.text(), *edited_);
    const bool has_children = node.items.size() + node.members.size() > 0;
    const auto begins_line = document_.text().find_last_not_of(' ', node.span.begin - 1);
    const bool at_line_start = node.span.begin == 0 || document_.text()[begins_line] == '\n';
    if (node.style == Style::block && has_children && at_line_start && document_.text().ends_with('\n')) {
      EXPECT_TRUE(lines.gone.empty()) << "a line of the old text is gone: " << join(lines.gone, "|");
    } else if (node.kind != NodeKind::scalar) {
      const auto is_new = [&](const std::string& line) {
        return std::count(lines.come.begin(), lines.come.end(), line) == 0;
      };
      EXPECT_LE(std::count_if(lines.gone.begin(), lines.gone.end(), is_new), 1) << join(lines.gone, "|");
    } else {
      const std::string old = document_.text().substr(node.span.begin, node.span.end - node.span.begin);
      EXPECT_LE(lines.gone.size(), count_of(old, "\n") + 1) << join(lines.gone, "|");
    }
  }

  const Document& document_;
  const Spot& spot_;
  Value value_;
  Json intended_;
  Result<std::string> edited_;
};

TEST(EditFuzz, EveryAcceptedEditMeansWhatWasAskedAndLeavesTheRestAlone) {
  const char* wanted = std::getenv("OE_FUZZ_EDITS");  // more of them, by hand
  const int edits = wanted ? std::atoi(wanted) : 1'500;
  Tally tally;
  std::uint32_t seed = 0;
  for (int done = 0; done < edits && !testing::Test::HasFailure();) {
    Dice dice(++seed);
    const std::string text = DocumentGenerator(dice).text();
    const Result<Document> document = Document::parse(text, "fuzz.yaml");
    ASSERT_TRUE(document) << "seed " << seed << "\n" << text << "\n" << document.error().to_string();
    std::vector<Spot> spots;
    collect(document->root(), "", spots);
    for (int tries = 0; tries < 5; ++tries, ++done) {
      SCOPED_TRACE(seed);
      Trial(dice, *document, dice.of(spots)).check(tally);
    }
  }
  RecordProperty("accepted", tally.accepted);
  fmt::print("{} accepted, {} refused as shared, {} refused after reading again\n", tally.accepted, tally.shared,
             tally.refused_by_reading_again);
  EXPECT_LT(tally.refused_by_reading_again * 50, tally.accepted) << "at most one in fifty may be given up";
}

}  // namespace
}  // namespace oe::doc
