#include "sys/child.hpp"

#include <algorithm>
#include <array>
#include <csignal>

#include "sys/spawn.hpp"

namespace oe::sys {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// How long others of the tree may go on after the root has exited.
constexpr std::chrono::milliseconds kLinger{200};
constexpr std::chrono::milliseconds kTick{10};
/// After SIGKILL; then what cannot be killed is left alone.
constexpr std::chrono::seconds kPatience{5};
/// Reads in a row before the others on the loop get their turn.
constexpr int kReadsPerTurn = 16;
/// By which programs end when they crash or are killed. Not SIGHUP: git's status for a wrong option is 129.
constexpr std::array kDeadly{SIGILL,  SIGTRAP, SIGABRT, SIGBUS,  SIGFPE,  SIGKILL,
                             SIGSEGV, SIGSYS,  SIGPIPE, SIGTERM, SIGXCPU, SIGXFSZ};
/// What shells and other wrappers add to the number of a signal.
constexpr int kSignalStatus = 128;

void take_signal_from_status(ProcessExit& exit) {
  const int signal = exit.code.value_or(0) - kSignalStatus;
  if (std::ranges::find(kDeadly, signal) == kDeadly.end()) return;
  exit.code.reset();
  exit.signal = signal;
}

}  // namespace

/// The descriptors of a child that is being started; those for the child are closed once it has them.
struct Child::Ends {
  Pipe in;
  Pipe out;
  Pipe err;
  Pipe reply;

  static Result<Ends> make(const ProcessSpec& spec) {
    Ends ends;
    if (spec.keep_input_open || !spec.input.empty()) {
      OE_TRY(ends.in, make_pipe());
    }
    OE_TRY(ends.out, make_pipe());
    OE_TRY(ends.err, make_pipe());
    if (spec.reply_pipe) {
      OE_TRY(ends.reply, make_pipe());
    }
    return ends;
  }
};

Child::Child(HostContext& host, ProcessSpec spec, ProcessEvents events)
    : host_(host), spec_(std::move(spec)), events_(std::move(events)) {}

Result<void> Child::start(const std::filesystem::path& program, const std::string& tree_entry) {
  OE_TRY(Ends ends, Ends::make(spec_));
  const SpawnRequest request{.spec = spec_,
                             .program = program,
                             .tree_entry = tree_entry,
                             .in = ends.in.read_end ? ends.in.read_end.get() : host_.no_input.get(),
                             .out = ends.out.write_end.get(),
                             .err = ends.err.write_end.get(),
                             .reply = ends.reply.write_end.get()};
  started_ = SteadyClock::now();
  OE_TRY(Spawned spawned, spawn(request));
  tree_.emplace(host_.orphans, host_.guard ? &host_.guard->roots() : nullptr, spawned.pid, tree_entry);
  auto connected = connect(std::move(ends), std::move(spawned.pidfd));
  if (!connected) abandon();
  return connected;
}

Result<void> Child::connect(Ends ends, UniqueFd pidfd) {
  OE_TRY(pidfd_, Watch::open(host_.loop, std::move(pidfd)));
  wait_for_root();
  OE_CHECK(listen(out_, std::move(ends.out.read_end), &Child::take_out));
  OE_CHECK(listen(err_, std::move(ends.err.read_end), &Child::take_err));
  if (ends.reply.read_end) OE_CHECK(listen(reply_, std::move(ends.reply.read_end), &Child::take_reply));
  ends.in.read_end.reset();
  if (ends.in.write_end) feed(std::move(ends.in.write_end));
  limit_time();
  return {};
}

void Child::limit_time() {
  if (!spec_.timeout) return;
  timeout_ = host_.loop.after(*spec_.timeout, [weak = weak_from_this()] {
    if (auto self = weak.lock(); self && self->stage_ == Stage::running) {
      self->exit_.timed_out = true;
      self->end();
    }
  });
}

void Child::feed(UniqueFd input) {
  input_.emplace(host_.loop, std::move(input));
  input_->write(spec_.input);
  spec_.input.clear();
  if (!spec_.keep_input_open) input_->finish();
}

void Child::write(std::string_view bytes) {
  if (input_ && stage_ != Stage::gone) input_->write(bytes);
}

void Child::close_input() {
  if (input_) input_->finish();
}

std::function<void()> Child::later(void (Child::*method)()) {
  return [weak = weak_from_this(), method] {
    if (auto self = weak.lock()) (self.get()->*method)();
  };
}

Result<void> Child::listen(Output& output, UniqueFd fd, Take take) {
  OE_TRY(output.watch, Watch::open(host_.loop, std::move(fd)));
  output.take = take;
  wait_for(output);
  return {};
}

void Child::wait_for(Output& output) {
  output.watch.when_readable([weak = weak_from_this(), &output] {
    auto self = weak.lock();
    if (!self) return;
    self->read(output);
    if (output.watch.is_open()) return self->wait_for(output);
    self->settle_later();
  });
}

void Child::read(Output& output) {
  std::vector<char>& buffer = host_.read_buffer;
  for (int reads = 0; output.watch.is_open() && reads < kReadsPerTurn; ++reads) {
    const ssize_t got = uninterrupted([&] { return ::read(output.watch.fd(), buffer.data(), buffer.size()); });
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return output.watch.close();
    const auto count = static_cast<std::size_t>(got);
    (this->*output.take)({buffer.data(), count});
    if (count < buffer.size() && pidfd_.is_open()) return;  // drained; its end comes as an event of its own
  }
}

