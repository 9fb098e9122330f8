#include "fuzz/patch_input.hpp"

#include <array>

#include "oe/base/text.hpp"

namespace oe::fuzz {

namespace {

constexpr char kSeparator = '\x1E';
constexpr std::size_t kMostFiles = 8;
constexpr std::array kGates = {PatchInput::Gate::none, PatchInput::Gate::even, PatchInput::Gate::nothing};

}  // namespace

PatchInput patch_input(std::string_view bytes) {
  const std::vector<std::string> fields = split(bytes, kSeparator);
  const auto field = [&](std::size_t at) { return at < fields.size() ? fields[at] : std::string(); };
  PatchInput input;
  if (!field(0).empty()) input.gate = kGates[static_cast<unsigned char>(field(0).front()) % kGates.size()];
  input.target = field(1);
  input.text = field(2);
  for (std::size_t at = 3; at < fields.size() && input.files.size() < kMostFiles; at += 2) {
    if (!fields[at].empty()) input.files.emplace(fields[at], field(at + 1));
  }
  return input;
}

std::string bytes_of(const PatchInput& input) {
  std::string bytes;
  for (std::size_t i = 0; i < kGates.size(); ++i) {
    if (kGates[i] == input.gate) bytes += static_cast<char>('0' + i);  // '0' is a multiple of 3
  }
  bytes += kSeparator + input.target + kSeparator + input.text;
  for (const auto& [path, content] : input.files) bytes += kSeparator + path + kSeparator + content;
  return bytes;
}

}  // namespace oe::fuzz
