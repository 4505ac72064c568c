// Which spooled reports to send when: the spool's side of the bus protocol as a state machine without threads, sockets
// or files, so that the simulator runs the very code the gateway runs. Whoever drives it does what `Todo` asks.
#pragma once

#include <map>
#include <set>

#include "gateways/spool/spool.hpp"

namespace wangge::link {

class Sender {
 public:
  static constexpr std::chrono::milliseconds kResendAfter{10'000};
  static constexpr int kPage = 500;  // records read from the spool at once

  struct Page {  // read store.queued(district, after_seq, kPage) and call on_page
    std::string district;
    std::int64_t after_seq = 0;
    std::uint64_t welcome = 0;  // comes back in on_page: an answer from before a newer welcome is dropped
  };
  struct Requeue {  // store.requeue_after(district, cursor), before any page of the district
    std::string district;
    std::int64_t cursor = 0;
    std::uint64_t welcome = 0;
  };
  struct Frame {
    std::string district;
    spool::Record record;
  };
  struct Todo {
    std::vector<Requeue> requeues;
    std::vector<Page> pages;
    std::vector<Frame> send;
  };

  // The dispatcher that owns these districts said what it has (district -> cursor).
  void on_welcome(std::map<std::string, std::int64_t> const& cursors, std::int64_t credit_bytes);
  // The dispatcher of this district is gone or no longer owns it; what was sent will be sent again.
  void on_lost(std::string const& district);
  // A record became durable. Must be called in the order of the spool, also between page requests and their answers.
  void on_appended(spool::Record const& record);
  // `more`: the spool had a whole page, so there may be another.
  void on_page(Page const& asked, std::vector<spool::Record> records, bool more);
  void on_page(Page const& asked, std::vector<spool::Record> records) {
    bool const more = records.size() == static_cast<std::size_t>(kPage);
    on_page(asked, std::move(records), more);
  }
  // The spool could not do it (no room, somebody locks the file): it is asked again, a second later.
  void on_page_failed(Page const& asked, core::Instant now);
  void on_requeue_failed(Requeue const& asked, core::Instant now);

  // The dispatcher's word for a record is final: it leaves the window. False: not waiting for it (an old answer).
  bool on_settled(std::string const& district, std::int64_t seq);
  // A 2xx was said for it: it may not be refused any more. `again` sends it once more at once.
  void mark_answered(std::string const& district, std::int64_t seq, bool again);
  // Between the dispatcher's first word of a conflict and the refusal's place on the disk it is not sent; then it is sent
  // as refused, so that its seq may pass; or, when the refusal did not come to the disk, as answered.
  void hold(std::string const& district, std::int64_t seq);
  void confirm_refused(std::string const& district, std::int64_t seq);
  // Records that came by a page count as answered: nobody can tell any more whether their 2xx went out. But those that
  // were refused: their callers were told so, and the dispatcher must make no case of them.
  bool answered(std::string const& district, std::int64_t seq) const;
  bool refused(std::string const& district, std::int64_t seq) const;
  // How often it was sent in this window; 0 when it is not in it.
  int times_sent(std::string const& district, std::int64_t seq) const;

  // Every seq below has the owner's final word, as far as is known since its welcome. A refused record counts once the
  // owner has let its seq pass, which the spool does not note.
  std::int64_t passed_below(std::string const& district) const;

  Todo todo(core::Instant now);  // monotone `now`
  std::size_t window_size() const;

 private:
  struct Waiting {
    spool::Record record;
    core::Instant sent_at{};
    int sent = 0;
    bool in_flight = false, held = false;
  };
  struct District {
    bool connected = false;
    bool caught_up = false;     // every queued record of the spool is in the window
    bool page_asked = false;
    std::optional<std::int64_t> requeue;  // to ask for before the first page
    std::int64_t cursor = 0;    // of the last welcome
    std::int64_t loaded = 0;    // highest seq put into the window since the welcome
    std::int64_t credit = 0, in_flight_bytes = 0;
    std::uint64_t welcome = 0;
    core::Instant look_at{};    // when overdue answers are looked for next
    core::Instant ask_at{};     // not before: what the spool could not do is asked again
    std::map<std::int64_t, Waiting> window;
    std::set<std::int64_t> idle;  // of the window: not in flight
  };
  static constexpr std::size_t kWindow = 4000;  // records held in memory a district

  Waiting const* find(std::string const& district, std::int64_t seq) const;
  std::pair<District*, Waiting*> find(std::string const& district, std::int64_t seq);
  void put(District& d, spool::Record record);
  static void begin(District& d, std::int64_t cursor);  // all over again from there
  static void ground(District& d);  // nothing is in flight any more
  static void recall(District& d, std::int64_t seq, Waiting& w);
  static std::int64_t weight(spool::Record const& r);

  std::map<std::string, District> districts_;
};

}  // namespace wangge::link
