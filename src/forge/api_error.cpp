#include "forge/api_error.hpp"

#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "oe/base/redact.hpp"
#include "oe/base/text.hpp"
#include "oe/forge/quiet_text.hpp"
#include "oe/http/retry.hpp"
#include "oe/sys/clock.hpp"

#include "forge/web.hpp"

namespace oe::forge {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostWords = 300;

std::optional<std::int64_t> whole(const http::Headers& headers, std::string_view name) {
  const auto text = http::find(headers, name);
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

void gather(const Json& json, std::vector<std::string>& words) {
  if (json.is_string()) {
    words.push_back(json.get<std::string>());
  } else if (json.is_array()) {
    for (const Json& item : json) gather(item, words);
  } else if (json.is_object()) {
    const bool is_fault = json.contains("field") && json.contains("code") && !json.contains("message");
    if (is_fault) words.push_back(json.value("field", "") + " is " + json.value("code", ""));
    for (const auto& [name, member] : json.items())
      if (!is_fault && name != "documentation_url" && name != "url" && name != "code" && name != "resource" &&
          name != "field" && name != "status")
        gather(member, words);
  }
}

std::string permissions(Kind kind) {
  switch (kind) {
    case Kind::github:
      return "it needs to read Contents and to write Pull requests and Issues (classic: scope repo)";
    case Kind::gitlab:
      return "it needs the scope api and at least the role Developer";
    case Kind::gitea:
      break;
  }
  return "it needs the scopes write:repository and write:issue";
}

bool is_limit(const ApiAnswer& answer) {
  if (answer.status == 429) return true;
  if (answer.status != 403) return false;
  return http::find(answer.headers, "x-ratelimit-remaining") == "0" || http::find(answer.headers, "retry-after") ||
         words_of(answer.body).find("rate limit") != std::string::npos;
}

Error limited(const std::string& who, const ApiAnswer& answer) {
  const Timestamp now = sys::system_clock().now();
  const auto wait = limit_wait(answer, now);
  const std::string until = wait ? "until " + to_rfc3339(now + *wait) : "for a while";
  return {ErrorKind::environment, fmt::format("{} takes no more calls {} ({})", who, until, answer.status),
          "type the command again then; it goes on where it was"};
}

}  // namespace

std::optional<std::chrono::milliseconds> limit_wait(const ApiAnswer& answer, Timestamp now) {
  if (!is_limit(answer)) return std::nullopt;
  if (const auto asked = http::asked_wait(answer.headers, now)) return asked;
  for (const char* name : {"x-ratelimit-reset", "ratelimit-reset"}) {
    const auto reset = whole(answer.headers, name);
    if (reset && *reset > 0 && *reset < 100'000'000'000)
      return std::max(std::chrono::milliseconds(0), Timestamp(std::chrono::seconds(*reset)) - now);
  }
  return std::nullopt;
}

std::string words_of(const Value& body) {
  std::vector<std::string> words;
  if (body.is_object()) {
    for (const char* name : {"message", "error", "error_description", "errors"})
      if (body.json().contains(name)) gather(body.json().at(name), words);
  }
  return plain_line(join(words, "; "), kMostWords);
}

Error Api::error_of(const std::string& method, const ApiAnswer& answer) const {
  const std::string name(shown_name(place_.kind));
  const std::string who = fmt::format("{} at {}", name, host_of(place_.home.web));
  const std::string said = Redactor({place_.token.secret.reveal()}).text(words_of(answer.body));
  const std::string words = said.empty() ? "" : ": " + said;
  const std::string& source = place_.token.source;
  const auto error = [&](std::string message, std::string hint) {
    return Error(ErrorKind::environment, std::move(message), std::move(hint));
  };
  if (is_limit(answer)) return limited(who, answer);
  switch (answer.status) {
    case 401:
      return error(fmt::format("{} does not know the token of {}{}", who, source, words),
                   fmt::format("make a new one; {}", permissions(place_.kind)));
    case 403:
      return error(fmt::format("{} does not allow that to the token of {}{}", who, source, words),
                   permissions(place_.kind));
    case 404:
      return error(fmt::format("{} shows no {} to the token of {}{}", who, place_.home.project, source, words),
                   "git remote -v says where it should be; " + permissions(place_.kind));
    case 409:
    case 422:
    case 400:
      return error(fmt::format("{} refuses the {} ({}){}", who, method, answer.status, words),
                   "oe submit ID --dry-run prints what was sent");
    default:
      break;
  }
  if (answer.status >= 500)
    return error(fmt::format("{} is in trouble ({}){}", who, answer.status, words),
                 "type the command again later; it goes on where it was");
  return error(fmt::format("{} answered {}{}", who, answer.status, words), "is that the address of the forge?");
}

}  // namespace oe::forge
