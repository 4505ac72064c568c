// Reading fields and naming what is wrong with them.
#include "deploy/city/table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "deploy/csv.hpp"

namespace wangge::deploy {
namespace {
constexpr std::string_view kDigits = "0123456789";

template <class T>
std::optional<T> parse_with_charconv(std::string_view text) {
  T value{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}
}  // namespace

std::optional<double> parse_real(std::string_view text) {
  auto const value = parse_with_charconv<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}
std::optional<std::int64_t> parse_number(std::string_view text) {
  return parse_with_charconv<std::int64_t>(text);
}

std::optional<core::LocalDay> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto const y = parse_number(text.substr(0, 4)), m = parse_number(text.substr(5, 2)),
             d = parse_number(text.substr(8, 2));
  if (!y || !m || !d || *m < 1 || *d < 1) return std::nullopt;
  std::chrono::year_month_day const day{std::chrono::year(static_cast<int>(*y)),
                                        std::chrono::month(static_cast<unsigned>(*m)),
                                        std::chrono::day(static_cast<unsigned>(*d))};
  if (!day.ok()) return std::nullopt;
  return core::LocalDay{day};
}

std::optional<std::int32_t> parse_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  auto const h = parse_number(text.substr(0, 2)), m = parse_number(text.substr(3, 2));
  if (!h || !m || *h < 0 || *m < 0 || *m > 59 || *h * 60 + *m > 1440) return std::nullopt;
  return static_cast<std::int32_t>(*h * 60 + *m);
}

