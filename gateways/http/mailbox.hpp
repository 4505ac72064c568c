// What other threads hand to the I/O thread: finished replies and live streams with something to say. However many arrive
// together, the I/O thread is woken once. Knows no sockets; outlives the server, so that a late reply finds a closed box.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateways/http/http.hpp"

namespace wangge::http {

// Which request of which connection: serial numbers are never used twice, so a late letter reaches nobody else.
struct Address {
  std::uint32_t slot = 0;
  std::uint64_t serial = 0;
};

struct Letter {
  enum class Kind : std::uint8_t { reply, stream };
  Kind kind = Kind::reply;
  Address to;
  Response response;
};

class Mailbox {
 public:
  using Deliver = std::function<void(Letter&&)>;
  // `wake` makes the I/O thread call take(); `deliver` is used at once by letters written on that thread itself.
  Mailbox(std::function<void()> wake, Deliver deliver) : wake_(std::move(wake)), deliver_(std::move(deliver)) {}
  void own_thread() { io_.store(std::this_thread::get_id()); }
  bool put(Letter letter);  // false: the server is gone
  void take(std::vector<Letter>& into);
  void close();

 private:
  std::mutex mutex_;
  std::vector<Letter> letters_;
  bool closed_ = false;
  std::function<void()> wake_;
  Deliver deliver_;
  std::atomic<std::thread::id> io_{};
};

// The Reply a handler gets; its last copy gone unused answers 500.
Reply make_reply(std::shared_ptr<Mailbox> mailbox, Address to, std::string lang, std::string what);

// The half of a live stream that both sides hold. The session takes what is pending and says what it has written.
class StreamState {
 public:
  StreamState(std::shared_ptr<Mailbox> mailbox, Address to, std::size_t limit)
      : mailbox_(std::move(mailbox)), to_(to), limit_(limit) {}
  bool send(std::string_view event, std::string_view data);
  bool comment(std::string_view text);
  bool open() const { return open_.load(std::memory_order_relaxed); }
  void close();  // by the handler: what is pending is still written

  struct Taken {
    std::string bytes;
    bool end = false;       // nothing comes after these bytes
    bool overflow = false;  // the reader was too slow: cut it off
  };
  Taken take();
  bool overflowed() const { return overflow_.load(std::memory_order_relaxed); }
  void lost();  // by the session: the client is gone

 private:
  template <class Write>
  bool add(Write write);

  std::shared_ptr<Mailbox> mailbox_;
  Address to_;
  std::size_t limit_;
  std::atomic<bool> open_{true};
  std::mutex mutex_;
  std::string pending_;
  std::size_t in_flight_ = 0;
  bool told_ = false, end_ = false;
  std::atomic<bool> overflow_{false};
};

std::shared_ptr<Stream> make_stream(std::shared_ptr<StreamState> state);

}  // namespace wangge::http
