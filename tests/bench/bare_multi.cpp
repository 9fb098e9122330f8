#include "bench/bare_multi.hpp"

#include <algorithm>
#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace {

struct Bare {
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  long timeout = -1;
  CURLM* multi = curl_multi_init();
};

int on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
  const auto& bare = *static_cast<Bare*>(self);
  if (what == CURL_POLL_REMOVE) return epoll_ctl(bare.epoll, EPOLL_CTL_DEL, socket, nullptr), 0;
  epoll_event event{};
  event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
  event.data.fd = socket;
  epoll_ctl(bare.epoll, known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  curl_multi_assign(bare.multi, socket, self);
  return 0;
}

int on_timer(CURLM*, long milliseconds, void* self) {
  static_cast<Bare*>(self)->timeout = milliseconds;
  return 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

void wait_and_act(Bare& bare) {
  epoll_event events[64];
  int running = 0;
  const int ready =
      epoll_wait(bare.epoll, events, 64, static_cast<int>(std::min(bare.timeout < 0 ? 1000 : bare.timeout, 1000L)));
  if (ready == 0) curl_multi_socket_action(bare.multi, CURL_SOCKET_TIMEOUT, 0, &running);
  for (int i = 0; i < ready; ++i) {
    const int mask = ((events[i].events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                     ((events[i].events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(bare.multi, events[i].data.fd, mask, &running);
  }
}

}  // namespace

std::size_t bare_multi(const std::string& url, const std::vector<std::string>& headers, const std::string& body,
                       std::size_t calls, std::size_t at_once) {
  Bare bare;
  curl_slist* list = nullptr;
  for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
  curl_multi_setopt(bare.multi, CURLMOPT_SOCKETFUNCTION, &on_socket);
  curl_multi_setopt(bare.multi, CURLMOPT_SOCKETDATA, &bare);
  curl_multi_setopt(bare.multi, CURLMOPT_TIMERFUNCTION, &on_timer);
  curl_multi_setopt(bare.multi, CURLMOPT_TIMERDATA, &bare);
  curl_multi_setopt(bare.multi, CURLMOPT_MAXCONNECTS, static_cast<long>(at_once));
  std::size_t started = 0;
  std::size_t ended = 0;
  std::size_t good = 0;
  const auto start = [&] {
    CURL* easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    auto* answer = new std::string;
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, answer);
    curl_multi_add_handle(bare.multi, easy);
    ++started;
  };
  while (ended < calls) {
    while (started < calls && started - ended < at_once) start();
    wait_and_act(bare);
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(bare.multi, &left)) {
      CURL* easy = message->easy_handle;
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      good += status == 200 ? 1U : 0U;
      std::string* answer = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &answer);
      curl_multi_remove_handle(bare.multi, easy);
      curl_easy_cleanup(easy);
      delete answer;
      ++ended;
    }
  }
  curl_multi_cleanup(bare.multi);
  curl_slist_free_all(list);
  close(bare.epoll);
  return good;
}
