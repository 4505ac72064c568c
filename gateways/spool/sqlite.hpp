// A thin wrapper around SQLite for the spool: prepared statements that reset themselves, and every result code turned
// into one of the spool's exceptions. Nothing here knows what a record is.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "gateways/spool/spool.hpp"

namespace wangge::spool {

// Another process keeps a lock on the file (a person with a database shell). The store itself is sound.
struct Busy : std::runtime_error { using runtime_error::runtime_error; };

// The bytes of the file make no sense: what can be read of them may be salvaged.
struct Corrupt : Damaged { using Damaged::Damaged; };

class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, char const* sql);
  ~Statement();
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;

  // Bound text and blobs are not copied: they must live until the statement is stepped.
  Statement& bind(int index, std::int64_t value);
  Statement& text(int index, std::string_view value);
  Statement& blob(int index, std::string_view value);
  bool step();  // true: a row is there
  void run();   // steps to the end and resets
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string_view view(int column) const;  // text or blob, valid until the next step or reset
  std::string string(int column) const { return std::string(view(column)); }

 private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
};

// Resets a statement however the scope is left: a statement left in the middle would hold the WAL.
struct Use {
  Statement& statement;
  ~Use() { statement.reset(); }
};

class Database {
 public:
  Database(std::string const& path, int flags, char const* vfs);
  ~Database();
  Database(Database const&) = delete;
  Database& operator=(Database const&) = delete;

  void exec(char const* sql);
  Statement prepare(char const* sql) { return Statement(db_, sql); }
  std::string ask(char const* sql);  // first column of the first row, "" if there is none
  bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
  sqlite3* get() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

// Throws Full, Busy or Damaged for a result code that is not OK, ROW or DONE.
[[noreturn]] void raise(sqlite3* db, int code);

}  // namespace wangge::spool
