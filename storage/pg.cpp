#include "storage/pg.hpp"

#include <libpq-fe.h>

#include <cstring>

#include "storage/deadline.hpp"

namespace wangge::storage::pg {

// ---- parameters

void Column::separate() {
  if (count_++ != 0) text_ += ',';
}

void Column::add(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) throw Poison("a NUL byte in a text");
  separate();
  text_ += '"';
  for (std::size_t from = 0;;) {
    std::size_t const stop = text.find_first_of("\"\\", from);
    text_.append(text.substr(from, stop - from));
    if (stop == std::string_view::npos) break;
    text_ += '\\';
    text_ += text[stop];
    from = stop + 1;
  }
  text_ += '"';
}

void Column::add(std::int64_t number) {
  separate();
  char buffer[24];
  text_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void Column::add(double number) {
  separate();
  char buffer[40];
  text_.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
}

void Column::add(bool yes) {
  separate();
  text_ += yes ? 't' : 'f';
}

void Column::add_null() {
  separate();
  text_ += "NULL";
}

void Column::add(std::vector<std::string> const& list) {
  std::string joined;
  for (auto const& one : list) {
    if (!joined.empty()) joined += ',';
    joined += one;
  }
  add(std::string_view(joined));
}

std::string Column::finish() {
  text_ += '}';
  return std::move(text_);
}

Params& Params::text(std::string_view value) {
  if (value.find('\0') != std::string_view::npos) throw Poison("a NUL byte in a text");
  values_.emplace_back(value);
  return *this;
}

Params& Params::number(std::int64_t value) {
  values_.emplace_back(std::to_string(value));
  return *this;
}

Params& Params::null() {
  values_.emplace_back();
  return *this;
}

Params& Params::array(Column& column) {
  values_.emplace_back(column.finish());
  return *this;
}

std::vector<char const*> Params::pointers() const {
  std::vector<char const*> pointers;
  for (auto const& value : values_) pointers.push_back(value ? value->c_str() : nullptr);
  return pointers;
}

Params& Params::array(std::vector<std::string> const& values) {
  Column column;
  for (auto const& value : values) column.add(value);
  return array(column);
}

// ---- connection

struct Notices : pqxx::errorhandler {
  explicit Notices(pqxx::connection_base& c) : pqxx::errorhandler(c) {}
  bool operator()(char const[]) noexcept override {
    ++count;
    return false;  // nothing is printed: the log belongs to the shell
  }
  std::int64_t count = 0;
};

namespace {

// Fails fast when the other machine is gone; harmless on a Unix socket. What the URL says itself wins.
std::string with_defaults(std::string const& url, Session::Use use) {
  bool const engine = use == Session::Use::writer || use == Session::Use::lane;
  bool const writes = engine || use == Session::Use::audit;
  std::vector<std::pair<std::string, std::string>> const wanted{
      {"connect_timeout", use == Session::Use::reader ? "2" : "3"},
      {"keepalives_idle", "5"},
      {"keepalives_interval", "2"}, {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"}, {"client_encoding", "UTF8"},
      {"application_name", engine ? "wangge writer" : use == Session::Use::audit ? "wangge audit" : "wangge reader"},
      {"target_session_attrs", writes ? "read-write" : "any"}};
  bool const uri = url.rfind("postgresql://", 0) == 0 || url.rfind("postgres://", 0) == 0;
  std::string out = url;
  char separator = uri ? (url.find('?') == std::string::npos ? '?' : '&') : ' ';
  for (auto const& [key, value] : wanted) {
    if (url.find(key + "=") != std::string::npos) continue;
    out += separator;
    out += key + "=";
    if (uri) {
      for (char c : value) c == ' ' ? out += "%20" : out += c;
    } else {
      out += "'" + value + "'";
    }
    separator = uri ? '&' : ' ';
  }
  return out;
}

// Plans of a writer are made once: its arrays always look alike. A reader's optional filters want a plan each.
// No time limit stands around COMMIT, ever: a cancelled COMMIT under synchronous replication is visible but not safe.
char const* const kWriterSettings =
    "SET statement_timeout = 0; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '3s'; "
    "SET plan_cache_mode = force_generic_plan; SET jit = off; SET TimeZone = 'UTC'; SET datestyle = 'ISO'; "
    "SET synchronous_commit = on";
char const* const kReaderSettings =
    "SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '10s'; "
    "SET plan_cache_mode = force_custom_plan; SET jit = off; SET TimeZone = 'UTC'; SET datestyle = 'ISO'; "
    "SET default_transaction_read_only = on";

// An engine's batch finds its rows by their keys: a plan made once over an empty table (a new city) would else read whole tables
// until the next ANALYZE.
char const* const kByKeys = "SET enable_seqscan = off";

// A read by its key has one right plan, and making it takes longer than the read.
char const* const kPointSettings =
    "SET statement_timeout = '15s'; SET idle_in_transaction_session_timeout = '10s'; "
    "SET plan_cache_mode = force_generic_plan; SET jit = off; SET TimeZone = 'UTC'; SET datestyle = 'ISO'; "
    "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET default_transaction_read_only = on";

char const* const kBatchSettings =
    "SET statement_timeout = 0; SET plan_cache_mode = force_custom_plan; SET jit = off; SET TimeZone = 'UTC'; "
    "SET datestyle = 'ISO'; SET default_transaction_read_only = on";

// Deeds do not wait for a standby: one that is away would leave each COMMIT in doubt, and each try again stand once more.
char const* const kNoStandby = "SET synchronous_commit = local";
// A reader that gave up has closed its socket: the server notices within a second and ends the query.
char const* const kNoticeGone = "SET client_connection_check_interval = '1s'";
constexpr int kNoticesGoneSince = 140000;
// From the greeting to the settings; connecting itself has connect_timeout.
constexpr std::chrono::seconds kSettingsTime{3};

char const* settings_of(Session::Use use) {
  switch (use) {
    case Session::Use::writer:
    case Session::Use::lane:
    case Session::Use::audit: return kWriterSettings;
    case Session::Use::reader: return kReaderSettings;
    case Session::Use::point: return kPointSettings;
    default: return kBatchSettings;
  }
}

}  // namespace

Session::Session(std::string const& url, Use use) {
  try {
    connection_ = std::make_unique<Connection>(with_defaults(url, use));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    // A silent reconnect would leave the epoch and the advisory state behind.
    connection_->inhibit_reactivation(true);
#pragma GCC diagnostic pop
    notices_ = std::make_unique<Notices>(*connection_);
    alive_ = true;
    bool const patient = use == Use::writer || use == Use::lane || use == Use::batch;
    Deadline const limit(patient ? -1 : socket(), kSettingsTime);
    command(settings_of(use));
    if (use == Use::lane) command(kByKeys);
    if (use == Use::audit) command(kNoStandby);
    if (use == Use::reader && connection_->server_version() >= kNoticesGoneSince) command(kNoticeGone);
  } catch (...) {
    translate(false);
  }
}

Session::~Session() {
  notices_.reset();  // before the connection it listens to
}

void Session::translate(bool committing) {
  try {
    throw;
  } catch (Poison const&) {
    throw;
  } catch (pqxx::broken_connection const& e) {
    alive_ = false;
    if (committing) throw InDoubt(e.what());
    throw Broken(e.what());
  } catch (pqxx::sql_error const& e) {
    failed(e.sqlstate(), e.what(), committing);
  } catch (std::exception const& e) {
    alive_ = false;
    if (committing) throw InDoubt(e.what());
    throw Broken(e.what());
  }
}

void Session::failed(std::string const& state, std::string const& what, bool committing) {
  // A dead link surfaces without a SQLSTATE; 57P: the server ends us.
  if (state.empty() || state.rfind("57P", 0) == 0 || state.rfind("08", 0) == 0) {
    alive_ = false;
    if (committing) throw InDoubt(what);
    throw Broken(what);
  }
  if (state == "23505") throw Conflict(what);
  if (state.rfind("22", 0) == 0 || state.rfind("23", 0) == 0) throw Poison(what);
  throw Broken(what + " [" + state + "]");
}

pqxx::result Session::run(Query const& query, Params const& params) {
  if (!alive_) throw Broken("the database connection is lost");
  try {
    if (prepared_.insert(query.name).second) connection_->prepare(query.name, query.sql);
    ++statements_;
    pqxx::nontransaction tx(*connection_);
    return tx.exec_prepared(query.name, pqxx::prepare::make_dynamic_params(params.pointers()));
  } catch (...) {
    translate(false);
  }
}

void Session::command(char const* sql) {
  pqxx::nontransaction tx(*connection_);
  tx.exec(sql);
}

void Session::begin() {
  if (!alive_) throw Broken("the database connection is lost");
  try {
    command("BEGIN");
  } catch (...) {
    translate(false);
  }
}

void Session::begin(std::string const& snapshot) {
  if (!alive_) throw Broken("the database connection is lost");
  try {
    command("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    command(("SET TRANSACTION SNAPSHOT " + connection_->quote(snapshot)).c_str());
  } catch (...) {
    translate(false);
  }
}

void Session::commit() {
  auto const before = notices_->count;
  try {
    command("COMMIT");
  } catch (...) {
    translate(true);
  }
  // "canceling wait for synchronous replication": committed here, perhaps nowhere else.
  if (notices_->count != before) {
    alive_ = false;
    throw InDoubt("the server gave a warning while committing");
  }
}

void Session::rollback() noexcept {
  if (!alive_) return;
  try {
    command("ROLLBACK");
  } catch (...) {
    alive_ = false;
  }
}

// ---- a pipeline

namespace {

struct Clear {
  void operator()(PGresult* r) const { PQclear(r); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

std::string piped_name(std::string_view query) {
  return "piped_" + std::string(query);
}

std::size_t rows_of(PGresult* r) {
  std::size_t rows = 0;
  std::string_view const text = PQcmdTuples(r);
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

}  // namespace

Pipeline::Pipeline(Session& session) : s_(session) {
  if (!s_.alive_) throw Broken("the database connection is lost");
  if (PQenterPipelineMode(s_.connection_->handle()) == 0) lost();
  open_ = true;
}

Pipeline::~Pipeline() {
  if (!open_) return;
  for (auto& one : sent_) one.check = {};
  try {
    read();
  } catch (std::exception const&) {  // nothing of it stands: the transaction rolls back, or its connection is gone
  }
}

void Pipeline::lost() {
  s_.alive_ = false;
  throw Broken(PQerrorMessage(s_.connection_->handle()));
}

void Pipeline::prepare(Query const& query) {
  if (s_.piped_.contains(query.name) || !preparing_.insert(query.name).second) return;
  if (PQsendPrepare(s_.connection_->handle(), piped_name(query.name).c_str(), query.sql, 0, nullptr) == 0) lost();
  sent_.push_back({query.name, {}});
}

void Pipeline::send(Query const& query, Params const& params, Check check) {
  prepare(query);
  auto const values = params.pointers();
  if (PQsendQueryPrepared(s_.connection_->handle(), piped_name(query.name).c_str(), static_cast<int>(values.size()), values.data(), nullptr,
                          nullptr, 0) == 0)
    lost();
  sent_.push_back({{}, std::move(check)});
  ++s_.statements_;
}

void Pipeline::finish() {
  read();
}

// Everything is read before anything is thrown: the connection must be left as it was found.
void Pipeline::read() {
  auto* const connection = s_.connection_->handle();
  open_ = false;
  if (PQpipelineSync(connection) == 0) lost();
  std::exception_ptr first;
  for (auto const& one : sent_) {
    Answer const answer(PQgetResult(connection));
    if (!answer) lost();
    try {
      switch (PQresultStatus(answer.get())) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
          if (!one.prepares.empty()) s_.piped_.insert(one.prepares);
          else if (!first && one.check) one.check(rows_of(answer.get()));
          break;
        case PGRES_PIPELINE_ABORTED: break;  // what failed stands before it
        default: {
          auto const* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
          s_.failed(state ? state : "", PQresultErrorMessage(answer.get()), false);
        }
      }
    } catch (std::exception const&) {
      if (!first) first = std::current_exception();
      if (!s_.alive_) std::rethrow_exception(first);
    }
    if (Answer const end(PQgetResult(connection)); end) lost();  // each answer is followed by a null
  }
  Answer const sync(PQgetResult(connection));
  if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC || PQexitPipelineMode(connection) == 0) lost();
  if (first) std::rethrow_exception(first);
}

std::int64_t number(pqxx::field const& field) {
  std::int64_t value = 0;
  std::from_chars(field.c_str(), field.c_str() + field.size(), value);
  return value;
}

std::optional<core::Instant> instant(pqxx::field const& field) {
  if (field.is_null()) return std::nullopt;
  return core::Instant{core::Millis{number(field)}};
}

}  // namespace wangge::storage::pg
