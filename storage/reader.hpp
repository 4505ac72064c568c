// ReadModel's inside: a small pool of connections and the scope of a caller. Only for storage/read_*.cpp.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>

#include "storage/pg.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

class Pool {
 public:
  Pool(std::string url, int connections) : url_(std::move(url)), free_(connections) {}

  // Runs f on a connection of the pool. A pooled connection may have died while it lay idle: then f, which only reads, is
  // tried once more on a new one.
  template <class F>
  auto with(F&& f) {
    Lease lease(*this);
    bool const pooled = lease.session != nullptr;
    try {
      if (!pooled) lease.connect();
      return f(*lease.session);
    } catch (Broken const&) {
      if (!pooled || lease.session->alive()) throw;
    }
    lease.connect();
    return f(*lease.session);
  }

 private:
  struct Lease {
    explicit Lease(Pool& p);
    ~Lease();
    void connect() { session = std::make_unique<pg::Session>(pool.url_, pg::Session::Use::reader); }
    Pool& pool;
    std::unique_ptr<pg::Session> session;
  };
  std::string url_;
  std::mutex mutex_;
  std::condition_variable freed_;
  int free_;
  std::vector<std::unique_ptr<pg::Session>> idle_;
};

struct ReadModel::Impl {
  Impl(std::string const& url, int connections) : pool(url, connections) {}
  Pool pool;
  std::mutex calendars_mutex;
  std::map<std::string, std::pair<std::int64_t, core::Calendar>> calendars;  // district -> (city version, the center's)

  core::Calendar calendar(pg::Session& session, std::string const& district);
};

// $1-$6 of scope.sql and sees.sql.
pg::Params scope(core::Principal const& who);
core::Instant read_now();
// A cursor is opaque to its holder: the sort it belongs to and the last row's key, in hexadecimal.
std::string make_cursor(std::vector<std::string> const& parts);
std::vector<std::string> read_cursor(std::string const& cursor, std::size_t parts);  // throws BadFilter

// The local days of a closure filter as a request: the same that the table's link was made from.
ClosureRequest closure_request(core::Principal const& who, CaseFilter const& filter, core::Calendar const& calendar, core::Instant now);
pg::Params closure_params(ClosureRequest const& request);

}  // namespace wangge::storage
