#include "evolve/merge_text.hpp"

#include <fmt/core.h>

#include "oe/base/text.hpp"
#include "oe/git/exchange.hpp"
#include "oe/git/trailers.hpp"

#include "evolve/line.hpp"

namespace oe::evolve {

namespace {

constexpr std::size_t kLongestSubject = 300;

bool is_of_oe(const git::Trailer& trailer) {
  return trailer.key.starts_with("Oe-");
}

}  // namespace

Result<std::string> merge_message(const EvolveContext& context, const ledger::ProposalRecord& proposal) {
  OE_TRY(const git::Commit own, context.repository.commit({proposal.commit}));
  std::string message = fmt::format("Merge proposal {}: {}\n\n", proposal.fingerprint.text.substr(0, 8),
                                    one_line(proposal.made.title, kLongestSubject));
  for (const git::Trailer& trailer : git::trailers(own.message))
    if (is_of_oe(trailer)) message += fmt::format("{}: {}\n", trailer.key, trailer.value);
  return message;
}

Result<std::string> squash_message(const EvolveContext& context, const ledger::ProposalRecord& proposal,
                                   const git::Oid& tip) {
  OE_TRY(const git::Commit own, context.repository.commit({proposal.commit}));
  std::string message(trim(own.message));
  message += '\n';
  OE_TRY(const auto authors, git::authors_between(context.place, {proposal.made.base}, tip));
  for (const git::Identity& author : authors)
    if (author != context.identity && author != own.author)
      message += fmt::format("Co-authored-by: {} <{}>\n", author.name, author.email);
  return message;
}

}  // namespace oe::evolve
