#include "cli/inputs.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/doc/document.hpp"
#include "oe/sys/file.hpp"

#include "cli/typed.hpp"

namespace oe::cli {

Result<std::string> read_standard_input(std::size_t most) {
  std::string text;
  char buffer[65536];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, stdin)) {
    text.append(buffer, count);
    if (text.size() > most) return fail(ErrorKind::input, fmt::format("standard input has more than {} bytes", most));
  }
  return text;
}

namespace {

Result<std::string> read_named(const std::string& file, std::size_t most) {
  Result<std::string> text = sys::read_file(file, most);
  if (text) return text;
  return fail(ErrorKind::input, text.error().message(), "--input-file takes a YAML or JSON file, or - for standard input");
}

// YAML takes in JSON.
Result<Value> read_mapping(const std::string& file) {
  if (file.empty()) return Value::object();
  const std::size_t most = doc::Limits{}.bytes;
  OE_TRY(std::string text, file == "-" ? read_standard_input(most) : read_named(file, most));
  OE_TRY(const doc::Document document, doc::Document::parse(std::move(text), file == "-" ? "standard input" : file));
  Value value = doc::to_value(document.root());
  if (value.is_object()) return value;
  return fail(ErrorKind::input, fmt::format("{} is no mapping of input names to values", document.name()),
              "one line each, e.g. name: value");
}

Result<Value> read_args(const std::string& text) {
  if (text.empty()) return Value::object();
  const Result<Value> parsed = Value::parse(text);
  if (parsed && parsed->is_object()) return *parsed;
  return fail(ErrorKind::usage, "--args takes a JSON object" + (parsed ? "" : ": " + parsed.error().message()),
              R"(e.g. --args '{"name": "value"}')");
}

graph::FieldType type_of(const graph::Graph& graph, const std::string& input) {
  const auto found = std::find_if(graph.inputs.begin(), graph.inputs.end(),
                                  [&](const graph::Input& declared) { return declared.name == input; });
  return found == graph.inputs.end() ? graph::FieldType::any : found->type;
}

}  // namespace

Result<InputSources> read_inputs(const std::string& file, const std::string& args, std::vector<std::string> pairs) {
  InputSources sources{.pairs = std::move(pairs)};
  OE_TRY(sources.args, read_args(args));
  OE_TRY(sources.file, read_mapping(file));
  return sources;
}

Result<Value> bind_inputs(const graph::Graph& graph, const InputSources& sources) {
  nlohmann::json all = sources.file.json();
  all.update(sources.args.json());
  for (const std::string& pair : sources.pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorKind::usage, fmt::format("--input takes name=value, not '{}'", pair));
    }
    const std::string name = pair.substr(0, equals);
    OE_TRY(const Value value, typed_value("--input " + name, type_of(graph, name), pair.substr(equals + 1)));
    all[name] = value.json();
  }
  return Value(std::move(all));
}

}  // namespace oe::cli
