// The link's inside: what its one thread owns. Only for gateways/link/{impl,link}.cpp.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "gateways/link/desk.hpp"
#include "gateways/link/lines.hpp"
#include "gateways/link/messages.hpp"
#include "gateways/link/reference.hpp"

namespace wangge::link {

struct Link::Impl {
  using Steady = std::chrono::steady_clock;
  using ReportDone = std::function<void(ReportOutcome)>;
  using CommandDone = std::function<void(CommandOutcome)>;

  explicit Impl(Options o);

  Options options;
  std::string reference_file, spool_id;
  std::unique_ptr<spool::Store> store;
  std::unique_ptr<spool::GroupCommit> committer;
  std::shared_ptr<Snapshot const> snapshot;  // swapped with std::atomic_load/store
  std::function<void(Hint const&)> hint_listener;
  mutable std::mutex hint_mutex, health_mutex;
  Health last_health;
  std::atomic<bool> connected{false}, stopping{false};
  std::atomic<std::int64_t> pruned{0};
  std::thread thread;
  bus::Wake wake;

  // From any thread to the link's own: closures run there in order.
  void post(std::function<void()> f);

  void submit(core::Report report, std::chrono::milliseconds wait, ReportDone done);
  void open_sockets();  // on the caller's thread, so that what is wrong is said at start
  void guarded_run();

  // Only on the link's thread from here on.
  void ask(std::string const& district, std::function<v1::Envelope(std::string const&)> const& make, CommandDone done);
  void run_inbox();

 private:
  struct Asked {
    CommandDone done;
    Steady::time_point until;
    std::size_t line = 0;
  };

  void run();
  void take_in(std::size_t line, v1::Envelope const& message);
  void on_command_answer(v1::CommandAnswer const& answer);
  void time_out_commands(Steady::time_point now);
  void on_reference(v1::Reference const& part);
  void speak();
  void send_reports();
  void settle();
  void take_hints(bus::Subscriber& hints);
  void ask_health();
  void prune();
  void fatal(std::string const& why);

  std::mutex inbox_mutex_;
  std::deque<std::function<void()>> inbox_;

  std::unique_ptr<bus::Context> context_;
  std::vector<std::unique_ptr<bus::Dealer>> dealers_;  // one a line
  std::vector<std::string> connections_;               // the random name of each
  std::vector<std::unique_ptr<bus::Subscriber>> hints_;

 public:
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Lines> lines;

 private:
  std::unordered_map<std::string, Asked> asked_;
  std::vector<v1::Reference> reference_parts_;
  std::uint64_t correlations_ = 0;
  std::string const correlation_stem_;
  Steady::time_point health_at_{}, prune_at_{};
  bool told_fatal_ = false;

  Retention retention_;  // only on the committer's thread
};

}  // namespace wangge::link
