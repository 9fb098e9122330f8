#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "oe/exec/executor.hpp"

#include "exec/module_tools.hpp"
#include "exec/program_tools.hpp"
#include "exec/tool_report.hpp"

namespace oe::exec {

namespace {

bool is_module(const std::filesystem::path& file) {
  const auto extension = file.extension();
  return extension == ".mjs" || extension == ".js" || extension == ".cjs";
}

/// Where the files of tools are: the path of each is put together once, as nodes share tools.
class ToolFiles {
 public:
  /// Looks every time whether it is there. Errors: input, when it is not.
  Result<std::filesystem::path> find(const AttemptSpec& spec) {
    const auto* tool = std::get_if<graph::Tool>(&spec.work->work);
    if (tool == nullptr) return fail(ErrorKind::bug, fmt::format("node '{}' is not a tool", spec.node.text));
    const std::filesystem::path& file = path_of(spec.directory, tool->impl);
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored)) return file;
    return fail(ErrorKind::input, fmt::format("there is no tool file '{}'", tool->impl),
                fmt::format("it would be {}", file.string()));
  }

 private:
  const std::filesystem::path& path_of(const std::filesystem::path& directory, const std::string& impl) {
    auto [entry, is_new] = paths_.try_emplace({directory.native(), impl});
    std::error_code ignored;
    if (is_new) entry->second = std::filesystem::absolute(directory / impl, ignored).lexically_normal();
    return entry->second;
  }

  std::map<std::pair<std::string, std::string>, std::filesystem::path> paths_;  ///< by directory and name
};

/// Finds the file of a tool and hands the call to those who can make it.
class ToolExecutor final : public Executor, public std::enable_shared_from_this<ToolExecutor> {
 public:
  explicit ToolExecutor(Services services)
      : loop_(services.loop),
        modules_(std::make_shared<ModuleTools>(services)),
        programs_(std::make_shared<ProgramTools>(services)) {}

  std::uint64_t start(const AttemptSpec& spec, Done done, Activity activity) override {
    const std::uint64_t id = ++last_id_;
    Result<std::filesystem::path> file = files_.find(spec);
    if (!file) {
      fail_later(std::move(done), failed_report(file.error().to_string()));
      return id;
    }
    ToolCall call{id, std::move(*file), spec, std::move(done), std::move(activity)};
    is_module(call.file) ? modules_->start(std::move(call)) : programs_->start(std::move(call));
    return id;
  }

  void cancel(std::uint64_t attempt) override {
    modules_->cancel(attempt);
    programs_->cancel(attempt);
  }

 private:
  void fail_later(Done done, AttemptReport report) {
    loop_.post([self = weak_from_this(), done = std::move(done), report = std::move(report)] {
      if (self.lock()) done(report);
    });
  }

  sys::EventLoop& loop_;
  ToolFiles files_;
  std::shared_ptr<ModuleTools> modules_;
  std::shared_ptr<ProgramTools> programs_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::shared_ptr<Executor> make_tool_executor(Services services) {
  return std::make_shared<ToolExecutor>(services);
}

}  // namespace oe::exec
