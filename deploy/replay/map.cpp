// Reading the map, then reading rows by it.
#include "deploy/replay/map.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <fstream>
#include <iterator>
#include <set>

#include "deploy/city/table.hpp"
#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace {

[[noreturn]] void wrong(std::string const& file, std::string const& what) {
  throw UsageError(file + ": " + what);
}

std::map<std::string, std::string> words_of(toml::node_view<toml::node> node) {
  std::map<std::string, std::string> out;
  if (auto const* table = node.as_table()) {
    for (auto const& [key, value] : *table) out[std::string(key.str())] = value.value_or(std::string());
  }
  return out;
}

void check_source(std::string const& file, std::string const& source) {
  if (std::find(core::kSources.begin(), core::kSources.end(), source) == core::kSources.end()) {
    wrong(file, "unknown source \"" + source + "\"");
  }
}

// Reads digits at `at` and moves on; -1 when there are not `count` of them.
int take_digits(std::string const& text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    char const c = text[at + i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  at += count;
  return value;
}

}  // namespace

std::optional<core::Instant> parse_iso_time(std::string const& text, std::int64_t utc_offset_minutes) {
  auto const day = parse_day(std::string_view(text).substr(0, 10));
  if (!day || text.size() < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':') return std::nullopt;
  std::size_t at = 11;
  int const hour = take_digits(text, at, 2);
  ++at;
  int const minute = take_digits(text, at, 2);
  int second = 0, milli = 0;
  if (at < text.size() && text[at] == ':') {
    ++at;
    second = take_digits(text, at, 2);
    if (at < text.size() && text[at] == '.') {
      int scale = 100;
      for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10)
        milli += (text[at] - '0') * scale;
    }
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  auto offset = utc_offset_minutes;
  auto const zone = text.substr(std::min(at, text.size()));
  if (zone == "Z" || zone == "z" || zone == " UTC") {
    offset = 0;
  } else if (zone.size() >= 5 && (zone[0] == '+' || zone[0] == '-')) {
    std::size_t z = 1;
    int const h = take_digits(zone, z, 2);
    if (z < zone.size() && zone[z] == ':') ++z;
    int const m = take_digits(zone, z, 2);
    if (h < 0 || h > 14 || m < 0 || m > 59 || z != zone.size()) return std::nullopt;
    offset = (zone[0] == '-' ? -1 : 1) * (h * 60 + m);
  } else if (!zone.empty()) {
    return std::nullopt;
  }
  return core::Instant(*day) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
         core::Millis(milli) - std::chrono::minutes(offset);
}

ReplayMap ReplayMap::read(std::string const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) wrong(file, "it cannot be read");
  return parse({std::istreambuf_iterator<char>(in), {}}, file);
}

