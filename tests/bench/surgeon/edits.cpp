#include <algorithm>
#include <fmt/core.h>

#include "bench/surgeon/work.hpp"

namespace oe::surgeon {
namespace {

enum class Shape { block, line, tune, sites, replace, blank };

bool one_of(const Work& work, std::initializer_list<Kind> kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](Kind kind) { return work.has(kind); });
}

// The kinds that need a grammar to be told from something that was meant: a kept old line is a second key there.
Language language_of(const Work& work, Random& random) {
  if (one_of(work, {Kind::forgotten_minus})) return Language::yaml;
  if (one_of(work, {Kind::comment_only, Kind::repeated_text})) return Language::yaml;
  if (one_of(work, {Kind::plus_for_minus})) return random.percent(70) ? Language::yaml : Language::json;
  if (one_of(work, {Kind::new_no_devnull, Kind::new_bad_counts, Kind::exists}))
    return random.percent(60) ? Language::js : Language::markdown;
  if (one_of(work, {Kind::shifted})) return random.percent(60) ? Language::yaml : Language::json;
  if (one_of(work, {Kind::bare_blank})) return random.percent(50) ? Language::js : Language::markdown;
  const std::size_t dice = random.below(100);
  if (dice < 50) return Language::yaml;
  if (dice < 65) return Language::json;
  if (dice < 70) return Language::jsonl;
  return dice < 87 ? Language::js : Language::markdown;
}

Shape shape_of(const Work& work, Random& random) {
  if (one_of(work, {Kind::two_sites, Kind::overlapping, Kind::unordered, Kind::repeated_header})) return Shape::sites;
  if (one_of(work, {Kind::plus_for_minus, Kind::forgotten_minus, Kind::no_op})) return Shape::tune;
  if (one_of(work, {Kind::minus_for_plus, Kind::forgotten_plus, Kind::duplicated})) return Shape::block;
  const std::size_t dice = random.below(100);
  if (dice < 40) return Shape::block;
  if (dice < 75) return Shape::tune;
  if (dice < 88) return Shape::line;
  return dice < 95 ? Shape::sites : Shape::replace;
}

Edit block_edit(const Base& base, Random& random) {
  const Block& block = base.blocks[random.percent(25) ? base.blocks.size() - 1 : random.below(base.blocks.size())];
  return {block.end, 0, new_block(base, block.begin, random)};
}

Edit tune_edit(const Base& base, Random& random) {
  const std::size_t line = random.of(base.scalars);
  return {line, 1, {tuned(base.text.lines[line], random)}};
}

Edit line_edit(const Base& base, Random& random) {
  const std::size_t line = random.of(base.gaps);
  return {line, 0, {new_line(base, line, random)}};
}

std::vector<Edit> site_edits(const Base& base, Random& random, std::size_t gap) {
  for (int tries = 0; tries < 40; ++tries) {
    Edit first = random.percent(50) ? tune_edit(base, random) : line_edit(base, random);
    Edit second = random.percent(60) ? tune_edit(base, random) : block_edit(base, random);
    if (second.at < first.at) std::swap(first, second);
    const std::size_t between = second.at - std::min(second.at, first.at + first.remove);
    if (between >= (gap == 1 ? 2 : 8) && (gap != 1 || between <= 6)) return {first, second};
  }
  return {};
}

// Two lines go, one or two come: the value and what stands after it.
Edit replace_edit(const Base& base, Random& random) {
  Edit edit = tune_edit(base, random);
  if (base.text.language == Language::js || base.text.language == Language::markdown) {
    edit.remove = 2;
    edit.insert.push_back(new_line(base, edit.at, random));
  }
  return edit;
}

Edit comment_edit(const Base& base, Random& random) {
  Edit edit = line_edit(base, random);
  edit.insert = {fmt::format("      # {} tries are enough", random.between(2, 9))};
  return edit;
}

std::vector<Edit> edits_of(const Work& work, const Base& base, Shape shape, Random& random) {
  if (work.has(Kind::comment_only)) return {comment_edit(base, random)};
  if (work.has(Kind::no_op)) {
    Edit edit = tune_edit(base, random);
    edit.insert = {base.text.lines[edit.at]};
    return {edit};
  }
  switch (shape) {
    case Shape::block:
      return {block_edit(base, random)};
    case Shape::line:
      return {line_edit(base, random)};
    case Shape::tune:
      return {tune_edit(base, random)};
    case Shape::sites:
      return site_edits(base, random, work.has(Kind::overlapping) ? 1 : 0);
    default:
      return {replace_edit(base, random)};
  }
}

Promise promise_of(const Work& work, const std::vector<Edit>& edits) {
  if (work.changes.size() != 1 || edits.size() != 1 || work.changes[0].created) return Promise::any;
  if (edits[0].remove == 0) return Promise::one_added;
  return edits[0].remove == 1 && edits[0].insert.size() == 1 ? Promise::one_changed : Promise::any;
}

bool add_change(Work& work, Language language, Random& random) {
  Base base = make_base(language, random);
  base.text.eol =
      one_of(work, {Kind::lf_patch}) || (!one_of(work, {Kind::crlf_patch}) && random.percent(5)) ? "\r\n" : "\n";
  base.text.final_newline = !random.percent(one_of(work, {Kind::newline_marker}) ? 60 : 8);
  Change change{base.text, {}, base.blocks, false};
  change.edits = edits_of(work, base, shape_of(work, random), random);
  if (one_of(work, {Kind::newline_marker})) change.edits = {{base.text.lines.size() - random.between(1, 3), 0, {}}};
  if (one_of(work, {Kind::newline_marker})) {
    Edit& edit = change.edits[0];
    if (language == Language::js || language == Language::markdown)
      edit.insert = {new_line(base, edit.at, random)};
    else if (language == Language::jsonl)
      edit.insert = new_block(base, edit.at, random);
    else
      edit = block_edit(base, random), edit.at = base.blocks.back().end;
  }
  if (change.edits.empty()) return false;
  work.changes.push_back(std::move(change));
  return true;
}

void make_new(Work& work, Random& random) {
  Change& change = work.changes[0];
  change.created = true;
  change.edits.clear();
  change.before.lines.resize(std::min(change.before.lines.size(), random.between(8, 40)));
  change.before.eol = "\n";
  change.before.final_newline = true;
}

}  // namespace

std::string Change::block_of(const Edit& edit) const {
  const std::size_t line = edit.remove > 0 ? edit.at : edit.at - std::min<std::size_t>(edit.at, 1);
  for (const Block& block : blocks)
    if (line >= block.begin && line < block.end) return block.name;
  return {};
}

bool choose_edit(Work& work, Random& random) {
  const Language language = language_of(work, random);
  if (!add_change(work, language, random)) return false;
  if (work.has(Kind::two_files)) {
    const Language other = language == Language::yaml ? Language::jsonl : Language::yaml;
    if (!add_change(work, other, random)) return false;
  }
  if (one_of(work, {Kind::new_no_devnull, Kind::new_bad_counts, Kind::exists})) make_new(work, random);
  work.trial.promise = promise_of(work, work.changes[0].edits);
  return true;
}

}  // namespace oe::surgeon