bool is_utf8(std::string_view text) {
  std::size_t i = 0;
  auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  while (i < text.size()) {
    unsigned char const c = byte(i);
    std::size_t const more = c < 0x80                ? 0
                             : c >= 0xC2 && c < 0xE0 ? 1
                             : c >= 0xE0 && c < 0xF0 ? 2
                             : c >= 0xF0 && c < 0xF5 ? 3
                                                     : 9;
    if (more == 9 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    }
    if (c == 0xE0 && byte(i + 1) < 0xA0) return false;  // overlong
    if (c == 0xED && byte(i + 1) > 0x9F) return false;  // surrogate
    if ((c == 0xF0 && byte(i + 1) < 0x90) || (c == 0xF4 && byte(i + 1) > 0x8F)) return false;
    i += more + 1;
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------------------

std::string const& TableRow::operator[](std::string_view column) const {
  static std::string const kNothing;
  auto const found = columns_->find(column);
  return found == columns_->end() || found->second >= fields_.size() ? kNothing : fields_[found->second];
}

void TableRow::bad(std::string_view column, std::string const& reason) {
  good_ = false;
  report_->push_back({*file_, line_, std::string(column), reason});
}

std::string const& TableRow::word(std::string_view column) {
  auto const& text = (*this)[column];
  if (text.empty()) bad(column, "is empty");
  return text;
}

std::string TableRow::digits(std::string_view column, std::size_t count) {
  auto const& text = (*this)[column];
  if (text.size() != count || text.find_first_not_of(kDigits) != std::string::npos) {
    bad(column, "\"" + text + "\" is not " + std::to_string(count) + " digits");
  }
  return text;
}

std::int64_t TableRow::number(std::string_view column, std::int64_t least, std::int64_t most) {
  auto const value = parse_number((*this)[column]);
  if (!value || *value < least || *value > most) {
    bad(column,
        "\"" + (*this)[column] + "\" is no whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return least;
  }
  return *value;
}

double TableRow::real(std::string_view column, double least, double most) {
  auto const value = parse_real((*this)[column]);
  if (!value || *value < least || *value > most) {
    std::ostringstream range;
    range << least << " to " << most;
    bad(column, "\"" + (*this)[column] + "\" is no number from " + range.str());
    return least;
  }
  return *value;
}

core::LocalDay TableRow::day(std::string_view column) {
  auto const value = parse_day((*this)[column]);
  if (!value) bad(column, "\"" + (*this)[column] + "\" is no date like 2026-10-01");
  return value.value_or(core::LocalDay{});
}

std::optional<core::LocalDay> TableRow::day_or_none(std::string_view column) {
  if ((*this)[column].empty()) return std::nullopt;
  return day(column);
}

std::int32_t TableRow::minute(std::string_view column) {
  auto const value = parse_minute((*this)[column]);
  if (!value) bad(column, "\"" + (*this)[column] + "\" is no time of day like 06:30");
  return value.value_or(0);
}

std::string const& TableRow::one_of(std::string_view column, std::initializer_list<std::string_view> words) {
  auto const& text = (*this)[column];
  if (std::find(words.begin(), words.end(), text) == words.end()) {
    std::string all;
    for (auto const w : words) all += (all.empty() ? "" : ", ") + std::string(w);
    bad(column, "\"" + text + "\" is none of " + all);
  }
  return text;
}

std::vector<std::string> TableRow::words(std::string_view column) {
  std::vector<std::string> out;
  std::istringstream in((*this)[column]);
  for (std::string word; in >> word;) out.push_back(std::move(word));
  return out;
}

std::optional<std::int64_t> TableRow::number_or_none(std::string_view column, std::int64_t least, std::int64_t most) {
  if ((*this)[column].empty()) return std::nullopt;
  return number(column, least, most);
}

std::optional<double> TableRow::real_or_none(std::string_view column, double least, double most) {
  if ((*this)[column].empty()) return std::nullopt;
  return real(column, least, most);
}

core::Times TableRow::times() {
  core::Times when;
  when.from = day_or_none("from_day");
  when.to = day_or_none("to_day");
  if (when.to) *when.to += core::Days{1};  // a city names the last day; inside, spans are half-open
  if (when.from && when.to && *when.from >= *when.to) bad("to_day", "lies before from_day");
  if (auto const& digits = (*this)["weekdays"]; !digits.empty()) {
    when.weekdays = 0;
    for (char const c : digits) {
      if (c < '1' || c > '7') return bad("weekdays", "\"" + digits + "\": digits 1 (Monday) to 7 (Sunday)"), when;
      when.weekdays = static_cast<std::uint8_t>(when.weekdays | 1u << (c - '1'));
    }
  }
  if (!(*this)["from"].empty()) when.from_minute = minute("from");
  if (!(*this)["to"].empty()) when.to_minute = minute("to");
  if (when.from_minute == when.to_minute) bad("to", "is the same as from: no moment is left");
  return when;
}

// ---------------------------------------------------------------------------------------------------------------

CityTable::CityTable(FileSource const& source, std::string file, std::vector<BadRow>& report)
    : file_(std::move(file)), exists_(source(file_, text_)), report_(report) {}

void CityTable::each(std::initializer_list<std::string_view> required, std::function<void(TableRow&)> const& row,
                 bool optional) {
  if (!exists_) {
    if (!optional) report_.push_back({file_, 0, "", "there is no such file"});
    return;
  }
  std::istringstream in(text_);
  try {
    CsvReader reader(in);
    std::vector<std::string> header;
    if (!reader.next(header)) {
      report_.push_back({file_, 1, "", "the file is empty; the first line names the columns"});
      return;
    }
    std::map<std::string, std::size_t, std::less<>> columns;
    for (std::size_t i = 0; i < header.size(); ++i) columns.emplace(header[i], i);
    for (auto const column : required) {
      if (!columns.contains(column)) report_.push_back({file_, 1, std::string(column), "this column is missing"});
    }
    TableRow view;
    view.columns_ = &columns;
    view.file_ = &file_;
    view.report_ = &report_;
    while (reader.next(view.fields_)) {
      view.line_ = reader.line();
      view.good_ = true;
      if (view.fields_.size() != header.size()) {
        view.bad("", std::to_string(view.fields_.size()) + " fields, the header has " + std::to_string(header.size()));
        continue;
      }
      for (std::size_t i = 0; i < header.size(); ++i) {
        if (!is_utf8(view.fields_[i])) view.bad(header[i], "is not UTF-8");
      }
      if (view.good_) row(view);
    }
  } catch (CsvBroken const& broken) {
    report_.push_back({file_, broken.line, "", broken.what()});
  }
}

void Keys::add(TableRow& row, std::string_view column, std::string key) {
  auto const [at, fresh] = lines_.emplace(std::move(key), row.line());
  if (!fresh) row.bad(column, "the same key as in line " + std::to_string(at->second));
}

}  // namespace wangge::deploy
