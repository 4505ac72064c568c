// ReadModel's inside: a small pool of connections and the scope of a caller. Only for storage/read_*.cpp.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>

#include "storage/deadline.hpp"
#include "storage/pg.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

class Pool {
 public:
  Pool(std::string url, int connections, Patience patience, pg::Session::Use use = pg::Session::Use::reader)
      : url_(std::move(url)), patience_(patience), use_(use), free_(connections) {}

  // Runs f on a connection of the pool, within the limits of its patience: longer ends in Broken. A pooled connection may
  // have died while it lay idle: then f, which only reads, is tried once more on a new one.
  template <class F>
  auto with(F&& f) {
    return with(patience_.read, std::forward<F>(f));
  }
  template <class F>
  auto with(std::chrono::milliseconds limit, F&& f) {
    Lease lease(*this);
    bool const pooled = lease.session != nullptr;
    try {
      if (!pooled) lease.connect();
      return lease.run(limit, f);
    } catch (Broken const&) {
      if (!pooled || lease.given_up || lease.session->alive()) throw;
    }
    lease.connect();
    return lease.run(limit, f);
  }
  Patience const& patience() const { return patience_; }

 private:
  struct Lease {
    explicit Lease(Pool& p);  // throws Broken when none comes free in time
    ~Lease();
    template <class F>
    auto run(std::chrono::milliseconds limit, F&& f) {
      Watch const watch(*this, limit);
      return f(*session);
    }
    void connect();
    Pool& pool;
    std::unique_ptr<pg::Session> session;
    bool given_up = false;  // the limit passed: nothing goes back to the pool
  };
  struct Watch {
    Watch(Lease& l, std::chrono::milliseconds limit) : lease(l), deadline(l.session->socket(), limit) {}
    ~Watch() {
      lease.given_up = deadline.passed();
      lease.pool.silent(lease.given_up);
    }
    Lease& lease;
    Deadline deadline;
  };
  using Clock = std::chrono::steady_clock;
  // Whether the database let somebody wait in vain. While it does, one caller at a time finds out whether it still does, and
  // the others are told at once: a server that stands still must not take every worker for as long as their patience lasts.
  void silent(bool yes);
  std::string url_;
  Patience patience_;
  pg::Session::Use use_;
  std::mutex mutex_;
  bool silent_ = false;
  Clock::time_point next_try_{};
  std::condition_variable freed_;
  int free_;
  std::vector<std::unique_ptr<pg::Session>> idle_;
};

struct ReadModel::Impl {
  Impl(std::string const& url, int connections, Patience patience)
      : pool(url, connections, patience, patience.heavy > Patience{}.heavy ? pg::Session::Use::batch : pg::Session::Use::reader),
        points(url, connections, patience, pg::Session::Use::point) {}
  Pool pool;
  Pool points;  // one case, one report, one key
  std::mutex cities_mutex;
  std::map<std::string, std::shared_ptr<core::City const>> cities;  // as of the version last seen

  std::shared_ptr<core::City const> city(pg::Session& session, std::string const& district);
  core::Calendar calendar(pg::Session& session, std::string const& district);
};

MonthState month_state(pg::Session& s, core::City const& city, core::LocalDay first, core::Instant now);

// $1-$6 of scope.sql and sees.sql.
pg::Params scope(core::Principal const& who);
core::Instant read_now();
// A cursor is opaque to its holder: the list it belongs to and the last row's key, in hexadecimal.
std::string make_cursor(std::vector<std::string> const& parts);
// The parts of the last row's key; throws BadFilter when it is no cursor of this list.
std::vector<std::string> read_cursor(std::string const& cursor, std::string_view list, std::size_t parts);
// One list whose order is a plain key: its name in cursors, its statement, the columns of its key.
struct List {
  char const* name;
  Query const& query;
  std::size_t key;
};
enum class Start { empty_text, null };  // what stands for a key before the first row
Page page(Pool& pool, List const& list, pg::Params params, Start start, std::string const& cursor, int limit);
// Rows of (JSON, key…) as one page: one row more than `limit` when there are more.
Page page_of(pqxx::result const& rows, int limit, std::string const& list);

// The local days of a closure filter as a request: the same that the table's link was made from.
ClosureRequest closure_request(core::Principal const& who, CaseFilter const& filter, core::Calendar const& calendar, core::Instant now);
pg::Params closure_params(ClosureRequest const& request);
std::map<std::string, std::string> row_names(pg::Session& s, ClosureRequest const& request);  // key -> name in its language
std::vector<core::NamedSwitch> named_switches(pg::Session& s, std::string const& district, core::Instant as_of, core::ReportOf report);
std::string period_label(core::LocalDay from, core::LocalDay to);  // 2026-10, or its first and last day
// The same for an indicator's number, whose groupings are more; $1-$9 of the statements in queries/mark. A stock stands at T.
ClosureRequest indicator_request(core::Principal const& who, CaseFilter const& filter, core::Calendar const& calendar, core::Instant now);
pg::Params indicator_params(ClosureRequest const& request);
// Places in a tree of units or regions: the keys given and all above them, each before what lies below it.
struct TreePlace {
  std::string key, parent;
  int level = 0;
};
std::vector<std::string> path_up(std::string const& key, std::string_view by, core::City const& city);  // itself first
std::vector<TreePlace> tree_of(std::set<std::string> const& keys, std::string_view by, core::City const& city);
std::string_view mark_of(core::Indicator const& indicator, std::string_view by);
std::string_view condition_of(core::Measure measure);

}  // namespace wangge::storage
