#pragma once

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>

#include "oe/patch/patch.hpp"

namespace oe::patch::test {

/// A tree in memory, and what the surgeon makes of a text held against it.
struct Ground {
  std::map<std::string, std::string> files;
  std::string target;

  tl::expected<Patch, Refusal> operate(const std::string& text) const {
    Request request;
    request.text = text;
    request.target = target;
    return operate(request);
  }
  tl::expected<Patch, Refusal> operate(const Request& request) const {
    Tree tree;
    tree.read = [this](const std::string& path) -> std::optional<std::string> {
      const auto at = files.find(path);
      return at == files.end() ? std::nullopt : std::optional(at->second);
    };
    tree.paths = [this] {
      std::vector<std::string> all;
      for (const auto& [path, text] : files) all.push_back(path);
      return all;
    };
    return patch::operate(request, tree);
  }
};

inline const std::string kFlow = "flow/experience.yaml";

/// Four nodes; `b` and `d` are alike but for their id and what they run.
inline Ground ground() {
  return {{{kFlow,
            "name: nightly\n"
            "nodes:\n"
            "  - id: a\n"
            "    run: ./a.sh --level 1\n"
            "    timeout_ms: 1000\n"
            "\n"
            "  - id: b\n"
            "    run: ./b.sh --level 2\n"
            "    retries: 2\n"
            "    timeout_ms: 5000\n"
            "    writes: [score]\n"
            "\n"
            "  - id: c\n"
            "    run: ./c.sh --temperature 0.2\n"
            "    timeout_ms: 700\n"
            "\n"
            "  - id: d\n"
            "    run: ./d.sh --level 2\n"
            "    retries: 2\n"
            "    timeout_ms: 5000\n"
            "    writes: [score]\n"}},
          ""};
}

inline std::string replaced(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return at == std::string::npos ? text : text.replace(at, old.size(), now);
}

inline const std::string kHead = "--- a/flow/experience.yaml\n+++ b/flow/experience.yaml\n";
/// Node c with 700 made 900, complete and right.
inline const std::string kBody =
    "     run: ./c.sh --temperature 0.2\n"
    "-    timeout_ms: 700\n"
    "+    timeout_ms: 900\n"
    " \n"
    "   - id: d\n";
inline const std::string kTune = kHead + "@@ -14,4 +14,4 @@\n" + kBody;

inline std::string tuned() {
  return replaced(ground().files.at(kFlow), "timeout_ms: 700", "timeout_ms: 900");
}

inline bool has(const Patch& patch, Rung rung) {
  return std::find(patch.rungs.begin(), patch.rungs.end(), rung) != patch.rungs.end();
}

/// The text gives exactly this content of the flow.
inline void expect_flow(const Ground& place, const std::string& text, const std::string& wanted) {
  const auto patch = place.operate(text);
  ASSERT_TRUE(patch) << to_text(patch.error());
  ASSERT_EQ(patch->files.size(), 1U);
  EXPECT_EQ(patch->files[0].path, kFlow);
  EXPECT_EQ(patch->files[0].after, wanted);
}
inline void expect_flow(const std::string& text, const std::string& wanted) {
  expect_flow(ground(), text, wanted);
}

inline void expect_rung(const std::string& text, const std::string& wanted, Rung rung) {
  expect_flow(text, wanted);
  const auto patch = ground().operate(text);
  EXPECT_TRUE(patch && has(*patch, rung)) << to_string(rung);
}

inline void expect_refused(const Ground& place, const std::string& text, Reason reason) {
  const auto patch = place.operate(text);
  ASSERT_FALSE(patch) << patch->files[0].after;
  EXPECT_EQ(to_string(patch.error().reason), to_string(reason)) << to_text(patch.error());
}
inline void expect_refused(const std::string& text, Reason reason) {
  expect_refused(ground(), text, reason);
}

}  // namespace oe::patch::test
