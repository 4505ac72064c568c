// The loop behind the task streams: greet newcomers, then one query for everybody, then sleep until woken.
#include "gateways/squad/task_streams.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <spdlog/spdlog.h>

namespace wangge::squad {
namespace {

using Clock = std::chrono::steady_clock;

std::string mark(storage::TaskPush const& push) {
  return push.task_id + '#' + std::to_string(push.epoch) + (push.withdrawn ? "w" : "");
}

std::string place(std::string_view kind, std::string const& district, std::string const& name) {
  return std::string(kind) + district + '/' + name;
}

}  // namespace

bool concerns(core::Principal const& who, storage::TaskPush const& push) {
  if (!push.district.empty() && push.district != who.district) return false;
  if (!push.holder.empty() && push.holder == who.name) return true;
  if (!push.desk.empty())
    return push.desk == who.unit && (who.role == core::Role::unit_clerk || who.role == core::Role::unit_head);
  if (who.squad.empty() || push.squad != who.squad) return false;
  return who.role == core::Role::squad_leader || (who.role == core::Role::disposer && push.holder.empty());
}

TaskStreams::TaskStreams(Pending pending, Unreceived unreceived, StreamOptions options)
    : pending_(std::move(pending)), unreceived_(std::move(unreceived)), options_(options), beat_(options.heartbeat) {}

TaskStreams::~TaskStreams() { stop(); }

void TaskStreams::start() {
  beat_.start();
  thread_ = std::thread([this] { run(); });
}

void TaskStreams::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  beat_.stop();
  if (thread_.joinable()) thread_.join();
}

void TaskStreams::add(core::Principal who, std::shared_ptr<http::Stream> stream) {
  auto client = std::make_shared<Client>();
  client->who = std::move(who);
  client->stream = std::move(stream);
  beat_.add(client->stream);
  {
    std::lock_guard lock(mutex_);
    joining_.push_back(std::move(client));
    wake_ = true;
  }
  woken_.notify_all();
}

void TaskStreams::wake() {
  {
    std::lock_guard lock(mutex_);
    wake_ = true;
  }
  woken_.notify_all();
}

void TaskStreams::tell(std::string const& district, std::vector<std::string> names, std::string event, std::string data) {
  {
    std::lock_guard lock(mutex_);
    words_.push_back({district, std::move(names), std::move(event), std::move(data)});
    wake_ = true;
  }
  woken_.notify_all();
}

std::size_t TaskStreams::connected() const {
  std::lock_guard lock(mutex_);
  return connected_ + joining_.size();
}

std::uint64_t TaskStreams::pushed() const {
  std::lock_guard lock(mutex_);
  return pushed_;
}

void TaskStreams::run() {
  auto next_poll = Clock::now();
  bool away = false;
  for (;;) {
    std::vector<Word> words;
    {
      std::unique_lock lock(mutex_);
      woken_.wait_until(lock, next_poll, [this] { return stopping_ || wake_; });
      if (stopping_) break;
      wake_ = false;
      for (auto& client : joining_) clients_.push_back(std::move(client));
      joining_.clear();
      std::erase_if(clients_, [](auto const& c) { return !c->stream->open(); });
      connected_ = clients_.size();
      words.swap(words_);
    }
    say(words);
    try {
      greet();
      push();
      away = false;
    } catch (std::exception const& e) {  // the database is away: the next poll tries again
      if (!away) spdlog::warn("task streams wait for the database: {}", e.what());
      away = true;
    }
    next_poll = Clock::now() + options_.poll;
  }
  for (auto& client : clients_) client->stream->close();
}

void TaskStreams::say(std::vector<Word> const& words) {
  for (auto const& word : words) {
    for (auto& client : clients_) {
      if (client->who.district != word.district) continue;
      if (std::find(word.names.begin(), word.names.end(), client->who.name) != word.names.end()) client->stream->send(word.event, word.data);
    }
  }
}

// Who comes in is given what waits for him, and hears the last minutes' notices too: the window is told anew.
void TaskStreams::greet() {
  for (auto& client : clients_) {
    if (client->greeted) continue;
    for (auto const& waiting : unreceived_(client->who)) offer(*client, waiting);
    client->greeted = true;
    anew_ = true;
  }
}

// The newest rows; all of them when the newest do not join on to the last query's.
std::vector<storage::TaskPush> TaskStreams::pending(bool& whole) {
  if (Clock::now() < next_whole_) {
    auto rows = pending_(options_.window, anew_ ? std::vector<std::string>() : window_);
    std::unordered_set<std::string> const before(window_.begin(), window_.end());
    whole = rows.size() < static_cast<std::size_t>(options_.window);
    if (whole || std::any_of(rows.begin(), rows.end(), [&](auto const& row) { return before.contains(row.outbox_id); })) {
      anew_ = false;
      remember(rows);
      return rows;
    }
  }
  std::vector<std::string> ids;
  for (auto const& [id, row] : told_) ids.push_back(id);
  auto rows = pending_(options_.everything, ids);
  next_whole_ = Clock::now() + options_.whole_every;
  whole = rows.size() < static_cast<std::size_t>(options_.everything);
  remember(rows);
  std::unordered_set<std::string> still;
  for (auto const& row : rows) still.insert(row.outbox_id);
  std::erase_if(told_, [&](auto const& known) { return !still.contains(known.first); });
  return rows;
}

// Rows that came as an id alone are what they were; all of these are going to be told.
void TaskStreams::remember(std::vector<storage::TaskPush>& rows) {
  window_.clear();
  for (auto& row : rows) {
    if (auto const known = told_.find(row.outbox_id); row.json.empty() && known != told_.end()) row = known->second;
    auto& kept = told_[row.outbox_id] = row;
    kept.json.clear();
    if (window_.size() < static_cast<std::size_t>(options_.window)) window_.push_back(row.outbox_id);
  }
}

void TaskStreams::push() {
  if (clients_.empty()) return;  // nobody listens: no query
  bool whole = false;
  auto const pending = this->pending(whole);
  std::unordered_map<std::string, std::vector<Client*>> by_place;
  for (auto& client : clients_) {
    by_place[place("h:", client->who.district, client->who.name)].push_back(client.get());
    if (!client->who.unit.empty()) by_place[place("u:", client->who.district, client->who.unit)].push_back(client.get());
    if (!client->who.squad.empty()) by_place[place("s:", client->who.district, client->who.squad)].push_back(client.get());
  }
  std::unordered_map<Client*, std::set<std::string>> still;
  for (auto const& task : pending) {
    for (auto const& key : {place("h:", task.district, task.holder), place("s:", task.district, task.squad),
                            place("u:", task.district, task.desk)}) {
      auto const found = by_place.find(key);
      if (found == by_place.end()) continue;
      for (auto* client : found->second) {
        if (!concerns(client->who, task)) continue;
        offer(*client, task);
        still[client].insert(mark(task));
      }
    }
  }
  // What is no longer pending was received: forget it, so that the memory of a long stream stays small.
  if (!whole) return;
  for (auto& client : clients_) client->sent = std::move(still[client.get()]);
}

void TaskStreams::offer(Client& client, storage::TaskPush const& push) {
  if (push.json.empty() || !client.sent.insert(mark(push)).second) return;  // without JSON: told before
  if (client.stream->send(push.withdrawn ? "task_withdrawn" : "task", push.json)) {
    std::lock_guard lock(mutex_);
    ++pushed_;
  }
}

}  // namespace wangge::squad
