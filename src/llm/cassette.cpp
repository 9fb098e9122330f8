#include <algorithm>
#include <fmt/core.h>
#include <system_error>

#include "oe/base/text.hpp"
#include "oe/llm/tape.hpp"
#include "oe/sys/file.hpp"

namespace oe::llm {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostBytes = std::size_t{2} << 30;

/// The last line when no newline ends it and it is no JSON: whoever wrote it was killed in the middle.
bool is_torn(std::string_view line, bool is_last) {
  return is_last && !Value::parse(line);
}

Error broken_line(const fs::path& file, std::uint32_t number, const Error& cause) {
  return Error(ErrorKind::input, "broken call: " + cause.message(), cause.hint())
      .at({.file = file.string(), .line = number});
}

Result<void> add_file(Cassette& cassette, const fs::path& file) {
  OE_TRY(const std::string bytes, sys::read_file(file, kMostBytes));
  std::string_view rest = bytes;
  for (std::uint32_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = trim(rest.substr(0, end));
    const bool is_last = end == std::string_view::npos;
    rest = is_last ? std::string_view() : rest.substr(end + 1);
    if (line.empty()) continue;
    Result<Call> call = parse_call(line);
    if (!call && is_torn(line, is_last)) break;
    if (!call) return fail(broken_line(file, number, call.error()));
    cassette.add(std::move(*call));
  }
  return {};
}

Result<std::vector<fs::path>> files_of(const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) return std::vector{path};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path, code))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  if (code) return fail(ErrorKind::environment, fmt::format("cannot read {}: {}", path.string(), code.message()));
  std::ranges::sort(files);
  return files;
}

std::string_view without_attempt(std::string_view place) {
  return place.substr(0, place.rfind('#'));
}

}  // namespace

Result<std::shared_ptr<const Cassette>> Cassette::load(const fs::path& path) {
  const auto cassette = std::make_shared<Cassette>();
  OE_TRY(const std::vector<fs::path> files, files_of(path));
  for (const fs::path& file : files) OE_CHECK(add_file(*cassette, file));
  return std::shared_ptr<const Cassette>(cassette);
}

void Cassette::add(Call call) {
  by_digest_.emplace(call.digest, calls_.size());
  by_place_.emplace(call.place, calls_.size());
  calls_.push_back(std::move(call));
}

const Call* Cassette::find(const std::string& digest, const std::string& place) const {
  const Call* elsewhere = nullptr;
  const auto [first, last] = by_digest_.equal_range(digest);
  for (auto at = last; at != first;) {
    const Call& call = calls_[(--at)->second];
    if (call.place == place) return &call;
    if (elsewhere == nullptr && call.answer.ending == Ending::answered) elsewhere = &call;
  }
  const Call* for_all = newest_at(place, [](const Call& call) { return call.digest.empty(); });
  return for_all != nullptr ? for_all : elsewhere;
}

const Call* Cassette::at(const std::string& place) const {
  return newest_at(place, [](const Call&) { return true; });
}

const Call* Cassette::newest_at(const std::string& place, bool (*fits)(const Call&)) const {
  for (const std::string_view name : {std::string_view(place), without_attempt(place)}) {
    const auto [first, last] = by_place_.equal_range(name);
    for (auto at = last; at != first && !name.empty();) {
      const Call& call = calls_[(--at)->second];
      if (fits(call)) return &call;
    }
  }
  return nullptr;
}

}  // namespace oe::llm
