// A page behind a number of a listed month.
#include <algorithm>

#include "storage/chain.hpp"
#include "storage/lists.hpp"
#include "storage/place_set.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

constexpr std::size_t kTouched =
    500;  // asked about at once; with more the month is computed as a whole until it is listed anew
constexpr std::size_t kSpare = 10;  // asked about beyond the page: some may not count any more

using Name = std::pair<std::string, std::string>;
// A case is behind the number when it is in one set of every group.
using Groups = std::vector<std::vector<Name>>;

// The sets of a row; nullopt: this grouping has none.
std::optional<std::vector<Name>> row_sets(core::City const& city, std::string const& by, std::string const& key) {
  if (by == "unit_tree") {
    std::vector<Name> below{{"unit", key}};
    for (auto const& [unit, what] : city.units) {
      auto const path = path_up(unit, by, city);
      if (unit != key && !key.empty() && std::find(path.begin(), path.end(), key) != path.end())
        below.push_back({"unit", unit});
    }
    return below;
  }
  if (by == "region_tree") return std::vector<Name>{{"community", key}, {"street", key}};
  for (std::string_view const one : {"street", "unit", "squad", "class", "source", "grid", "community", "category"})
    if (by == one) return std::vector<Name>{{by, key}};
  return std::nullopt;
}

std::optional<Groups> groups_of(core::City const& city, ClosureRequest const& r, CaseFilter const& f) {
  Groups groups;
  auto const& who = r.who;
  auto const key = f.closure_key == "-" ? "" : f.closure_key;
  bool const whole = f.closure_key.empty() || ((r.by == "district" || r.by == "region_tree") && key == who.district);
  if (!whole) {
    auto sets = row_sets(city, r.by, key);
    if (!sets) return std::nullopt;
    groups.push_back(std::move(*sets));
  }
  bool const by_place = who.role == core::Role::patroller || who.role == core::Role::patrol_lead;
  if (!who.street.empty()) groups.push_back({{"street", who.street}});
  if (!by_place && !who.unit.empty()) groups.push_back({{"unit", who.unit}});
  if (!by_place && !who.squad.empty()) groups.push_back({{"squad", who.squad}});
  return groups;
}

class Lister {
 public:
  Lister(pg::Session& s, ClosureRequest const& r, CaseFilter const& f, std::int64_t month, std::size_t size)
      : s_(s), r_(r), f_(f), month_(month), size_(size) {}

  PlaceSet chosen(Groups const& groups) {
    std::vector<std::string> plus{f_.closure_field}, minus;
    if (f_.closure_field == "closed_late") plus = {"closed"}, minus = {"closed_on_time"};
    if (f_.closure_field == "not_closed") plus = {"due"}, minus = {"closed"};
    pg::Column by, key;
    auto const want = [&](Name const& name) { by.add(name.first), key.add(name.second); };
    for (auto const& column : plus) want({"column", column});
    for (auto const& column : minus) want({"column", column});
    for (auto const& group : groups)
      for (auto const& name : group) want(name);
    std::map<Name, PlaceSet> sets;
    for (auto const& row : s_.run(queries::list_sets, which().array(by).array(key)))
      sets.emplace(Name(pg::text(row[0]), pg::text(row[1])), unpack(from_hex(pg::text(row[2])), size_));
    auto const any = [&](std::vector<Name> const& names) {
      PlaceSet all(size_);
      for (auto const& name : names)
        if (auto const found = sets.find(name); found != sets.end()) all |= found->second;
      return all;
    };
    auto set = any({{"column", plus.front()}});
    for (auto const& column : minus) set -= any({{"column", column}});
    for (auto const& group : groups) set &= any(group);
    return set;
  }

  Page page(PlaceSet const& set, std::set<std::string> const& touched, std::string after) {
    auto const limit = static_cast<std::size_t>(f_.limit);
    std::vector<std::pair<std::string, std::string>> found;  // a case and its line
    auto place = after.empty()
                     ? 0
                     : static_cast<std::size_t>(pg::number(s_.run(queries::list_place, which().text(after))[0][0]));
    for (bool over = false; !over && found.size() <= limit;) {
      pg::Column places;
      std::size_t many = 0;
      for (; many < limit + 1 + kSpare; ++many) {
        auto const next = set.next(place);
        if (!next) break;
        places.add(static_cast<std::int64_t>(*next));
        place = *next + 1;
      }
      over = many < limit + 1 + kSpare;
      std::set<std::string> ask;
      if (many != 0)
        for (auto const& row : s_.run(queries::list_numbers, which().array(places))) ask.insert(pg::text(row[0]));
      auto const up_to = over ? touched.end() : touched.upper_bound(*ask.rbegin());
      auto const behind = over ? std::string() : *ask.rbegin();
      ask.insert(touched.upper_bound(after), up_to);
      if (!ask.empty()) judge(ask, found);
      after = behind;
    }
    Page page{"[", ""};
    for (std::size_t i = 0; i < std::min(limit, found.size()); ++i) page.items += (i == 0 ? "" : ",") + found[i].second;
    page.items += ']';
    if (found.size() > limit)
      page.next_cursor = make_cursor({"closure", found[limit - 1].first, found[limit - 1].first});
    return page;
  }

 private:
  pg::Params which() const { return pg::Params().text(r_.who.district).number(month_); }
  void judge(std::set<std::string> const& ask, std::vector<std::pair<std::string, std::string>>& found) {
    auto params = closure_params(r_).text(f_.closure_field);
    f_.closure_key.empty() ? params.null() : params.text(f_.closure_key == "-" ? "" : f_.closure_key);
    params.text("").number(std::int64_t(ask.size())).number(read_now().time_since_epoch().count()).text(r_.campaign);
    params.array(std::vector<std::string>(ask.begin(), ask.end()));
    for (auto const& row : s_.run(queries::span_closure_among, params))
      found.emplace_back(pg::text(row[1]), pg::text(row[0]));
  }
  pg::Session& s_;
  ClosureRequest const& r_;
  CaseFilter const& f_;
  std::int64_t month_;
  std::size_t size_;
};

}  // namespace

std::optional<Page> list_page(pg::Session& s, core::City const& city, ClosureRequest const& r, CaseFilter const& f,
                              std::string const& after) {
  if (!r.campaign.empty()) return std::nullopt;
  auto const groups = groups_of(city, r, f);
  if (!groups) return std::nullopt;
  auto const millis = [](core::Instant at) { return at.time_since_epoch().count(); };
  auto const found = s.run(queries::list_find, pg::Params()
                                                   .text(r.who.district)
                                                   .number(millis(r.from))
                                                   .number(millis(r.to))
                                                   .number(millis(r.as_of))
                                                   .number(millis(r.previous_as_of))
                                                   .number(std::int64_t(kTouched)));
  if (found.empty()) return std::nullopt;
  if (found.size() > kTouched) return std::nullopt;
  std::set<std::string> touched;
  for (auto const& row : found)
    if (!row[2].is_null()) touched.insert(pg::text(row[2]));
  Lister lister(s, r, f, pg::number(found[0][0]), static_cast<std::size_t>(pg::number(found[0][1])));
  return lister.page(lister.chosen(*groups), touched, after);
}

}  // namespace wangge::storage
