#include "oe/evolve/proposal.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "oe/base/box.hpp"
#include "oe/base/digest.hpp"
#include "oe/base/text.hpp"

#include "evolve/pairs_json.hpp"
#include "evolve/signature.hpp"

namespace oe::evolve {

using Json = nlohmann::json;

namespace {

std::string_view format_name(graph::RowFormat format) {
  switch (format) {
    case graph::RowFormat::json:
      return "json";
    case graph::RowFormat::jsonl:
      return "jsonl";
    case graph::RowFormat::csv:
      return "csv";
    case graph::RowFormat::tsv:
      return "tsv";
  }
  return "json";
}

Json edges_json(const std::vector<graph::Edge>& edges) {
  Json list = Json::array();
  for (const graph::Edge& edge : edges) list.push_back(formats::edge_value(edge).json());
  return list;
}

Json fields_json(const std::vector<graph::StateField>& fields) {
  Json all = Json::object();
  for (const graph::StateField& field : fields) all[field.name] = formats::field_value(field).json();
  return all;
}

Json files_json(const std::vector<git::FileChange>& files) {
  Json list = Json::array();
  for (const git::FileChange& file : files) {
    Json one = {{"path", file.path}, {"bytes", file.bytes ? Json(*file.bytes) : Json(nullptr)}};
    if (file.mode == 0100755) one["executable"] = true;
    list.push_back(std::move(one));
  }
  return list;
}

// Whole numbers are written in many ways (600, 600.0, 6e2) and mean one.
Json normalised(const Json& value) {
  constexpr double exact = 9007199254740992.0;  // 2^53: past it doubles skip whole numbers
  if (value.is_number_float()) {
    const double number = value.get<double>();
    return std::floor(number) == number && std::abs(number) < exact ? Json(static_cast<std::int64_t>(number)) : value;
  }
  if (!value.is_structured()) return value;
  Json copy = value;
  for (Json& member : copy) member = normalised(member);
  return copy;
}

// What a new file does, as far as that can be told from its text: lines without comments and indentation.
std::string code_digest(const git::FileChange& file) {
  std::string code;
  for (const std::string& line : split(file.bytes.value_or(""), '\n')) {
    const std::string_view text = trim(line);
    if (text.empty() || text.starts_with("//") || text.starts_with("#")) continue;
    code.append(text).push_back('\n');
  }
  return sha256_hex(code);
}

Json meaning(const TuneParam& tune) {
  return {{"node", tune.set.node.text}, {"name", tune.set.name}, {"value", normalised(tune.set.value.json())}};
}

Json meaning(const AddNode& add) {
  Json files = Json::array();
  for (const git::FileChange& file : add.files) files.push_back({file.path, code_digest(file)});
  Json all = {{"node", normalised(add.insert.node.json())}, {"edges", edges_json(add.insert.edges)}, {"files", files}};
  if (!add.insert.fields.empty()) all["fields"] = fields_json(add.insert.fields);
  return all;
}

Json meaning(const AddDatasetCase& add) {
  return {{"file", add.file}, {"item", normalised(add.item.json())}};
}

// Of what it takes back only: more runs make it no other change.
Json meaning(const Revert& revert) {
  return {{"proposal", revert.proposal.text}, {"commit", revert.commit.text}};
}

bool fits_branch_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// git refuses "..", a leading or trailing dot and ".lock" at the end; a leading "-" reads like an option.
std::string branch_part(std::string_view text) {
  std::string part;
  for (const char c : text) {
    const char put = fits_branch_name(c) ? c : '-';
    const bool leads = part.empty() && (put == '-' || put == '.');
    const bool repeats = !part.empty() && put == part.back() && (put == '-' || put == '.');
    if (!leads && !repeats) part += put;
  }
  if (part.ends_with(".lock")) part[part.size() - 5] = '-';
  while (part.ends_with('.') || part.ends_with('-')) part.pop_back();
  return part.empty() ? "workflow" : part;
}

}  // namespace

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::low:
      return "low";
    case Confidence::medium:
      return "medium";
    case Confidence::high:
      return "high";
  }
  return "low";
}

std::string_view operation_name(const Operation& operation) {
  return std::visit(overloaded{[](const TuneParam&) { return "tune-param"; }, [](const AddNode&) { return "add-node"; },
                               [](const AddDatasetCase&) { return "add-dataset-case"; }, [](const Revert&) { return "revert"; }},
                    operation);
}

std::string target_name(const Operation& operation) {
  return branch_part(std::visit(
      overloaded{[](const TuneParam& tune) { return tune.set.node.empty() ? "runtime" : tune.set.node.text; },
                 [](const AddNode& add) { return add.insert.node.get("id").string_or(""); },
                 [](const AddDatasetCase& add) { return add.file; }, [](const Revert& revert) { return revert.target; }},
      operation));
}

Value to_value(const Operation& operation) {
  Json json = std::visit(
      overloaded{[](const TuneParam& tune) {
                   return Json{{"node", tune.set.node.text},
                               {"name", tune.set.name},
                               {"value", tune.set.value.json()},
                               {"from", tune.from.json()}};
                 },
                 [](const AddNode& add) {
                   Json node = {{"after", add.insert.after.text},
                                {"node", add.insert.node.json()},
                                {"edges", edges_json(add.insert.edges)},
                                {"files", files_json(add.files)}};
                   if (!add.insert.fields.empty()) node["fields"] = fields_json(add.insert.fields);
                   return node;
                 },
                 [](const AddDatasetCase& add) {
                   return Json{{"node", add.node.text}, {"file", add.file},        {"format", format_name(add.format)},
                               {"row", add.row.json()}, {"item", add.item.json()}, {"is_wrapped", add.is_wrapped},
                               {"error", add.error}};
                 },
                 [](const Revert& revert) {
                   Json runs = Json::array();
                   for (const Pair& pair : revert.runs) runs.push_back(Json(pair_json(pair)));
                   return Json{{"proposal", revert.proposal.text}, {"commit", revert.commit.text},
                               {"target", revert.target},          {"diff", revert.diff},
                               {"metric", Json(metric_json(revert.metric))}, {"promised", revert.promised},
                               {"runs", std::move(runs)}};
                 }},
      operation);
  json["operation"] = operation_name(operation);
  return Value(std::move(json));
}

Fingerprint fingerprint(const Proposal& proposal, std::string_view workflow) {
  Json json = std::visit([](const auto& operation) { return meaning(operation); }, proposal.operation);
  json["operation"] = operation_name(proposal.operation);
  json["workflow"] = workflow;
  return {sha256_hex(Value(std::move(json)).dump())};
}

std::string family(const Value& change, std::string_view workflow) {
  const std::string operation = change.get("operation").string_or("");
  Json of = {operation, workflow};
  if (operation == "add-node") {
    of.push_back(change.get("node").get("id").json());
  } else if (operation == "add-dataset-case") {
    const std::string error = change.get("error").string_or("");
    of.push_back(change.get("file").json());
    of.push_back(error.empty() ? normalised(change.get("item").json()) : Json(error_signature(error)));
  } else if (operation == "revert") {
    of.push_back(change.get("proposal").json());
    of.push_back(change.get("commit").json());
  } else {
    of.push_back(change.get("node").json());
    of.push_back(change.get("name").json());
  }
  return Value(std::move(of)).dump();
}

}  // namespace oe::evolve
