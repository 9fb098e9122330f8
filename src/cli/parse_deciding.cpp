#include "cli/parser.hpp"

namespace oe::cli {

void add_deciding(Parser& parser) {
  CLI::App* accept = parser.app.add_subcommand("accept", "take a proposal onto the current branch");
  accept->add_option("id", parser.accept.id, "the start of its fingerprint, or its branch")->required();
  CLI::Option* pick = accept->add_flag("--pick", parser.accept.pick, "as a cherry-pick, also where a fast-forward would do");
  CLI::Option* squash = accept->add_flag("--squash", parser.accept.squash, "all that is on its branch, commits of others too, as one commit");
  CLI::Option* merge = accept->add_flag("--merge", parser.accept.merge, "with a merge commit; commits of others on its branch come along");
  pick->excludes(squash, merge);
  squash->excludes(merge);
  parser.on_chosen(accept, cli::accept, parser.accept);

  CLI::App* reject = parser.app.add_subcommand("reject", "delete a proposal's branch and never propose it again");
  reject->add_option("id", parser.reject.id, "the start of its fingerprint, or its branch")->required();
  reject->add_option("--why", parser.reject.why, "the reason, for the record")->required();
  parser.on_chosen(reject, cli::reject, parser.reject);
}

}  // namespace oe::cli
