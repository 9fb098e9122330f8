#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "oe/base/text.hpp"
#include "oe/evolve/policy.hpp"
#include "oe/sys/file.hpp"

namespace oe::evolve {

namespace {

constexpr const char* kPolicyFile = ".openexpertise/policy.yaml";
constexpr doc::Limits kPolicyFileLimits = {.bytes = std::size_t{256} << 10, .depth = 8, .nodes = 5000, .aliases = 10};
constexpr std::int64_t kMostOfALimit = std::int64_t{1} << 30;

/// Reads the located tree member by member and collects what is wrong.
class PolicyReader {
 public:
  explicit PolicyReader(const doc::Document& document) : document_(document) {}

  Result<Policy> read() && {
    const doc::Node& root = document_.root();
    if (is_mapping(root, ""))
      for (const doc::Member& member : root.members) read_member(member);
    if (problems_.empty()) return policy_;
    return fail(Error(ErrorKind::input, "the policy cannot be used").with(std::move(problems_)));
  }

 private:
  void problem(const doc::Node& node, const std::string& path, std::string message, std::string hint = {}) {
    problems_.push_back(
        {.where = document_.locate(node.span.begin, path), .message = std::move(message), .hint = std::move(hint)});
  }
  void unknown(const doc::Node& key, const std::string& path, std::span<const std::string> known) {
    const std::string near = did_you_mean(key.text, known);
    problem(key, path, fmt::format("unknown key '{}'", ellipsis(key.text, 60)),
            near.empty() ? "known are " + join(known, ", ") : near);
  }
  bool is_mapping(const doc::Node& node, const std::string& path) {
    if (node.resolved().kind == doc::NodeKind::mapping) return true;
    problem(node, path, "must be a mapping");
    return false;
  }

  void read_member(const doc::Member& member) {
    static const std::vector<std::string> kKeys = {"allow", "deny", "lift", "limits"};
    const std::string path = "/" + doc::pointer_token(member.key.text);
    if (member.key.text == "allow") {
      policy_.allow = globs(member.value, path);
    } else if (member.key.text == "deny") {
      policy_.deny = globs(member.value, path);
    } else if (member.key.text == "lift") {
      policy_.lift = lifted(member.value, path);
    } else if (member.key.text == "limits") {
      read_limits(member.value, path);
    } else {
      unknown(member.key, path, kKeys);
    }
  }

  // Takes the texts that `fits` gives no fault for.
  template <class Fault>
  std::vector<std::string> texts(const doc::Node& node, const std::string& path, const Fault& fault) {
    std::vector<std::string> found;
    if (node.resolved().kind != doc::NodeKind::sequence) {
      problem(node, path, "must be a list of strings", "write it as [a, b]");
      return found;
    }
    for (const doc::Node& item : node.resolved().items) {
      const std::string place = fmt::format("{}/{}", path, &item - node.resolved().items.data());
      const Value value = doc::to_value(item);
      if (!value.is_string()) {
        problem(item, place, "must be a string", "put it in quotes");
      } else if (const auto [message, hint] = fault(value.string_or("")); !message.empty()) {
        problem(item, place, message, hint);
      } else {
        found.push_back(value.string_or(""));
      }
    }
    return found;
  }

  using Complaint = std::pair<std::string, std::string>;

  std::vector<std::string> globs(const doc::Node& node, const std::string& path) {
    return texts(node, path, [](const std::string& glob) -> Complaint {
      for (const std::string& part : split(glob, '/')) {
        if (part.empty() || part == "." || part == "..") {
          return {fmt::format("'{}' can fit no path", ellipsis(glob, 60)),
                  "paths are relative to the workflow's directory, without '.' and '..': tools/**"};
        }
      }
      return {};
    });
  }
  std::vector<std::string> lifted(const doc::Node& node, const std::string& path) {
    return texts(node, path, [](const std::string& name) -> Complaint {
      const auto& names = default_denials();
      if (std::find(names.begin(), names.end(), name) != names.end()) return {};
      const std::string near = did_you_mean(name, names);
      return {fmt::format("'{}' is not denied by default", ellipsis(name, 60)),
              near.empty() ? "docs/policy.md lists what is; all else cannot be lifted" : near};
    });
  }

  void read_limits(const doc::Node& node, const std::string& path) {
    static const std::vector<std::string> kOperations = {"tune-param", "add-node", "add-dataset-case", "revert"};
    const std::array<PatchLimits*, 4> limits = {&policy_.tune_param, &policy_.add_node, &policy_.add_dataset_case,
                                                &policy_.revert};
    if (!is_mapping(node, path)) return;
    for (const doc::Member& member : node.resolved().members) {
      const std::string place = path + "/" + doc::pointer_token(member.key.text);
      const auto operation = std::find(kOperations.begin(), kOperations.end(), member.key.text);
      if (operation == kOperations.end())
        unknown(member.key, place, kOperations);
      else
        read_limits_of(*limits.at(static_cast<std::size_t>(operation - kOperations.begin())), member.value, place);
    }
  }
  void read_limits_of(PatchLimits& limits, const doc::Node& node, const std::string& path) {
    static const std::vector<std::string> kLimits = {"files", "lines", "diff_bytes", "file_bytes"};
    const std::array<std::size_t*, 4> places = {&limits.files, &limits.lines, &limits.diff_bytes, &limits.file_bytes};
    if (!is_mapping(node, path)) return;
    for (const doc::Member& member : node.resolved().members) {
      const std::string place = path + "/" + doc::pointer_token(member.key.text);
      const auto limit = std::find(kLimits.begin(), kLimits.end(), member.key.text);
      if (limit == kLimits.end())
        unknown(member.key, place, kLimits);
      else
        read_number(*places.at(static_cast<std::size_t>(limit - kLimits.begin())), member.value, place);
    }
  }
  void read_number(std::size_t& number, const doc::Node& node, const std::string& path) {
    const Value value = doc::to_value(node);
    const nlohmann::json& json = value.json();
    if (json.is_number_integer() && json >= 0 && json <= kMostOfALimit)
      number = json.get<std::size_t>();
    else
      problem(node, path, fmt::format("must be a whole number from 0 to {}", kMostOfALimit));
  }

  const doc::Document& document_;
  Policy policy_;
  Problems problems_;
};

bool says_nothing(std::string_view text) {
  for (const std::string& line : split(text, '\n')) {
    const std::string_view content = trim(line);
    if (!content.empty() && !content.starts_with('#')) return false;
  }
  return true;
}

}  // namespace

Result<Policy> parse_policy(std::string text, std::string name) {
  if (says_nothing(text)) return Policy();
  OE_TRY(const doc::Document document, doc::Document::parse(std::move(text), std::move(name), kPolicyFileLimits));
  return PolicyReader(document).read();
}

Result<Policy> read_policy(const git::Repository& repository, const git::Oid& base, const std::filesystem::path& root) {
  OE_TRY(const auto committed, repository.read(base, kPolicyFile));
  if (committed) return parse_policy(committed->bytes, kPolicyFile);
  const std::filesystem::path file = root / kPolicyFile;
  std::error_code ignored;
  if (std::filesystem::symlink_status(file, ignored).type() == std::filesystem::file_type::not_found) return Policy();
  OE_TRY(std::string text, sys::read_file(file, kPolicyFileLimits.bytes));
  return parse_policy(std::move(text), kPolicyFile);
}

}  // namespace oe::evolve
