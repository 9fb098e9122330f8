#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "oe/exec/executor.hpp"
#include "oe/sys/terminal_lines.hpp"

#include "cli/io.hpp"
#include "cli/reply.hpp"

namespace oe::cli {

/// Puts the questions of a run to whoever sits at the terminal, one after the other, and asks again on nonsense. Ctrl-D
/// puts a question off: its node waits.
class TerminalAsker : public exec::Asker {
 public:
  /// Reads lines from `fd`; `who` answers ("Name <mail>"). Errors: environment.
  static Result<std::unique_ptr<TerminalAsker>> open(Io& io, sys::EventLoop& loop, int fd, std::string who);

  std::optional<std::uint64_t> ask(const NodeId& node, const ledger::Question& question,
                                   std::function<void(std::optional<ledger::NodeAnswered>)> answer) override;
  void withdraw(std::uint64_t question) override;

 private:
  struct Pending {
    std::uint64_t number = 0;
    NodeId node;
    ledger::Question question;
    std::function<void(std::optional<ledger::NodeAnswered>)> answer;
    std::vector<FormField> fields;  ///< of a form
    std::size_t field = 0;          ///< that is asked for
    Value form = Value::object();   ///< so far
  };

  TerminalAsker(Io& io, sys::TerminalLines lines, std::string who)
      : io_(io), lines_(std::move(lines)), who_(std::move(who)) {}
  void put();
  void prompt();
  void take(const std::optional<std::string>& line);
  void take_field(const std::string& line);
  void again(const Error& error);
  void close(std::optional<Value> answer);

  Io& io_;
  sys::TerminalLines lines_;
  std::string who_;
  std::deque<Pending> pending_;  ///< the first is open
  std::uint64_t last_ = 0;
};

/// Whether somebody can be asked: standard input and output are a terminal that this process may read from now, and no
/// CI is at work.
bool somebody_is_there();

}  // namespace oe::cli
