// One thread between the link and the consoles, so that a slow screen never holds up the link.
#include "gateways/console/hint_streams.hpp"

namespace wangge::console {
namespace {

constexpr std::size_t kWaiting = 4096;  // more than this are dropped: they are only hints

}  // namespace

HintStreams::HintStreams(std::chrono::milliseconds heartbeat) : heartbeat_(heartbeat) {}

HintStreams::~HintStreams() { stop(); }

void HintStreams::start() {
  thread_ = std::thread([this] { run(); });
}

void HintStreams::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void HintStreams::add(core::Principal who, std::shared_ptr<http::Stream> stream) {
  std::lock_guard lock(mutex_);
  clients_.push_back({std::move(who.district), std::move(stream)});
}

void HintStreams::hint(link::Hint const& hint) {
  if (hint.cases.empty()) return;
  {
    std::lock_guard lock(mutex_);
    if (clients_.empty() || hints_.size() >= kWaiting) return;
    hints_.push_back(hint);
  }
  woken_.notify_all();
}

std::size_t HintStreams::connected() const {
  std::lock_guard lock(mutex_);
  return clients_.size();
}

void HintStreams::run() {
  auto next_beat = std::chrono::steady_clock::now() + heartbeat_;
  for (;;) {
    std::deque<link::Hint> hints;
    std::vector<Client> clients;
    {
      std::unique_lock lock(mutex_);
      woken_.wait_until(lock, next_beat, [this] { return stopping_ || !hints_.empty(); });
      std::erase_if(clients_, [](auto const& c) { return !c.stream->open(); });
      hints.swap(hints_);
      clients = clients_;
      if (stopping_) break;
    }
    for (auto const& hint : hints)
      for (auto const& client : clients)
        if (client.district == hint.district)
          for (auto const& case_no : hint.cases) client.stream->send("case", "{\"case_no\":\"" + case_no + "\"}");
    if (std::chrono::steady_clock::now() >= next_beat) {
      for (auto const& client : clients) client.stream->comment("beat");
      next_beat = std::chrono::steady_clock::now() + heartbeat_;
    }
  }
  std::lock_guard lock(mutex_);
  for (auto const& client : clients_) client.stream->close();
  clients_.clear();
}

}  // namespace wangge::console
