#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "oe/base/result.hpp"

#include "cli/io.hpp"
#include "cli/models.hpp"
#include "cli/reply.hpp"

namespace oe::cli {

// One options struct and one function a command. A function returns the exit code (0 or that of a run), or an Error,
// which main() prints.

struct InitOptions {
  std::string directory = ".";
  std::string template_name = "tool";
  bool list = false;
};
struct ValidateOptions {
  std::vector<std::string> paths;
  bool json = false;
};
struct RunOptions {
  std::string path = ".";
  std::vector<std::string> inputs;  ///< "k=v"
  std::string args;                 ///< a JSON object, or empty
  std::string input_file;           ///< "-": standard input
  std::optional<std::uint32_t> concurrency;
  std::string only;
  std::string from;
  std::optional<double> budget;  ///< US dollars
  ModelFlags models;
  bool no_cache = false;
  bool sandbox = false;
  bool dry_run = false;
  bool evolve = false;
  bool json = false;
};
struct ResumeOptions {
  std::string run = "last";
  std::optional<std::uint32_t> concurrency;
  ModelFlags models;
  bool no_cache = false;
  bool json = false;
};
struct AnswerOptions {
  std::string run = "last";
  std::string node;  ///< empty: list what waits
  std::vector<std::uint64_t> scope;
  std::optional<std::uint64_t> item;
  AnswerFlags flags;
  std::string note;
};
struct CacheListOptions {
  bool json = false;
};
struct CacheCollectOptions {
  std::uint32_t unused_days = 30;
  std::uint64_t max_mb = 1024;
};
struct CacheWhyOptions {
  std::string node;
  bool json = false;
};
struct CassetteExportOptions {
  std::string run = "last";
  std::string file;  ///< empty or "-": standard output
};
struct CassetteImportOptions {
  std::string file;
};
struct TrustOptions {
  std::string path = ".";
};
struct RunsOptions {
  std::size_t limit = 20;
  bool json = false;
};
struct ShowOptions {
  std::string run = "last";
  bool events = false;
  bool json = false;
};
struct StateOptions {
  std::string field;
  std::string run = "last";
};
struct DiffOptions {
  std::string before;
  std::string after;
  bool json = false;
};
struct EvolveCommandOptions {
  std::string directory = ".";  ///< in the repository
  std::vector<std::string> runs;
  std::size_t last = 0;  ///< 0: not given
  std::string since;     ///< "7d", "12h" or a date
  std::string advisor;   ///< "rules", "llm" or "both"; empty: rules, and the model when one is configured
  std::vector<std::string> limits;  ///< as evolve::add_limit() takes them
  std::uint32_t generations = 1;
  std::uint32_t tries = 1;
  ModelFlags models;
  bool json = false;
  bool dry_run = false;
  bool no_sandbox = false;
  bool signoff = false;
  bool no_verify = false;
};
struct SubmitOptions {
  std::string id;
  std::string remote;  ///< empty: as configured, else origin
  std::string base;    ///< branch; empty: as configured, else the default one of the remote
  bool draft = false;
  bool dry_run = false;
  bool all = false;
  bool refresh = false;
  bool json = false;
};
struct CommentOptions {
  std::uint64_t number = 0;
  std::string file = "-";  ///< "-": standard input
  std::string marker = "report";
  std::string remote;
  bool markdown = false;  ///< the text is trusted Markdown; else it is shown as it is
};
struct ProposalsOptions {
  bool all = false;
  bool refresh = false;  ///< asks the forge first
  bool calibration = false;
  bool json = false;
};
struct ProposalOptions {
  std::string id;
  bool json = false;
};
struct LineageOptions {
  std::string id;  ///< empty: all
  bool dot = false;
  bool json = false;
};
struct AcceptOptions {
  std::string id;
  bool pick = false;
  bool squash = false;
  bool merge = false;
  bool signoff = false;
  bool no_verify = false;
};
struct LogOptions {
  std::string path;  ///< empty: all of the repository
  std::size_t limit = 20;
  bool json = false;
};
struct BlameOptions {
  std::string path;  ///< "PATH" or "PATH#NODE"
  bool json = false;
};
struct BisectCommandOptions {
  std::string metric;
  std::string workflow;  ///< empty: that of the newest run
  std::string good;      ///< empty: the oldest commit that has runs
  std::string bad = "HEAD";
  std::vector<std::string> limits;  ///< as evolve::add_limit() takes them
  ModelFlags models;
  bool stored_only = false;
  bool no_sandbox = false;
  bool json = false;
};
struct RejectOptions {
  std::string id;
  std::string why;
};
struct RebaseOptions {
  std::string id;
  std::vector<std::string> limits;  ///< as evolve::add_limit() takes them
  ModelFlags models;
  bool no_sandbox = false;
  bool signoff = false;
  bool no_verify = false;
  bool json = false;
};
struct UndoOptions {
  bool list = false;
  bool json = false;
};
struct PatchOptions {
  std::string file;           ///< "-": standard input
  std::string base = "HEAD";  ///< a revision
  std::string target;         ///< empty: the text says it
  bool json = false;
  bool to_output = false;  ///< of apply: has to be given
};
struct HooksOptions {
  bool shared = false;
  bool force = false;
  bool json = false;
};
struct HookRunOptions {
  std::vector<std::string> words;  ///< the hook, and what git gives it
};
struct HookBackgroundOptions {
  std::string event;  ///< "commit" or "merge"
};
struct VerifyOptions {
  std::string revision = "HEAD";
  bool json = false;
};
struct SyncOptions {
  std::string way;     ///< "push" or "fetch"; empty: both
  std::string remote;  ///< empty: origin, or the only one
  bool runs = false;
  bool json = false;
};
struct GcOptions {
  unsigned unused_days = 30;
  std::optional<unsigned> run_days;  ///< nothing: runs stay
  bool dry_run = false;
  bool json = false;
};
struct DoctorOptions {
  bool json = false;
};

Result<int> init(Io& io, const InitOptions& options);
Result<int> validate(Io& io, const ValidateOptions& options);
Result<int> run(Io& io, const RunOptions& options);
Result<int> resume(Io& io, const ResumeOptions& options);
Result<int> answer(Io& io, const AnswerOptions& options);
Result<int> list_cache(Io& io, const CacheListOptions& options);
Result<int> collect_cache(Io& io, const CacheCollectOptions& options);
Result<int> explain_cache(Io& io, const CacheWhyOptions& options);
Result<int> export_cassette(Io& io, const CassetteExportOptions& options);
Result<int> import_cassette(Io& io, const CassetteImportOptions& options);
Result<int> trust(Io& io, const TrustOptions& options);
Result<int> runs(Io& io, const RunsOptions& options);
Result<int> show(Io& io, const ShowOptions& options);
Result<int> state(Io& io, const StateOptions& options);
Result<int> diff(Io& io, const DiffOptions& options);
Result<int> evolve(Io& io, const EvolveCommandOptions& options);
Result<int> proposals(Io& io, const ProposalsOptions& options);
Result<int> show_proposal(Io& io, const ProposalOptions& options);
Result<int> submit(Io& io, const SubmitOptions& options);
Result<int> lineage(Io& io, const LineageOptions& options);
Result<int> log(Io& io, const LogOptions& options);
Result<int> blame(Io& io, const BlameOptions& options);
Result<int> bisect(Io& io, const BisectCommandOptions& options);
Result<int> comment(Io& io, const CommentOptions& options);
Result<int> accept(Io& io, const AcceptOptions& options);
Result<int> reject(Io& io, const RejectOptions& options);
Result<int> rebase(Io& io, const RebaseOptions& options);
Result<int> undo(Io& io, const UndoOptions& options);
Result<int> rebuild_ledger(Io& io);
Result<int> check_patch(Io& io, const PatchOptions& options);
Result<int> apply_patch(Io& io, const PatchOptions& options);
Result<int> install_hooks(Io& io, const HooksOptions& options);
Result<int> show_hooks(Io& io, const HooksOptions& options);
Result<int> uninstall_hooks(Io& io, const HooksOptions& options);
Result<int> run_hook(Io& io, const HookRunOptions& options);
Result<int> serve_background(Io& io, const HookBackgroundOptions& options);
Result<int> verify(Io& io, const VerifyOptions& options);
Result<int> sync(Io& io, const SyncOptions& options);
Result<int> collect_garbage(Io& io, const GcOptions& options);
Result<int> doctor(Io& io, const DoctorOptions& options);

}  // namespace oe::cli
