#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace oe::forge {

/// One row of the table: a metric without and with the change. All are texts as people shall read them.
struct Measured {
  std::string metric;
  std::string before;
  std::string after;
  std::string interval;  ///< of the difference, with its level; empty: not known
  std::size_t pairs = 0;
  std::size_t wins = 0;
  std::size_t losses = 0;
  std::size_t ties = 0;
};

struct FixedRun {
  std::string run;
  std::string line;  ///< one line of its log; empty: not known
};

/// All that a change request says. Texts may come from tools and models; what is empty is left out.
struct BodyFacts {
  std::string fingerprint;
  std::string operation;
  std::string target;
  std::string workflow;  ///< file, relative to the root
  std::string title;
  std::string rationale;
  std::string verdict = "better";
  std::string effect;  ///< of the trial, one line
  std::string confidence;
  std::string rule;  ///< that made it
  std::vector<Measured> measured;
  std::vector<FixedRun> fixes;
  std::vector<std::string> risks;
  std::vector<std::string> anchors;  ///< what was checked again and did not get worse
  std::vector<std::string> touches;  ///< files
  std::string remote = "origin";
  std::string branch;
  std::string base;    ///< commit id that it was proven on
  std::string commit;  ///< commit id of the branch
};

/// What a forge shows of a request, and keeps.
struct Written {
  std::string title;
  std::string body;
  friend bool operator==(const Written&, const Written&) = default;
};

/// Pure and deterministic. The body has a table between markers and ends with the machine block
/// `<!-- oe:v1 {...} -->`, which also knows a digest of the rest: that is how merged() sees what people have written.
Written render(const BodyFacts& facts);

/// What the request shall have when it has `now` and oe would write `fresh`: all of it where nobody has edited what oe
/// wrote, else the text and the title of people with a fresh table (where its markers are still there) and machine
/// block. A forge that changes line ends or blanks at the end has edited nothing.
Written merged(const Written& now, const Written& fresh);

/// The fingerprint in the machine block of a body; nothing when there is none that oe wrote.
std::optional<std::string> fingerprint_in(const std::string& body);

}  // namespace oe::forge
