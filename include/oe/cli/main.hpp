#pragma once

namespace oe::cli {

/// The whole program: parses the command line, runs one command, prints, and returns the exit code (see oe::exit_code).
int main(int argc, const char* const* argv);

}  // namespace oe::cli
