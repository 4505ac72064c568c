// See mailbox.hpp.
#include "gateways/http/mailbox.hpp"

#include <spdlog/spdlog.h>

#include "gateways/http/response.hpp"

namespace wangge::http {

bool Mailbox::put(Letter letter) {
  if (io_.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
    deliver_(std::move(letter));
    return true;
  }
  bool first = false;
  {
    std::lock_guard const lock(mutex_);
    if (closed_) return false;
    first = letters_.empty();
    letters_.push_back(std::move(letter));
    if (first) wake_();  // under the lock: close() must not come between
  }
  return true;
}

void Mailbox::take(std::vector<Letter>& into) {
  into.clear();
  std::lock_guard const lock(mutex_);
  letters_.swap(into);
}

void Mailbox::close() {
  std::lock_guard const lock(mutex_);
  closed_ = true;
  letters_.clear();
  io_.store({});
}

namespace {

class Answer {
 public:
  Answer(std::shared_ptr<Mailbox> mailbox, Address to, std::string lang, std::string what)
      : mailbox_(std::move(mailbox)), to_(to), lang_(std::move(lang)), what_(std::move(what)) {}
  Answer(Answer const&) = delete;
  ~Answer() {
    if (used_.load(std::memory_order_relaxed)) return;
    if (mailbox_->put({Letter::Kind::reply, to_, problem(500, "internal", lang_)})) {
      spdlog::error("http: {} was dropped by its handler without an answer", what_);
    }
  }
  void give(Response r) {
    if (used_.exchange(true)) {
      spdlog::error("http: {} was answered twice; the second answer ({}) is ignored", what_, r.status);
      return;
    }
    mailbox_->put({Letter::Kind::reply, to_, std::move(r)});
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  Address to_;
  std::string lang_, what_;
  std::atomic<bool> used_{false};
};

class StreamHandle final : public Stream {
 public:
  explicit StreamHandle(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}
  ~StreamHandle() override { state_->close(); }
  bool send(std::string_view event, std::string_view data) override { return state_->send(event, data); }
  bool comment(std::string_view text) override { return state_->comment(text); }
  bool open() const override { return state_->open(); }
  void close() override { state_->close(); }

 private:
  std::shared_ptr<StreamState> state_;
};

}  // namespace

Reply make_reply(std::shared_ptr<Mailbox> mailbox, Address to, std::string lang, std::string what) {
  auto answer = std::make_shared<Answer>(std::move(mailbox), to, std::move(lang), std::move(what));
  return [answer = std::move(answer)](Response r) { answer->give(std::move(r)); };
}

std::shared_ptr<Stream> make_stream(std::shared_ptr<StreamState> state) {
  return std::make_shared<StreamHandle>(std::move(state));
}

template <class Write>
bool StreamState::add(Write write) {
  bool tell = false, fine = true;
  {
    std::lock_guard const lock(mutex_);
    if (!open()) return false;
    write(pending_);
    if (pending_.size() + in_flight_ > limit_) {
      overflow_ = true;
      open_ = fine = false;
    }
    tell = !told_ || !fine;  // a session that is stuck in a write must hear of the overflow
    told_ = true;
  }
  if (tell) mailbox_->put({Letter::Kind::stream, to_, {}});
  return fine;
}

bool StreamState::send(std::string_view event, std::string_view data) {
  return add([&](std::string& out) { write_event(out, event, data); });
}

bool StreamState::comment(std::string_view text) {
  return add([&](std::string& out) { write_comment(out, text); });
}

void StreamState::close() {
  bool tell = false;
  {
    std::lock_guard const lock(mutex_);
    if (end_ || overflow_) return;
    end_ = true;
    open_ = false;
    tell = !told_;
    told_ = true;
  }
  if (tell) mailbox_->put({Letter::Kind::stream, to_, {}});
}

StreamState::Taken StreamState::take() {
  std::lock_guard const lock(mutex_);
  told_ = false;
  Taken out{std::move(pending_), end_, overflow_};
  pending_.clear();
  in_flight_ = out.bytes.size();
  return out;
}

void StreamState::lost() {
  std::lock_guard const lock(mutex_);
  open_ = false;
  end_ = true;
  pending_.clear();
}

}  // namespace wangge::http
