#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "oe/base/redact.hpp"
#include "oe/graph/graph.hpp"
#include "oe/ledger/ledger.hpp"
#include "oe/llm/client.hpp"

#include "cli/session.hpp"

namespace oe::cli {

/// What --replay means alone: all that is recorded here.
inline constexpr std::string_view kAllCalls = "true";

/// What the command line says about models.
struct ModelFlags {
  std::string llm;                    ///< --llm: the provider for whatever names none
  std::optional<std::string> replay;  ///< --replay[=RUN|FILE]: kAllCalls where it says neither
};

/// .openexpertise/calls/<id>.jsonl
std::filesystem::path calls_file(const ledger::Ledger& ledger, const std::string& id);

/// What --replay means. Errors: input, when it names neither a run nor a file.
Result<std::shared_ptr<const llm::Cassette>> cassette_of(const ledger::Ledger& ledger, const std::string& replay);

/// Passes calls on to the file of a run, whose id is not known before its plan is.
class LateRecorder final : public llm::Recorder {
 public:
  void open(const std::filesystem::path& file, const Redactor& redactor);
  Result<void> record(const llm::Call& call) override;

 private:
  std::shared_ptr<llm::Recorder> file_;
};

/// Where calls of models go, are answered from and are kept. Its clients share the recorder.
struct ModelSource {
  /// Errors: input, with the problems of .openexpertise/config.yaml; those of cassette_of().
  static Result<ModelSource> open(const Session& session, const ModelFlags& flags,
                                  std::shared_ptr<llm::Recorder> recorder);
  /// A client for a workflow, whose own models win over those that are configured. The loop and the host must outlive
  /// it.
  std::shared_ptr<llm::Client> client(sys::EventLoop& loop, sys::ProcessHost& processes, const graph::Models& own,
                                      const std::filesystem::path& directory) const;

  graph::Models configured;  ///< in .openexpertise/config.yaml
  std::string provider;
  std::shared_ptr<const llm::Cassette> replay;
  std::shared_ptr<llm::Recorder> recorder;
};

/// Whether somebody has said which model to ask: on the command line, in the configuration or in the workflow of the
/// newest run. A key in the environment alone says nothing of that.
Result<bool> has_model(const Session& session, const ModelSource& source);

}  // namespace oe::cli
