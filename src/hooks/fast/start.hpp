#pragma once

#include "hooks/fast/place.hpp"

namespace oe::hooks::fast {

/// What `oe` said, or why it said nothing.
enum class Answer { fine, stop, broken, late };

/// The `oe` to start: beside this program when that has its own name, else on PATH, else the one noted when the hooks
/// were installed (<common git dir>/oe/program). False when there is none.
bool find_oe(Path& oe, const Place& place, bool is_beside);

/// Runs `oe hooks run <arguments>` with the environment of the hook and waits, `seconds` at most. `arguments` ends with
/// nullptr. `stop` is its exit code 1, and nothing else. With `input` that descriptor becomes its standard input.
Answer ask_oe(const Path& oe, char* const* arguments, unsigned seconds, int input = -1);

/// Starts `oe hooks background <event>` in a session of its own, without anything of this process: no descriptor, nothing that
/// git says in the environment of a hook.
void start_background(const Path& oe, const char* event);

}  // namespace oe::hooks::fast
