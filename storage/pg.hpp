// The one place that knows libpqxx 6.4: a connection that never reconnects by itself, transactions whose COMMIT is told
// apart from everything before it, and array parameters. Exceptions leave here as the store's own kinds.
// One Session belongs to one thread at a time.
#pragma once

#include <charconv>
#include <functional>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dispatcher/core/types.hpp"
#include "storage/queries.hpp"
#include "storage/store.hpp"

namespace wangge::storage::pg {

// One array parameter as a literal, built once: {"a","b",NULL}. Refuses a NUL byte as Poison: PostgreSQL has none.
class Column {
 public:
  void add(std::string_view text);  // quoted and escaped
  void add(std::int64_t number);
  void add(bool yes);
  void add(double number);
  void add(core::Instant at) { add(at.time_since_epoch().count()); }
  void add_null();
  template <class T>
  void add(std::optional<T> const& value) {
    if (value) add(*value);
    else add_null();
  }
  void add(char const* text) { add(std::string_view(text)); }
  void add(std::string const& text) { add(std::string_view(text)); }
  // One text of a list: joined by commas, as core::Changes has it.
  void add(std::vector<std::string> const& list);
  std::string finish();
  std::size_t size() const { return count_; }

 private:
  void separate();
  std::string text_{"{"};
  std::size_t count_ = 0;
};

// Parameters of one statement, in order.
class Params {
 public:
  Params& text(std::string_view value);
  Params& number(std::int64_t value);
  Params& null();
  Params& array(Column& column);
  Params& array(std::vector<std::string> const& values);
  std::vector<char const*> pointers() const;  // into this object; null where the value is NULL

 private:
  std::vector<std::optional<std::string>> values_;
};

// pqxx's connection, and the handle it connects with: pipelines are libpq's own.
struct Kept : pqxx::connect_direct {
  using connect_direct::connect_direct;
  handle do_startconnect(handle before) override { return kept = connect_direct::do_startconnect(before); }
  handle kept = nullptr;
};
struct Policy {
  Kept policy;
};
struct Connection : private Policy, public pqxx::connection_base {
  explicit Connection(std::string const& options) : Policy{Kept(options)}, connection_base(policy) { init(); }
  ~Connection() noexcept { close(); }
  Kept::handle handle() const { return policy.kept; }
};

struct Notices;  // notes every notice the server sends; one during COMMIT makes it doubtful

class Session {
 public:
  // reader: short reads; audit: deeds written beside them; batch: long reads (verification, reports), without a time limit.
  // lane: the engine's writer, whose batches find their rows by key; point: reads by key, their plans are made once.
  enum class Use { writer, lane, reader, point, audit, batch };
  Session(std::string const& url, Use use);
  ~Session();
  Session(Session const&) = delete;

  pqxx::connection_base& raw() { return *connection_; }
  // Runs one statement, prepared at its first use. Outside begin/commit it is a transaction of its own.
  pqxx::result run(Query const& query, Params const& params = {});
  void begin();
  void begin(std::string const& snapshot);  // reads what the transaction reads that exported it
  void commit();    // throws InDoubt when the answer did not come
  void rollback() noexcept;
  // Runs code that speaks pqxx itself; its errors become the store's kinds.
  template <class F>
  auto guarded(F&& f) {
    if (!alive_) throw Broken("the database connection is lost");
    try {
      return f();
    } catch (...) {
      translate(false);
    }
  }
  bool alive() const { return alive_; }
  int socket() const { return connection_->sock(); }  // for a Deadline
  std::int64_t statements() const { return statements_; }

 private:
  void command(char const* sql);
  [[noreturn]] void translate(bool committing);
  [[noreturn]] void failed(std::string const& sqlstate, std::string const& what, bool committing);
  friend class Pipeline;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Notices> notices_;
  std::set<std::string_view> prepared_, piped_;  // by pqxx; by a pipeline, under a name of its own
  bool alive_ = false;
  std::int64_t statements_ = 0;
};

// A transaction that rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Session& s) : session_(s) { session_.begin(); }
  Transaction(Session& s, std::string const& snapshot) : session_(s) { session_.begin(snapshot); }
  ~Transaction() {
    if (!done_) session_.rollback();
  }
  void commit() {
    done_ = true;
    session_.commit();
  }

 private:
  Session& session_;
  bool done_ = false;
};

// Statements whose answers nobody waits for one by one: the server works on one while the next is written. Inside a transaction,
// and nothing else runs on the session until finish(), which reads the answers in order and throws what the first that failed
// would have thrown by itself: a check that did not hold comes before an error of a statement after it.
class Pipeline {
 public:
  using Check = std::function<void(std::size_t rows)>;  // how many rows the statement wrote; throws when they are not the right ones
  explicit Pipeline(Session& session);
  ~Pipeline();  // without finish(): what was sent is read and forgotten, the transaction is over
  Pipeline(Pipeline const&) = delete;

  void send(Query const& query, Params const& params, Check check = {});
  void finish();

 private:
  struct Sent {
    std::string_view prepares;  // the statement this makes ready; empty: it runs one
    Check check;
  };
  void prepare(Query const& query);
  void read();
  void lost();

  Session& s_;
  std::vector<Sent> sent_;
  std::set<std::string_view> preparing_;
  bool open_ = false;
};

std::int64_t number(pqxx::field const& field);
inline std::string text(pqxx::field const& field) { return std::string(field.c_str(), field.size()); }
inline bool yes(pqxx::field const& field) { return field.c_str()[0] == 't'; }
std::optional<core::Instant> instant(pqxx::field const& field);

}  // namespace wangge::storage::pg
