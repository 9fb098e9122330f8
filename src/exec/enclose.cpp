#include "exec/enclose.hpp"

#include <utility>

#include "oe/exec/sandbox.hpp"

#include "exec/limits.hpp"

namespace oe::exec {

Result<void> enclose(sys::ProcessSpec& process, const AttemptSpec& spec, const std::filesystem::path& root) {
  if (spec.sandbox == nullptr) return {};
  OE_CHECK(sandbox_works());
  OE_TRY(process.argv, sandboxed(std::move(process.argv), *spec.sandbox, root, spec.directory));
  process.tells_signals_by_status = true;
  process.max_output = output_limit(spec.sandbox, process.max_output);
  return {};
}

}  // namespace oe::exec