// Past the limit reading goes on, so that the tree can end in good order, but nothing more is kept.
void Child::keep(std::string& kept, std::string_view bytes) {
  const std::size_t room = spec_.max_output - std::min(kept.size(), spec_.max_output);
  kept.append(bytes.substr(0, room));
  if (bytes.size() > room) over_limit();
}

void Child::take_out(std::string_view bytes) {
  if (!events_.on_line) return keep(exit_.out, bytes);
  if (exit_.over_limit) return;
  lines_.take(bytes, unless_abandoned(events_.on_line));
  if (lines_.pending() > spec_.max_output) over_limit();
}

void Child::take_err(std::string_view bytes) {
  if (events_.on_error_line && !exit_.over_limit) error_lines_.take(bytes, unless_abandoned(events_.on_error_line));
  keep(exit_.err, bytes);
}

void Child::take_reply(std::string_view bytes) {
  if (!events_.on_reply || exit_.over_limit) return;
  reply_lines_.take(bytes, unless_abandoned(events_.on_reply));
  if (reply_lines_.pending() > spec_.max_output) over_limit();
}

// A line may make the owner destroy the process: then the rest is nobody's any more.
LineCutter::OnLine Child::unless_abandoned(const LineCutter::OnLine& on_line) {
  return [this, &on_line](std::string_view line) {
    if (!abandoned_) on_line(line);
  };
}

bool Child::outputs_are_closed() const {
  return !out_.watch.is_open() && !err_.watch.is_open() && !reply_.watch.is_open();
}

void Child::wait_for_root() {
  pidfd_.when_readable(later(&Child::root_exited));
}

void Child::root_exited() {
  if (!tree_->reap_root(exit_)) return wait_for_root();
  if (spec_.tells_signals_by_status) take_signal_from_status(exit_);
  exit_.duration = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - started_);
  pidfd_.close();
  for (Output* output : {&out_, &err_, &reply_}) read(*output);
  settle_later();
}

void Child::over_limit() {
  if (stage_ != Stage::running && stage_ != Stage::lingering) return;
  exit_.over_limit = true;
  end();
}

void Child::cancel() {
  if (stage_ != Stage::running && stage_ != Stage::lingering) return;
  exit_.cancelled = true;
  end();
}

void Child::end() {
  stage_ = Stage::ending;
  deadline_ = SteadyClock::now() + spec_.grace;
  tree_->signal(SIGTERM);
  tick_later();
}

// After all that is ready now: with thousands in flight a look for each that ends would be quadratic.
void Child::settle_later() {
  if (stage_ == Stage::gone || !tree_->root_is_reaped() || std::exchange(settling_, true)) return;
  if (host_.settling.empty())
    host_.loop.post([&host = host_, life = std::weak_ptr(host_.life)] {
      if (life.lock()) settle_all(host);
    });
  host_.settling.push_back(weak_from_this());
}

void Child::settle_all(HostContext& host) {
  host.orphans.look();
  for (const auto& waiting : std::exchange(host.settling, {}))
    if (const auto child = waiting.lock()) child->settle();
}

// The tree is gone when its root was reaped and nobody is left; while it dies by itself, its output is read to the end.
void Child::settle() {
  settling_ = false;
  if (stage_ == Stage::gone || !tree_->root_is_reaped()) return;
  const bool alone = tree_->survivors().empty();
  if (alone && (stage_ == Stage::ending || outputs_are_closed())) return finish();
  if (stage_ != Stage::running) return;
  stage_ = Stage::lingering;
  deadline_ = SteadyClock::now() + kLinger;
  tick_later();
}

void Child::tick() {
  tick_.reset();
  const auto now = SteadyClock::now();
  if (stage_ == Stage::lingering && now >= deadline_) end();
  if (stage_ == Stage::ending && now >= deadline_) tree_->signal(SIGKILL);
  settle_later();
  if (stage_ == Stage::ending && now >= deadline_ + kPatience) finish();
  if (stage_ != Stage::gone) tick_later();
}

void Child::tick_later() {
  if (!tick_) tick_ = host_.loop.after(kTick, later(&Child::tick));
}

void Child::disconnect() {
  stage_ = Stage::gone;
  for (auto* timer : {&timeout_, &tick_})
    if (*timer) host_.loop.cancel(**timer);
  pidfd_.close();
  if (input_) input_->close();
  for (Output* output : {&out_, &err_, &reply_}) output->watch.close();
}

void Child::finish() {
  const auto self = shared_from_this();
  disconnect();
  host_.children.erase(this);
  if (events_.on_line && !exit_.over_limit) lines_.finish(unless_abandoned(events_.on_line));
  if (events_.on_error_line) error_lines_.finish(unless_abandoned(events_.on_error_line));
  if (events_.on_reply) reply_lines_.finish(unless_abandoned(events_.on_reply));
  tree_.reset();
  if (!abandoned_ && events_.on_exit) events_.on_exit(std::move(exit_));
}

void Child::abandon() {
  abandoned_ = true;
  if (stage_ == Stage::gone) return;
  const auto self = shared_from_this();
  disconnect();
  tree_->kill_now();
  tree_.reset();
  host_.children.erase(this);
}

}  // namespace oe::sys
