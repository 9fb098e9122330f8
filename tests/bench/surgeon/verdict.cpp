#include "bench/surgeon/verdict.hpp"

namespace oe::surgeon {

Verdict judge(const Trial& trial, const std::optional<Files>& result) {
  const bool changed = result && *result != trial.base;
  if (!changed) return trial.must_refuse ? Verdict::declined : Verdict::refused;
  return trial.intended && *result == *trial.intended ? Verdict::applied : Verdict::wrong;
}

std::optional<Files> files_of(const Trial& trial, const Outcome& outcome) {
  if (!outcome) return std::nullopt;
  Files files = trial.base;
  for (const patch::FileEdit& edit : outcome->files) files[edit.path] = edit.after;
  return files;
}

Outcome operate_on(const Trial& trial, bool gate) {
  patch::Request request;
  request.text = trial.text;
  request.target = trial.target;
  request.was_cut_off = trial.was_cut_off;
  if (gate) request.accepts = gate_of(trial.promise);
  const patch::Tree tree{[&](const std::string& path) -> std::optional<std::string> {
                           const auto file = trial.base.find(path);
                           return file == trial.base.end() ? std::nullopt : std::optional(file->second);
                         },
                         [&] {
                           std::vector<std::string> paths;
                           for (const auto& [path, bytes] : trial.base) paths.push_back(path);
                           return paths;
                         }};
  return patch::operate(request, tree);
}

}  // namespace oe::surgeon