ReplayMap ReplayMap::parse(std::string const& text, std::string const& file) {
  ReplayMap map;
  map.file_ = file;
  toml::table t;
  try {
    t = toml::parse(text);
  } catch (toml::parse_error const& error) {
    wrong(file, "line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
  auto word = [&](char const* table, char const* key, std::string fallback = "") {
    return t[table][key].value_or(std::move(fallback));
  };
  map.key_prefix_ = t["key_prefix"].value_or(std::string());
  map.key_ = word("columns", "key");
  map.opened_ = word("columns", "opened");
  map.closed_ = word("columns", "closed");
  map.lon_ = word("columns", "lon");
  map.lat_ = word("columns", "lat");
  map.address_ = word("columns", "address");
  map.description_ = t["description"].value_or(std::string());
  map.time_format_ = word("time", "format");
  map.utc_offset_minutes_ = t["time"]["utc_offset_minutes"].value_or(std::int64_t{0});
  map.source_column_ = word("source", "column");
  map.source_default_ = word("source", "default", "import");
  map.sources_ = words_of(t["source"]["values"]);
  map.shift_lon_ = t["place"]["shift_lon"].value_or(0.0);
  map.shift_lat_ = t["place"]["shift_lat"].value_or(0.0);
  if (t["place"]["shift"].value_or(std::string()) == "mean") {
    map.mean_target_ = {t["place"]["target_lon"].value_or(0.0), t["place"]["target_lat"].value_or(0.0)};
  }
  auto rule_of = [&](toml::table& from) {
    CategoryRule rule;
    rule.equals = words_of(toml::node_view<toml::node>(from.get("equals")));
    rule.begins = words_of(toml::node_view<toml::node>(from.get("begins")));
    rule.key = {from["standard"].value_or(std::string("gbt47678.5-2026")), from["kind"].value_or(std::string("matter")),
                from["code"].value_or(std::string())};
    rule.condition = from["condition"].value_or(std::string());
    if (rule.key.code.empty()) wrong(file, "a category without code");
    return rule;
  };
  if (auto* list = t["category"].as_array()) {
    for (auto& item : *list) {
      if (auto* table = item.as_table()) map.categories_.push_back(rule_of(*table));
    }
  }
  auto* fallback = t["default_category"].as_table();
  if (fallback == nullptr) wrong(file, "there is no [default_category]");
  map.default_category_ = rule_of(*fallback);
  check_source(file, map.source_default_);
  for (auto const& [text, source] : map.sources_) check_source(file, source);
  if (map.key_.empty() || map.opened_.empty()) wrong(file, "[columns] needs at least key and opened");
  if (map.lon_.empty() != map.lat_.empty()) wrong(file, "[columns] needs lon and lat, or neither");
  return map;
}

void ReplayMap::bind(std::vector<std::string> const& header) {
  columns_.clear();
  pieces_.clear();
  width_ = header.size();
  std::set<std::string> twice;
  for (std::size_t i = 0; i < width_; ++i)
    if (!columns_.emplace(header[i], i).second) twice.insert(header[i]);
  auto need = [&](std::string const& column) {
    if (!column.empty() && twice.contains(column)) wrong(file_, "the CSV has two columns \"" + column + "\"");
    if (!column.empty() && !columns_.contains(column)) wrong(file_, "the CSV has no column \"" + column + "\"");
  };
  for (auto const* column : {&key_, &opened_, &closed_, &lon_, &lat_, &address_, &source_column_}) need(*column);
  for (auto const& rule : categories_) {
    for (auto const& [column, text] : rule.equals) need(column);
    for (auto const& [column, text] : rule.begins) need(column);
  }
  for (std::size_t from = 0; from < description_.size();) {
    auto const open = std::min(description_.find('{', from), description_.size());
    if (open > from) pieces_.push_back({description_.substr(from, open - from), std::nullopt});
    if (open == description_.size()) break;
    auto const close = description_.find('}', open);
    if (close == std::string::npos) wrong(file_, "description: a { without }");
    auto const name = description_.substr(open + 1, close - open - 1);
    if (name.empty()) wrong(file_, "description: {} names no column");
    need(name);
    pieces_.push_back({"", columns_.at(name)});
    from = close + 1;
  }
}

std::string const& ReplayMap::at(std::vector<std::string> const& fields, std::string const& column) const {
  static std::string const kNothing;
  auto const found = columns_.find(column);
  return found == columns_.end() || found->second >= fields.size() ? kNothing : fields[found->second];
}

std::optional<core::Instant> ReplayMap::time_of(std::string const& text) const {
  if (time_format_.empty()) return parse_iso_time(text, utc_offset_minutes_);
  std::tm tm{};
  char const* const end = strptime(text.c_str(), time_format_.c_str(), &tm);
  if (end == nullptr || *end != '\0') return std::nullopt;
  bool const has_zone = time_format_.find("%z") != std::string::npos;
  auto const offset = std::chrono::seconds(has_zone ? tm.tm_gmtoff : utc_offset_minutes_ * 60);
  return core::Instant(std::chrono::seconds(timegm(&tm))) - offset;
}

// 0,0 is how foreign systems write "no place": it is kept as it is.
bool ReplayMap::place_of(std::vector<std::string> const& fields, double& lon, double& lat) const {
  auto const x = parse_real(at(fields, lon_)), y = parse_real(at(fields, lat_));
  lon = x.value_or(0);
  lat = y.value_or(0);
  return x && y && (lon != 0 || lat != 0);
}

void ReplayMap::add_to_means(std::vector<std::string> const& fields) {
  double lon = 0, lat = 0;
  if (!place_of(fields, lon, lat)) return;
  sum_lon_ += lon;
  sum_lat_ += lat;
  ++places_;
}

std::string ReplayMap::apply(std::vector<std::string> const& fields, ReplayRow& row) const {
  if (fields.size() != width_) {
    return std::to_string(fields.size()) + " fields, the header has " + std::to_string(width_);
  }
  row = {};
  if (at(fields, key_).empty()) return "no key";
  row.key = key_prefix_ + at(fields, key_);
  auto const opened = time_of(at(fields, opened_));
  if (!opened) return "column " + opened_ + " is no time: \"" + at(fields, opened_).substr(0, 40) + "\"";
  row.opened = *opened;
  if (auto const& text = at(fields, closed_); !text.empty()) {
    row.closed = time_of(text);
    if (!row.closed) return "column " + closed_ + " is no time: \"" + text.substr(0, 40) + "\"";
    row.clamped = *row.closed < row.opened;
    if (row.clamped) row.closed = row.opened;
  }
  row.has_place = place_of(fields, row.lon, row.lat);
  if (row.has_place) {
    row.lon += mean_target_ && places_ > 0 ? mean_target_->first - sum_lon_ / static_cast<double>(places_) : shift_lon_;
    row.lat +=
        mean_target_ && places_ > 0 ? mean_target_->second - sum_lat_ / static_cast<double>(places_) : shift_lat_;
  } else {
    row.lon = row.lat = 0;
  }
  auto const source = sources_.find(at(fields, source_column_));
  row.source = source == sources_.end() ? source_default_ : source->second;
  auto const rule = std::find_if(categories_.begin(), categories_.end(), [&](CategoryRule const& r) {
    return std::all_of(r.equals.begin(), r.equals.end(),
                       [&](auto const& e) { return at(fields, e.first) == e.second; }) &&
           std::all_of(r.begins.begin(), r.begins.end(),
                       [&](auto const& b) { return at(fields, b.first).starts_with(b.second); });
  });
  auto const& chosen = rule == categories_.end() ? default_category_ : *rule;
  row.category = chosen.key;
  row.condition = chosen.condition;
  row.address = at(fields, address_);
  for (auto const& piece : pieces_) row.description += piece.column ? fields[*piece.column] : piece.text;
  return "";
}

}  // namespace wangge::deploy
