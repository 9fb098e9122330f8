#include "cli/models.hpp"

#include <cstdlib>
#include <fmt/core.h>

#include "oe/formats/models.hpp"
#include "oe/formats/reader.hpp"

#include "cli/config_file.hpp"

namespace oe::cli {

namespace {

namespace fs = std::filesystem;

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<graph::Models> configured_models(const git::Place& place) {
  OE_TRY(auto config, read_config(place));
  if (!config) return graph::Models();
  OE_TRY(formats::ModelsReading reading, formats::read_models(std::move(config->text), config->name));
  if (!has_errors(reading.problems)) return std::move(reading.models);
  return fail(Error(ErrorKind::input, config->name + " cannot be used").with(std::move(reading.problems)));
}

}  // namespace

fs::path calls_file(const ledger::Ledger& ledger, const std::string& id) {
  return ledger.directory() / "calls" / (id + ".jsonl");
}

Result<std::shared_ptr<const llm::Cassette>> cassette_of(const ledger::Ledger& ledger, const std::string& replay) {
  std::error_code ignored;
  if (replay == kAllCalls) {
    const fs::path all = ledger.directory() / "calls";
    if (fs::is_directory(all, ignored)) return llm::Cassette::load(all);
    return fail(ErrorKind::input, "no call of a model is recorded here yet",
                "run it once with a model, or name a cassette: --replay=FILE");
  }
  if (fs::exists(replay, ignored)) return llm::Cassette::load(replay);
  OE_TRY(const RunId run, ledger.resolve(replay));
  const fs::path file = calls_file(ledger, run.text);
  if (fs::exists(file, ignored)) return llm::Cassette::load(file);
  return fail(ErrorKind::input, fmt::format("run {} has asked no model: there is nothing to replay", run.text));
}

void LateRecorder::open(const fs::path& file, const Redactor& redactor) {
  file_ = llm::open_recorder(file, [redactor](std::string line) { return redactor.text(std::move(line)); });
}

Result<void> LateRecorder::record(const llm::Call& call) {
  return file_ ? file_->record(call) : Result<void>();
}

Result<ModelSource> ModelSource::open(const Session& session, const ModelFlags& flags,
                                      std::shared_ptr<llm::Recorder> recorder) {
  ModelSource source{.provider = flags.llm, .recorder = std::move(recorder)};
  OE_TRY(source.configured, configured_models(session.place));
  if (flags.replay) {
    OE_TRY(source.replay, cassette_of(session.ledger, *flags.replay));
    source.recorder = nullptr;  // what is answered from a recording is recorded
  }
  return source;
}

std::shared_ptr<llm::Client> ModelSource::client(sys::EventLoop& loop, sys::ProcessHost& processes,
                                                 const graph::Models& own, const fs::path& directory) const {
  return llm::make_client({.loop = loop,
                           .processes = processes,
                           .clock = sys::system_clock(),
                           .models = formats::merged(own, configured),
                           .directory = directory,
                           .environment = environment_variable,
                           .provider = provider,
                           .recorder = recorder,
                           .replay = replay});
}

Result<bool> has_model(const Session& session, const ModelSource& source) {
  const auto names_one = [](const graph::Models& models) {
    return !models.standard.empty() || !models.advisor.empty();
  };
  if (!source.provider.empty() || source.replay || names_one(source.configured)) return true;
  OE_TRY(const auto newest, session.ledger.runs(1));
  if (newest.empty()) return false;
  OE_TRY(std::string text, session.ledger.source(newest.front().workflow_digest));
  const fs::path directory = (session.place.root / newest.front().workflow).parent_path();
  const auto reading =
      formats::read_workflow(std::move(text), newest.front().workflow, formats::files_below(directory.string()));
  return reading && names_one(reading->graph.models);
}

}  // namespace oe::cli
