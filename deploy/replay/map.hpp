// The TOML map that says how a foreign CSV is read: which column is what, which words mean which category and source,
// how its times look and where its places are moved to. deploy/demo/README.md describes it; sf311.toml is one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::deploy {

// One row as it will be reported.
struct ReplayRow {
  std::string key, source, condition, description, address;
  core::CategoryKey category;
  double lon = 0, lat = 0;
  bool has_place = false;
  core::Instant opened{};
  std::optional<core::Instant> closed;
  bool clamped = false;  // the file says closed before opened; closed is set to opened
};

class ReplayMap {
 public:
  // Throws std::runtime_error naming file, line and what is wrong.
  static ReplayMap read(std::string const& file);
  static ReplayMap parse(std::string const& text, std::string const& file);  // `file`: its name, for the words
  // Finds its columns in the header; throws std::runtime_error naming a missing one.
  void bind(std::vector<std::string> const& header);
  bool needs_means() const { return mean_target_.has_value(); }
  void add_to_means(std::vector<std::string> const& fields);
  // Says why the row cannot be read, or fills `row`.
  std::string apply(std::vector<std::string> const& fields, ReplayRow& row) const;

 private:
  struct CategoryRule {
    std::map<std::string, std::string> equals, begins;  // column -> text; all must hold
    core::CategoryKey key;
    std::string condition;
  };
  struct Column {
    std::string name;
    std::size_t index = 0;
  };
  struct Piece {  // of the description: literal text, or a column
    std::string text;
    std::optional<std::size_t> column;
  };
  std::string const& at(std::vector<std::string> const& fields, std::string const& column) const;
  std::optional<core::Instant> time_of(std::string const& text) const;
  bool place_of(std::vector<std::string> const& fields, double& lon, double& lat) const;

  std::string file_, key_prefix_, key_, opened_, closed_, lon_, lat_, address_, description_;
  std::string time_format_;              // empty: ISO 8601
  std::int64_t utc_offset_minutes_ = 0;  // of times without a zone
  std::string source_column_, source_default_;
  std::map<std::string, std::string> sources_;
  std::vector<CategoryRule> categories_;
  CategoryRule default_category_;
  double shift_lon_ = 0, shift_lat_ = 0;
  std::optional<std::pair<double, double>> mean_target_;
  double sum_lon_ = 0, sum_lat_ = 0;
  std::int64_t places_ = 0;
  std::map<std::string, std::size_t> columns_;
  std::size_t width_ = 0;  // of the header; columns that nobody names may share a name
  std::vector<Piece> pieces_;
};

// "2016-07-13 15:11:07+00:00", "2016-07-13T15:11:07.5Z", "2016-07-13 15:11"; without a zone the offset counts.
std::optional<core::Instant> parse_iso_time(std::string const& text, std::int64_t utc_offset_minutes);

}  // namespace wangge::deploy
