#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oe/base/value.hpp"
#include "oe/graph/graph.hpp"

namespace oe::engine {

/// Where a contribution stands in the one order that every merge follows, whatever ended first: the topological
/// position of its node, then the item of an Each (0 for a node without items).
struct Place {
  std::size_t position = 0;
  std::uint64_t item = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

using StateDelta = std::map<std::string, Value>;

/// The fields of one run. Keeps what each writer contributed, so that a node sees exactly the writes of the
/// places before it (rules: section 4.4 of the OpenExpertise reference).
class VersionedState {
 public:
  explicit VersionedState(const std::vector<graph::StateField>& schema);

  /// The merged value of a field as the work at `before` sees it; nothing when unset or not declared.
  std::optional<Value> at(std::string_view field, Place before) const;
  bool is_set_once(std::string_view field) const;
  /// Why the delta as a whole cannot be written, or nothing.
  std::optional<std::string> objection(const StateDelta& delta) const;
  /// Adds a delta that has no objection.
  void write(Place place, const StateDelta& delta);
  /// All fields that are set, with every write in.
  std::map<std::string, Value> merged() const;

 private:
  struct Contribution {
    Place place;
    Value value;
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

  static std::optional<Value> merge_first(const Field& field, std::size_t count);
  static Value concatenate(const Field& field, std::size_t count);
  static std::optional<std::string> objection(const std::string& name, const Field& field, const Value& value);

  std::map<std::string, Field, std::less<>> fields_;
};

}  // namespace oe::engine
