#pragma once

#include <string>
#include <utility>
#include <vector>

#include "oe/base/problem.hpp"

namespace oe {

/// What kind of failure an Error is; decides the exit code and nothing else.
enum class ErrorKind {
  failed,       ///< the run or the validation failed
  usage,        ///< the command line makes no sense
  input,        ///< a file that the user wrote cannot be used
  environment,  ///< git, the file system, a missing program, trust
  waiting,      ///< a human has to answer first
  bug,          ///< oe broke its own rules
  interrupted,  ///< a signal ended it
};

/// The process exit code of each kind. The numbers are part of the interface and never change.
constexpr int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed:
      return 1;
    case ErrorKind::usage:
      return 2;
    case ErrorKind::input:
      return 3;
    case ErrorKind::environment:
      return 4;
    case ErrorKind::waiting:
      return 5;
    case ErrorKind::bug:
      return 70;
    case ErrorKind::interrupted:
      return 130;
  }
  return 70;
}

/// Why oe could not do its work. A node that fails is not an Error but an Outcome.
class Error {
 public:
  Error(ErrorKind kind, std::string message, std::string hint = {})
      : kind_(kind), message_(std::move(message)), hint_(std::move(hint)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const Location& location() const { return location_; }
  const Problems& problems() const { return problems_; }

  Error&& at(Location location) && {
    location_ = std::move(location);
    return std::move(*this);
  }
  /// Attaches the located problems that make up this error; they are printed one line each.
  Error&& with(Problems problems) && {
    problems_ = std::move(problems);
    return std::move(*this);
  }
  /// Adds what was being done, outermost last: "cannot read x: while loading y".
  Error&& while_(std::string doing) && {
    context_.push_back(std::move(doing));
    return std::move(*this);
  }

  /// Everything on as many lines as needed: message, context, problems, hint. No trailing newline.
  std::string to_string() const;

 private:
  ErrorKind kind_;
  std::string message_;
  std::string hint_;
  Location location_;
  Problems problems_;
  std::vector<std::string> context_;
};

}  // namespace oe
