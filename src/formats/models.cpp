#include "oe/formats/models.hpp"

#include <algorithm>

#include "oe/base/text.hpp"

#include "formats/experience.hpp"

namespace oe::formats {

namespace {

bool is_only_comments(std::string_view text) {
  return std::ranges::all_of(split(text, '\n'), [](const std::string& line) {
    const std::string_view content = trim(line);
    return content.empty() || content.starts_with('#');
  });
}

}  // namespace

Result<ModelsReading> read_models(std::string text, std::string name) {
  ModelsReading reading;
  if (is_only_comments(text)) return reading;
  OE_TRY(const doc::Document document, doc::Document::parse(std::move(text), std::move(name)));
  Notes notes(document);
  Fields top({&document.root(), ""}, notes);
  for (const char* others : {"forge", "submit"}) top.find(others);  // forge::read_settings reads them
  if (const auto models = top.find("models")) reading.models = read_models_at(*models, notes);
  top.finish(Unknown::error, "a configuration has models, forge and submit");
  reading.problems = std::move(notes).sorted();
  return reading;
}

graph::Models merged(graph::Models over, const graph::Models& under) {
  if (over.standard.empty()) over.standard = under.standard;
  if (over.advisor.empty()) over.advisor = under.advisor;
  for (const graph::Model& model : under.all) {
    if (std::ranges::find(over.all, model.name, &graph::Model::name) == over.all.end()) over.all.push_back(model);
  }
  return over;
}

}  // namespace oe::formats
