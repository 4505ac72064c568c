// Rows as the dispatcher really wrote them, read back from its tables and given out again under new numbers, ids and
// keys. The tables' columns are asked of the database, so the limit follows the schema by itself.
#pragma once

#include "tests/bench/postgres.hpp"

namespace wangge::bench {

struct Column {
  std::string name, type;
  bool cast = false;  // lists and bytes travel as text inside the array and are cast back in the statement
};

struct Table {
  std::string name, from, owner;  // owner: the case a row belongs to
  std::vector<Column> columns;
};

// Its columns, without those the database fills in itself.
std::vector<Column> columns_of(Postgres& db, std::string const& table);
// "a, b, c"; and the select list and the alias list of an unnest() that gives these columns.
std::string names(std::vector<Column> const& columns);
std::string selected(std::vector<Column> const& columns);
// "unnest($n::text[], …)", n counted on.
std::string unnested(std::vector<Column> const& columns, int& n, bool with_owner);

class Templates {
 public:
  Templates(Postgres& db, int most_cases);

  std::vector<Table> const& tables() const { return tables_; }  // report_key first
  // Parameters of one batch: for each table its columns as arrays, then the case each row belongs to. Template `number`
  // modulo their count, under ids made of `number`. Safe from several threads.
  std::vector<std::string> batch(std::int64_t number, std::size_t count) const;
  std::string case_no(std::int64_t number) const;

 private:
  struct Ids {
    std::string case_no, report_id, key;
  };
  struct Row {
    std::vector<std::optional<std::string>> values;
  };
  struct Case {
    Ids ids;
    std::vector<std::vector<Row>> rows;  // by table
  };
  void read_rows(Postgres& db, std::size_t table);
  Ids ids_for(std::int64_t number) const;

  std::vector<Table> tables_;
  std::vector<Case> cases_;
};

}  // namespace wangge::bench
