// See sqlite.hpp.
#include "gateways/spool/sqlite.hpp"

#include <cerrno>
#include <utility>

namespace wangge::spool {

void raise(sqlite3* db, int code) {
  int const extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
  int const system_error = db != nullptr ? sqlite3_system_errno(db) : 0;
  std::string const file = db != nullptr && sqlite3_db_filename(db, "main") != nullptr ? sqlite3_db_filename(db, "main") : "";
  std::string const words = std::string(sqlite3_errstr(code)) + " (" + std::to_string(extended) + ")" +
                            (db != nullptr ? std::string(": ") + sqlite3_errmsg(db) : "") + (file.empty() ? "" : ", " + file);
  if (code == SQLITE_FULL) throw Full(words);
  // A write may fail for want of room under other names (quota, shared-memory file); a failed fsync never counts as
  // that: what it should have written may be gone.
  bool const sync_failed = extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC;
  if (code == SQLITE_IOERR && !sync_failed && (system_error == ENOSPC || system_error == EDQUOT)) throw Full(words);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) throw Busy(words);
  if (code == SQLITE_IOERR || code == SQLITE_CANTOPEN || code == SQLITE_PERM) throw Damaged(words);
  throw Corrupt(words);  // also a missing table, a row too big, a file version of the future
}

Statement::Statement(sqlite3* db, char const* sql) : db_(db) {
  int const code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) raise(db, code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : db_(other.db_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(statement_, other.statement_);
  return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
  if (int const code = sqlite3_bind_int64(statement_, index, value); code != SQLITE_OK) raise(db_, code);
  return *this;
}

Statement& Statement::text(int index, std::string_view value) {
  char const* data = value.data() != nullptr ? value.data() : "";
  int const code = sqlite3_bind_text(statement_, index, data, static_cast<int>(value.size()), SQLITE_STATIC);
  if (code != SQLITE_OK) raise(db_, code);
  return *this;
}

Statement& Statement::blob(int index, std::string_view value) {
  char const* data = value.data() != nullptr ? value.data() : "";
  int const code = sqlite3_bind_blob(statement_, index, data, static_cast<int>(value.size()), SQLITE_STATIC);
  if (code != SQLITE_OK) raise(db_, code);
  return *this;
}

bool Statement::step() {
  int const code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3_reset(statement_);
  raise(db_, code & 0xff);
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() { sqlite3_reset(statement_); }

std::string_view Statement::view(int column) const {
  // Bytes first would be right for text that needs no conversion; blob() never converts, so the stored bytes come out.
  void const* data = sqlite3_column_blob(statement_, column);
  int const size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string_view() : std::string_view(static_cast<char const*>(data), static_cast<std::size_t>(size));
}

Database::Database(std::string const& path, int flags, char const* vfs) {
  int const code = sqlite3_open_v2(path.c_str(), &db_, flags, vfs);
  if (code == SQLITE_OK) {
    sqlite3_extended_result_codes(db_, 0);
    return;
  }
  std::string const words = "cannot open " + path + ": " + (db_ != nullptr ? sqlite3_errmsg(db_) : sqlite3_errstr(code));
  sqlite3_close(db_);
  if (code == SQLITE_FULL) throw Full(words);
  throw Damaged(words);
}

Database::~Database() { sqlite3_close_v2(db_); }

void Database::exec(char const* sql) {
  int const code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(db_, code);
}

std::string Database::ask(char const* sql) {
  auto statement = prepare(sql);
  return statement.step() ? statement.string(0) : std::string();
}

}  // namespace wangge::spool
