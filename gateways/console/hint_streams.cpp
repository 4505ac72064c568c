// One thread between the link and the consoles, so that a slow screen never holds up the link.
#include "gateways/console/hint_streams.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "dispatcher/core/lifecycle.hpp"

namespace wangge::console {
namespace {

constexpr std::size_t kWaiting = 4096;  // more than this are dropped: they are only hints

bool sees(core::Principal const& who, storage::ReadModel::CaseScope const& scope) {
  return core::in_scope(who, scope.row) || std::find(scope.holders.begin(), scope.holders.end(), who.name) != scope.holders.end();
}

}  // namespace

bool sees_district(core::Principal const& who) {
  return who.role != core::Role::reporter && who.street.empty() && who.unit.empty() && who.squad.empty();
}

HintStreams::HintStreams(Scopes scopes, std::chrono::milliseconds heartbeat) : scopes_(std::move(scopes)), beat_(heartbeat) {}

HintStreams::~HintStreams() { stop(); }

void HintStreams::start() {
  beat_.start();
  thread_ = std::thread([this] { run(); });
}

void HintStreams::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  beat_.stop();
  if (thread_.joinable()) thread_.join();
}

void HintStreams::add(core::Principal who, std::shared_ptr<http::Stream> stream) {
  beat_.add(stream);
  std::lock_guard lock(mutex_);
  std::erase_if(clients_, [](auto const& c) { return !c.stream->open(); });
  clients_.push_back({std::move(who), std::move(stream)});
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
  return static_cast<std::size_t>(std::count_if(clients_.begin(), clients_.end(), [](auto const& c) { return c.stream->open(); }));
}

void HintStreams::tell(std::string const& district, std::string_view event, std::string_view data) {
  std::vector<std::shared_ptr<http::Stream>> to;
  {
    std::lock_guard lock(mutex_);
    for (auto const& client : clients_)
      if (client.who.district == district && sees_district(client.who)) to.push_back(client.stream);
  }
  for (auto const& stream : to) stream->send(event, data);
}

std::vector<std::string> HintStreams::districts() const {
  std::vector<std::string> out;
  std::lock_guard lock(mutex_);
  for (auto const& client : clients_)
    if (client.stream->open() && sees_district(client.who) && std::find(out.begin(), out.end(), client.who.district) == out.end()) out.push_back(client.who.district);
  return out;
}

void HintStreams::run() {
  for (;;) {
    std::deque<link::Hint> hints;
    std::vector<Client> clients;
    {
      std::unique_lock lock(mutex_);
      woken_.wait(lock, [this] { return stopping_ || !hints_.empty(); });
      std::erase_if(clients_, [](auto const& c) { return !c.stream->open(); });
      hints.swap(hints_);
      clients = clients_;
      if (stopping_) break;
    }
    for (auto const& hint : hints) tell(hint, clients);
  }
  std::lock_guard lock(mutex_);
  for (auto const& client : clients_) client.stream->close();
  clients_.clear();
}

// First whoever sees everything: they must not wait for a question about others.
void HintStreams::tell(link::Hint const& hint, std::vector<Client> const& clients) {
  auto const send = [](Client const& client, std::string const& case_no) {
    client.stream->send("case", "{\"case_no\":\"" + case_no + "\"}");
  };
  bool bounded = false;
  for (auto const& client : clients) {
    if (client.who.district != hint.district) continue;
    if (!sees_district(client.who)) bounded = true;
    else
      for (auto const& case_no : hint.cases) send(client, case_no);
  }
  if (!bounded) return;
  try {
    for (auto const& scope : scopes_(hint.district, hint.cases))
      for (auto const& client : clients)
        if (client.who.district == hint.district && !sees_district(client.who) && sees(client.who, scope)) send(client, scope.row.case_no);
    away_ = false;
  } catch (std::exception const& e) {  // only hints: the screens look again by themselves
    if (!away_) spdlog::warn("hints wait for the database: {}", e.what());
    away_ = true;
  }
}

}  // namespace wangge::console
