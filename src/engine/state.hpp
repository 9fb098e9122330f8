#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

#include "engine/place.hpp"

namespace oe::engine {

using StateDelta = std::map<std::string, Value>;

/// The fields of one run. Keeps what each writer contributed, so that a node sees exactly the writes of the
/// places before it (rules: section 4.4 of the OpenExpertise reference).
class VersionedState {
 public:
  explicit VersionedState(const std::vector<graph::StateField>& schema);

  /// The merged value of a field as a view shows it; nothing when unset or not declared.
  std::optional<Value> at(std::string_view field, const View& view) const;
  bool is_set_once(std::string_view field) const;
  /// Why the delta as a whole cannot be written, or nothing.
  std::optional<std::string> objection(const StateDelta& delta) const;
  /// Adds a delta that has no objection.
  void write(const Place& place, const StateDelta& delta);
  /// All fields that are set, with every write in.
  std::map<std::string, Value> merged() const;

 private:
  struct Contribution {
    Place place;
    Value value;
  };
  /// A stretch of the contributions, [begin, end).
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  /// The first `count` contributions of a list field, concatenated.
  struct Prefix {
    std::size_t count = 0;
    Value value = Value::array();
  };
  struct Field {
    graph::FieldType type = graph::FieldType::any;
    graph::Merge merge = graph::Merge::last_wins;
    std::vector<Contribution> contributions;  ///< sorted by place
    mutable Prefix prefix;                    ///< the one asked for last: fan-outs ask for the same again and again
  };

  static std::vector<Range> visible(const Field& field, const View& view);
  static std::optional<Value> merge(const Field& field, const std::vector<Range>& ranges);
  static std::optional<Value> first_set(const Field& field, const std::vector<Range>& ranges);
  static Value concatenate(const Field& field, const std::vector<Range>& ranges);
  static Value first_concatenated(const Field& field, std::size_t count);
  static std::optional<std::string> objection(const std::string& name, const Field& field, const Value& value);

  std::map<std::string, Field, std::less<>> fields_;
};

}  // namespace oe::engine
