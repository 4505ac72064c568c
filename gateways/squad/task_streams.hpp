// The live task streams of this gateway: one thread, one query for all connected squads and patrollers. Hints wake it,
// a poll covers lost hints, a comment every 15 s keeps the line warm, also while a query hangs. At least once; clients drop repeats by
// (task_id, epoch). It never marks anything as delivered: only `received` does.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "gateways/beat.hpp"
#include "gateways/http/http.hpp"
#include "storage/read_model.hpp"

namespace wangge::squad {

struct StreamOptions {
  std::chrono::milliseconds poll{500}, heartbeat{15000};
  // Rows of one query. A wake reads the newest `window`; when they do not reach back to what an earlier query saw, and each
  // `whole_every` anyway (a commit may come late), everything pending is read, far more than a city leaves unreceived.
  int window = 500, everything = 50000;
  std::chrono::milliseconds whole_every{5000};
};

class TaskStreams {
 public:
  // Newest first; of outbox rows `told` before, only the id.
  using Pending = std::function<std::vector<storage::TaskPush>(int limit, std::vector<std::string> const& told)>;
  using Unreceived = std::function<std::vector<storage::TaskPush>(core::Principal const&)>;
  TaskStreams(Pending pending, Unreceived unreceived, StreamOptions options = {});
  ~TaskStreams();
  void start();
  void stop();
  void add(core::Principal who, std::shared_ptr<http::Stream> stream);
  void wake();
  // A word for people of a district who are connected here, at once: `event` with this data. Others learn of it by looking.
  void tell(std::string const& district, std::vector<std::string> names, std::string event, std::string data);
  std::size_t connected() const;
  std::uint64_t pushed() const;

 private:
  struct Client {
    core::Principal who;
    std::shared_ptr<http::Stream> stream;
    bool greeted = false;         // has been sent what waited for it
    std::set<std::string> sent;  // task, epoch and kind of event, as long as it stays pending
  };
  struct Word {
    std::string district;
    std::vector<std::string> names;
    std::string event, data;
  };
  void run();
  void say(std::vector<Word> const& words);
  void greet();
  std::vector<storage::TaskPush> pending(bool& whole);
  void remember(std::vector<storage::TaskPush>& rows);
  void push();
  void offer(Client& client, storage::TaskPush const& push);
  Pending pending_;
  Unreceived unreceived_;
  StreamOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false, wake_ = false;
  std::vector<std::shared_ptr<Client>> joining_;
  std::vector<Word> words_;
  std::size_t connected_ = 0;
  std::uint64_t pushed_ = 0;
  std::vector<std::shared_ptr<Client>> clients_;  // the thread's own, like the two below
  std::unordered_map<std::string, storage::TaskPush> told_;  // pending outbox rows by id, without their JSON
  std::vector<std::string> window_;                          // the newest of the last query
  bool anew_ = false;                                        // somebody came in: the window's JSON is wanted once more
  std::chrono::steady_clock::time_point next_whole_{};
  doors::Beat beat_;
  std::thread thread_;
};

// Whose task is it? A squad's leader sees all of the squad's, a disposer those of nobody or of himself, everybody
// those that name him, a unit's desk those that lie with the unit itself (assisting tasks).
bool concerns(core::Principal const& who, storage::TaskPush const& push);

}  // namespace wangge::squad
