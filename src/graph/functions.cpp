#include "graph/functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace oe::graph {

using Json = nlohmann::json;

namespace {

constexpr std::array<FunctionRow, 7> kFunctions = {{
    {"length", Function::length, 1, "length(x)"},
    {"contains", Function::contains, 2, "contains(where, what)"},
    {"startsWith", Function::starts_with, 2, "startsWith(text, beginning)"},
    {"endsWith", Function::ends_with, 2, "endsWith(text, end)"},
    {"lower", Function::lower, 1, "lower(text)"},
    {"upper", Function::upper, 1, "upper(text)"},
    {"matches", Function::matches, 2, "matches(text, \"pattern\")"},
}};

const std::string* text_in(const Operand& operand) {
  return operand.value ? operand.value->json().get_ptr<const std::string*>() : nullptr;
}

std::optional<double> number_in(const Operand& operand) {
  if (!operand.value || !operand.value->json().is_number()) return std::nullopt;
  return operand.value->json().get<double>();
}

// Letters of ASCII only: a table of Unicode's would be larger than the rest of this room.
Operand recased(const Operand& operand, char first, char last, int distance) {
  const std::string* text = text_in(operand);
  if (!text) return {};
  std::string changed = *text;
  for (char& c : changed) c = c >= first && c <= last ? static_cast<char>(c + distance) : c;
  return {Value::of(changed)};
}

double result_of(double left, char symbol, double right) {
  switch (symbol) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    default:
      return std::fmod(left, right);
  }
}

}  // namespace

std::span<const FunctionRow> function_table() {
  return kFunctions;
}

Operand call(Function function, std::span<const Operand> arguments) {
  const auto both = [&](bool (*question)(std::string_view, std::string_view)) {
    const std::string* text = text_in(arguments[0]);
    const std::string* part = text_in(arguments[1]);
    return Operand{Value::of(text && part && question(*text, *part))};
  };
  switch (function) {
    case Function::length:
      return {Value::of(length_of(arguments[0]))};
    case Function::contains:
      return {Value::of(is_in(arguments[1], arguments[0]))};
    case Function::starts_with:
      return both([](std::string_view text, std::string_view part) { return text.starts_with(part); });
    case Function::ends_with:
      return both([](std::string_view text, std::string_view part) { return text.ends_with(part); });
    case Function::lower:
      return recased(arguments[0], 'A', 'Z', 'a' - 'A');
    case Function::upper:
      return recased(arguments[0], 'a', 'z', 'A' - 'a');
    case Function::matches:
      break;
  }
  return {};
}

bool is_in(const Operand& element, const Operand& container) {
  if (!element.value || !container.value) return false;
  const Json& list = container.value->json();
  if (list.is_array()) return std::ranges::find(list, element.value->json()) != list.end();
  const std::string* part = text_in(element);
  if (!part) return false;
  if (list.is_object()) return list.contains(*part);
  const std::string* text = text_in(container);
  return text && text->find(*part) != std::string::npos;
}

Operand calculated(const Operand& left, char symbol, const Operand& right) {
  const std::string* a = text_in(left);
  const std::string* b = text_in(right);
  if (symbol == '+' && a && b) return {Value::of(*a + *b)};
  const auto x = number_in(left), y = number_in(right);
  if (!x || !y) return {};
  const double result = result_of(*x, symbol, *y);
  return std::isfinite(result) ? Operand{number_value(result)} : Operand{};
}

Operand negative(const Operand& operand) {
  const auto number = number_in(operand);
  return number ? Operand{number_value(-*number)} : Operand{};
}

Value number_value(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (std::abs(number) > kExact || number != std::floor(number)) return Value::of(number);
  return Value::of(static_cast<std::int64_t>(number));
}

}  // namespace oe::graph
