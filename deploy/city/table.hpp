// One CSV file of a city: its header is checked, its rows are walked, and what is wrong with a field is written down
// under file, line and column. Knows no column's meaning.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>

#include "deploy/load.hpp"

namespace wangge::deploy {

class TableRow {
 public:
  std::string const& operator[](std::string_view column) const;  // "" when the file has no such column
  void bad(std::string_view column, std::string const& reason);
  bool good() const { return good_; }
  std::int64_t line() const { return line_; }

  // Each says what is wrong itself and then gives a harmless value.
  std::string const& word(std::string_view column);  // not empty
  std::string digits(std::string_view column, std::size_t count);
  std::int64_t number(std::string_view column, std::int64_t least, std::int64_t most);
  double real(std::string_view column, double least, double most);
  core::LocalDay day(std::string_view column);
  std::optional<core::LocalDay> day_or_none(std::string_view column);
  std::int32_t minute(std::string_view column);  // "06:30", up to "24:00"
  std::string const& one_of(std::string_view column, std::initializer_list<std::string_view> words);
  std::vector<std::string> words(std::string_view column);  // by spaces; may be none
  // from_day, to_day (the last day on which it holds), weekdays (digits, 1 = Monday), from, to; each may be empty or absent.
  core::Times times();
  std::optional<std::int64_t> number_or_none(std::string_view column, std::int64_t least, std::int64_t most);
  std::optional<double> real_or_none(std::string_view column, double least, double most);

 private:
  friend class CityTable;
  std::map<std::string, std::size_t, std::less<>> const* columns_ = nullptr;
  std::string const* file_ = nullptr;
  std::vector<BadRow>* report_ = nullptr;
  std::vector<std::string> fields_;
  std::int64_t line_ = 0;
  bool good_ = true;
};

class CityTable {
 public:
  CityTable(FileSource const& source, std::string file, std::vector<BadRow>& report);
  bool exists() const { return exists_; }
  // Walks the rows; `required` columns must stand in the header. Without the file: one bad row, unless `optional`.
  void each(std::initializer_list<std::string_view> required, std::function<void(TableRow&)> const& row,
            bool optional = false);

 private:
  std::string file_, text_;
  bool exists_;
  std::vector<BadRow>& report_;
};

// Remembers keys; says "twice" in the row's own words.
class Keys {
 public:
  void add(TableRow& row, std::string_view column, std::string key);
  bool has(std::string const& key) const { return lines_.contains(key); }
  std::int64_t line(std::string const& key) const {  // where it stands; 0: nowhere
    auto const found = lines_.find(key);
    return found == lines_.end() ? 0 : found->second;
  }

 private:
  std::map<std::string, std::int64_t> lines_;
};

bool is_utf8(std::string_view text);
std::optional<std::int32_t> parse_minute(std::string_view text);  // "06:30", up to "24:00"
std::optional<double> parse_real(std::string_view text);
std::optional<std::int64_t> parse_number(std::string_view text);

}  // namespace wangge::deploy
