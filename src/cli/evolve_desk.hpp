#pragma once

#include <memory>

#include "oe/evolve/evolve.hpp"

#include "cli/models.hpp"
#include "cli/noted.hpp"

namespace oe::cli {

/// What a command needs that proves proposals: models, trust, a repository whose ref writes are noted.
class EvolveDesk {
 public:
  /// The session must outlive it. Errors: environment, input (the models).
  static Result<std::unique_ptr<EvolveDesk>> open(Session& session, const ModelFlags& flags, evolve::CommandName name);

  const ModelSource& models() const { return models_; }
  /// Good as long as the desk.
  evolve::EvolveContext context(std::function<void(const std::string&)> progress);

 private:
  EvolveDesk(Session& session, Noted noted, git::Identity identity, std::shared_ptr<LateRecorder> calls,
             ModelSource models)
      : session_(session),
        noted_(std::move(noted)),
        identity_(std::move(identity)),
        calls_(std::move(calls)),
        models_(std::move(models)) {}
  evolve::OpenModels opener();

  Session& session_;
  Noted noted_;
  git::Identity identity_;
  std::shared_ptr<LateRecorder> calls_;
  ModelSource models_;
};

}  // namespace oe::cli
