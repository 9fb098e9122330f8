#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "oe/base/value.hpp"
#include "oe/graph/expression.hpp"

#include "graph/javascript.hpp"

namespace oe::graph {

// What expressions can do beyond the reference. Operands of other types than an operation takes make its value unset,
// or false where it is a question.

enum class Function { length, contains, starts_with, ends_with, lower, upper, matches };

struct FunctionRow {
  std::string_view name;
  Function function;
  std::size_t arity;
  std::string_view usage;
};
std::span<const FunctionRow> function_table();

/// Everything but `matches`, whose pattern is compiled when it is parsed.
Operand call(Function function, std::span<const Operand> arguments);

/// Member of a list by deep equality, part of a text, key of an object.
bool is_in(const Operand& element, const Operand& container);

/// `symbol` is one of + - * / %. Texts can be added, too; what is no finite number is unset.
Operand calculated(const Operand& left, char symbol, const Operand& right);
Operand negative(const Operand& operand);

/// Whole numbers that a double holds exactly are integers.
Value number_value(double number);

}  // namespace oe::graph
