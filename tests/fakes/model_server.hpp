#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace oe::fakes {

/// tests/fakes/model_server.mjs (its head has the format of scripts), running as long as this object lives.
class ModelServer {
 public:
  /// `script` is JSON, as in the head of model_server.mjs; `arguments` are further ones of the server ("--tls").
  explicit ModelServer(const nlohmann::json& script = nlohmann::json::object(),
                       const std::vector<std::string>& arguments = {}) {
    start(arguments);
    if (!script.empty()) set_script(script);
  }
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;
  ~ModelServer() {
    ::close(input_);
    ::close(output_);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }

  int port() const { return port_; }
  /// "http://127.0.0.1:PORT/path" ("https://localhost:PORT/path" with --tls).
  std::string url(std::string_view path = "") const {
    const std::string origin = certificate_.empty() ? "http://127.0.0.1:" : "https://localhost:";
    return origin + std::to_string(port_) + std::string(path);
  }
  const std::string& certificate() const { return certificate_; }  ///< a file; only with --tls

  // These three block, and need a server without --tls.
  nlohmann::json log() const { return nlohmann::json::parse(exchange("GET", "/_log", "")); }
  nlohmann::json state() const { return nlohmann::json::parse(exchange("GET", "/_state", "")); }
  void set_script(const nlohmann::json& script) const { exchange("POST", "/_script", script.dump()); }

 private:
  void start(const std::vector<std::string>& arguments) {
    const std::string program = std::string(OE_SOURCE_DIR) + "/tests/fakes/model_server.mjs";
    std::vector<std::string> words{"node", program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return ADD_FAILURE() << "no pipes", void();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    const int error = ::posix_spawnp(&pid_, "node", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
    if (error != 0) return ADD_FAILURE() << "cannot start node", void();
    read_first_line();
  }

  void read_first_line() {
    std::string line;
    for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) line += c;
    const auto said = nlohmann::json::parse(line, nullptr, false);
    if (said.is_discarded()) return ADD_FAILURE() << "the model server did not start: " << line, void();
    port_ = said.at("port");
    certificate_ = said.value("certificate", "");
  }

  std::string exchange(const std::string& method, const std::string& path, const std::string& body) const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      ADD_FAILURE() << "the model server does not listen";
    const std::string request = method + " " + path +
                                " HTTP/1.0\r\nhost: 127.0.0.1\r\ncontent-length: " + std::to_string(body.size()) +
                                "\r\n\r\n" + body;
    for (std::size_t sent = 0; sent < request.size();) {
      const ssize_t count = ::send(fd, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) break;
      sent += static_cast<std::size_t>(count);
    }
    std::string reply;
    char piece[65536];
    for (ssize_t count = 0; (count = ::read(fd, piece, sizeof piece)) > 0;)
      reply.append(piece, static_cast<std::size_t>(count));
    ::close(fd);
    const std::size_t head = reply.find("\r\n\r\n");
    if (!reply.starts_with("HTTP/1.1 200") || head == std::string::npos) ADD_FAILURE() << "it answered: " << reply;
    return head == std::string::npos ? "null" : reply.substr(head + 4);
  }

  pid_t pid_ = 0;
  int input_ = -1;
  int output_ = -1;
  int port_ = 0;
  std::string certificate_;
};

}  // namespace oe::fakes
