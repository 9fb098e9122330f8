#include "cli/evolve_desk.hpp"

namespace oe::cli {

namespace {

// Without a home nothing was ever trusted, and evolve() says what to type.
std::optional<ledger::TrustStore> trusted() {
  auto store = ledger::TrustStore::open();
  return store ? std::optional(std::move(*store)) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<EvolveDesk>> EvolveDesk::open(Session& session, const ModelFlags& flags,
                                                     evolve::CommandName name) {
  OE_TRY(Noted noted, open_noted(session, std::move(name)));
  OE_TRY(git::Identity identity, git::user_identity(session.place));
  auto calls = std::make_shared<LateRecorder>();
  OE_TRY(ModelSource models, ModelSource::open(session, flags, calls));
  return std::unique_ptr<EvolveDesk>(
      new EvolveDesk(session, std::move(noted), std::move(identity), std::move(calls), std::move(models)));
}

// The calls of one command are kept together, beside those of runs.
evolve::OpenModels EvolveDesk::opener() {
  const std::string id = "evolve-" + make_run_id(sys::system_clock().now(), 0).text;
  return
      [this, file = calls_file(session_.ledger, id)](sys::EventLoop& loop, sys::ProcessHost& processes,
                                                     const graph::Models& own, const std::filesystem::path& directory) {
        auto client = models_.client(loop, processes, own, directory);
        calls_->open(file, Redactor(client->keys()));
        return client;
      };
}

evolve::EvolveContext EvolveDesk::context(std::function<void(const std::string&)> progress) {
  return {.place = session_.place,
          .repository = *noted_.repository,
          .ledger = session_.ledger,
          .clock = sys::system_clock(),
          .identity = identity_,
          .progress = std::move(progress),
          .trust = trusted(),
          .models = opener(),
          .refs = noted_.journal.get()};
}

}  // namespace oe::cli
