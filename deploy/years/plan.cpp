// What is reported on a day, where and by whom: the mix, the seasons and the weather of DOMAIN 8.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "deploy/lives/talk.hpp"
#include "deploy/years/life.hpp"

namespace wangge::deploy {
namespace {

using core::Instant;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kStandard = "gbt47678.5-2026";

// months: weight of each season (spring, summer, autumn, winter); storm: how many times more on a day of rain or snow.
struct Topic {
  std::string_view code;
  int weight;
  std::array<int, 4> season;  // percent
  int storm;                  // percent
  std::string_view problem;
};
constexpr std::array kTopics{
    Topic{"07001", 170, {100, 90, 100, 110}, 40, "墙面、电线杆上张贴小广告"},
    Topic{"06010", 130, {100, 140, 100, 80}, 110, "有暴露垃圾无人清理"},
    Topic{"06036", 120, {100, 100, 100, 100}, 60, "堆放杂物影响通行"},
    Topic{"09005", 105, {110, 140, 100, 60}, 30, "商户占用店外人行道经营"},
    Topic{"09010", 90, {100, 100, 100, 90}, 80, "电动车乱停乱放"},
    Topic{"06012", 70, {100, 100, 100, 100}, 200, "路面脏污有油渍"},
    Topic{"09006", 60, {110, 160, 100, 40}, 20, "摊贩占道经营"},
    Topic{"09011", 40, {110, 110, 110, 70}, 60, "共享单车堆积"},
    Topic{"06042", 40, {100, 130, 100, 90}, 100, "垃圾箱满溢"},
    Topic{"09001", 30, {100, 130, 100, 70}, 30, "流动摊贩叫卖"},
    Topic{"06013", 30, {90, 120, 90, 120}, 250, "路面破损有坑洞"},
    Topic{"06017", 28, {120, 100, 120, 60}, 80, "绿地内有塑料袋等垃圾"},
    Topic{"07007", 20, {100, 100, 110, 100}, 150, "横幅悬挂不规范"},
    Topic{"08002", 20, {120, 110, 120, 60}, 50, "施工材料占用车道"},
    Topic{"06014", 12, {110, 100, 110, 90}, 150, "渣土遗撒"},
    Topic{"06050", 8, {100, 100, 100, 100}, 100, "路缘石缺失"},
    Topic{"01003", 9, {90, 180, 90, 60}, 700, "雨水井盖移位，行人有跌落危险"},
    Topic{"01002", 6, {100, 120, 100, 90}, 300, "污水井盖缺失"},
    Topic{"06020", 6, {120, 60, 150, 90}, 5, "有人焚烧树叶"},
    Topic{"09012", 6, {100, 100, 100, 100}, 100, "消防通道被车辆堵住"},
    Topic{"06028", 8, {90, 170, 90, 60}, 30, "音响噪声扰民"},
    Topic{"01037", 9, {90, 90, 110, 140}, 200, "路灯不亮"},
    Topic{"04002", 5, {130, 130, 90, 60}, 500, "行道树枯枝下垂"},
    Topic{"03005", 5, {100, 100, 100, 100}, 100, "垃圾箱破损"},
};

struct Source {
  std::string_view id;
  int weight;
};
constexpr std::array kSources{Source{"patrol", 868},   Source{"hotline_12345", 38}, Source{"hotline_12319", 18},
                              Source{"public", 30},    Source{"video", 10},         Source{"ai", 14},
                              Source{"leader", 3},     Source{"media", 3},          Source{"inspection", 5},
                              Source{"department", 4}, Source{"enforcement", 3},    Source{"sensor", 4}};
constexpr std::uint64_t kCorners = 130;  // where a market, a school, a station draws people
constexpr std::array kHours{1, 1, 0, 0, 0, 1, 2, 5, 9, 11, 10, 7, 4, 4, 8, 10, 9, 7, 6, 5, 4, 3, 2, 1};

template <class List, class Weight>
std::size_t pick(Dice& dice, List const& list, Weight weight) {
  std::uint64_t sum = 0;
  for (auto const& one : list) sum += static_cast<std::uint64_t>(weight(one));
  auto left = dice.below(sum);
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto const w = static_cast<std::uint64_t>(weight(list[i]));
    if (left < w) return i;
    left -= w;
  }
  return 0;
}

// Fewer in the cold and over the new year's weeks, more before the inspections of autumn.
constexpr std::array kMonthPercent{84, 78, 98, 102, 106, 108, 110, 108, 106, 102, 104, 94};

}  // namespace

struct Years::Impl {
  Impl(storage::standing::StandingSet const& s, YearOptions const& o, Instant h)
      : set(s), options(o), horizon(h), city(s.city()) {}

  storage::standing::StandingSet const& set;
  YearOptions options;
  Instant horizon;
  core::City city;
  Walks walks;

  YearCase report(Dice& dice, core::LocalDay day, bool storm, std::string const& key, Bent const& bent);
  void route(YearCase& c);
  std::string on_duty(YearCase const& c) const;
};

Years::Years(storage::standing::StandingSet const& set, YearOptions const& options, Instant horizon)
    : impl_(std::make_unique<Impl>(set, options, horizon)) {}
Years::~Years() = default;

std::string Years::Impl::on_duty(YearCase const& c) const {
  core::Case place;
  place.street = c.street, place.community = c.grid.substr(0, 12), place.grid = c.grid;
  return core::patroller_on_duty(city, place, c.at, "");
}

void Years::Impl::route(YearCase& c) {
  auto const* entry = city.find(c.category);
  if (entry == nullptr) throw std::logic_error("the demo's catalogue has no " + c.category.code);
  core::Case asked;
  asked.standard = c.category.standard, asked.kind = c.category.kind, asked.code = c.category.code;
  asked.class_code = entry->class_code;
  asked.condition = c.condition.empty() ? entry->conditions.front().id : c.condition;
  asked.street = c.street, asked.community = c.grid.substr(0, 12), asked.grid = c.grid;
  auto const routed = core::route(city, asked, {c.at, std::nullopt, nullptr});
  if (!routed) throw std::logic_error("the demo's routes have no answer for " + c.category.code + " in " + c.street);
  c.unit = routed->unit, c.squad = routed->squad;
}

YearCase Years::Impl::report(Dice& dice, core::LocalDay day, bool storm, std::string const& key, Bent const& bent) {
  YearCase c;
  c.key = key;
  c.report_id = stable_uuid("wangge demo years " + key);
  auto const month = static_cast<unsigned>(std::chrono::year_month_day{day}.month());
  auto const season = (month % 12) / 3 == 0 ? 3u : (month % 12) / 3 - 1;  // spring 0 … winter 3
  auto const hour = pick(dice, kHours, [](int w) { return w; });
  c.at = Instant{day} - minutes{set.utc_offset_minutes} + std::chrono::hours{hour} + seconds{dice.below(3600)} +
         core::Millis{dice.below(1000)};
  // Most of it happens at the same corners, month after month.
  auto const spot =
      dice.below(100) < 65 ? (dice.below(kCorners) * 2'654'435'761u + options.seed * 97) : dice.below(set.cells.size());
  auto const& cell = set.cells[spot % set.cells.size()];
  auto const& ring = cell.shape.rings[0];
  c.lon = ring[0].first + (ring[2].first - ring[0].first) * (0.1 + 0.8 * dice.unit());
  c.lat = ring[0].second + (ring[2].second - ring[0].second) * (0.1 + 0.8 * dice.unit());
  c.street = cell.shape.street;
  c.grid = cell.shape.grid;
  auto const& topic = kTopics[pick(
      dice, kTopics, [&](Topic const& t) { return t.weight * t.season[season] * (storm ? t.storm : 100) / 100; })];
  c.category = {std::string(kStandard), "matter", std::string(topic.code)};
  c.description = topic.problem;
  auto const& conditions = city.find(c.category)->conditions;
  auto const nth = dice.below(conditions.size() + 1);
  if (nth < conditions.size()) c.condition = conditions[nth].id;
  route(c);
  c.source = kSources[pick(dice, kSources, [](Source const& s) { return s.weight; })].id;
  auto const walker = on_duty(c);
  // A bent patroller does not see what lies in his way: a neighbour rings the hotline instead.
  if (c.source == "patrol" && walker == bent.patroller && c.squad == bent.squad && dice.below(100) < 60)
    c.source = "public";
  if (c.source == "patrol") {
    c.reporter = walker;
    c.role = core::Role::patroller;
    c.self_disposed = dice.below(1000) < 30;
  } else if (c.source.starts_with("hotline")) {
    c.reporter = "hotline-" + std::to_string(1 + dice.below(2));
    c.role = core::Role::hotline_agent;
  } else {
    c.reporter = "app-1";
    if (c.source == "ai") c.confidence = dice.below(100) < 70 ? 0.93 : 0.55;
    c.misplaced = c.source == "public" && dice.below(100) < 4;
  }
  return c;
}

std::vector<YearCase> Years::day(core::LocalDay day, bool fraud) {
  auto const& o = impl_->options;
  auto const number = static_cast<std::uint64_t>((day - core::LocalDay{}).count());
  Dice weather(o.seed * 7'919 + number * 104'729 + 13);
  auto const month = static_cast<unsigned>(std::chrono::year_month_day{day}.month());
  bool const wet = (month >= 6 && month <= 8) || month <= 2 || month == 12;
  bool const storm = weather.below(100) < (wet ? 10u : 4u);
  auto const percent = kMonthPercent[month - 1] * (storm ? 155 : 97) / 100;
  auto const wanted = o.per_day * percent * static_cast<int>(88 + weather.below(25)) / 10'000;
  Bent const bent = fraud ? Bent{"patrol-2", "appearance-1"} : Bent{"", ""};
  std::vector<YearCase> cases;
  impl_->walks.forget_before(Instant{day} - std::chrono::days{2});
  auto const date = std::chrono::year_month_day{day};
  char text[24];
  std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  auto const head = "y" + std::to_string(o.seed) + "-" + text + "-";
  auto keep = [&](YearCase c) {
    std::erase_if(c.steps, [&](YearStep const& s) { return s.at > impl_->horizon; });
    if (c.at <= impl_->horizon) cases.push_back(std::move(c));
  };
  auto live = [&](Dice& dice, YearCase& c, std::string const& master, std::optional<Instant> master_ends) {
    LifePlan life(impl_->city, dice, c, bent, impl_->walks);
    if (!master.empty()) life.twin_of(master, master_ends);
    life.live();
    auto const ended = life.ended();
    if (auto linked = std::move(life).linked()) {
      linked->key = c.key + "+";
      linked->parent = c.key;
      linked->source = c.source, linked->category = c.category;
      linked->street = c.street, linked->grid = c.grid, linked->lon = c.lon, linked->lat = c.lat;
      linked->description = c.description;
      impl_->route(*linked);
      LifePlan(impl_->city, dice, *linked, bent, impl_->walks).live();
      keep(std::move(*linked));
    }
    return ended;
  };
  for (int i = 1; i <= wanted; ++i) {
    Dice dice(o.seed * 1'000'003 + number * 40'961 + static_cast<std::uint64_t>(i));
    for (int n = 0; n < 3; ++n) dice.next();
    auto c = impl_->report(dice, day, storm, head + std::to_string(i), bent);
    auto const ended = live(dice, c, "", std::nullopt);
    bool const twin = !c.self_disposed && !c.misplaced && dice.below(1000) < 14;
    if (twin) {  // somebody else tells of it too
      auto t = impl_->report(dice, day, storm, head + std::to_string(i) + "b", bent);
      t.category = c.category, t.condition = "", t.description = c.description;
      t.street = c.street, t.grid = c.grid, t.lon = c.lon, t.lat = c.lat;
      t.source = dice.below(2) == 0 ? "public" : "hotline_12345";
      t.self_disposed = t.misplaced = false, t.confidence.reset();
      t.reporter = t.source == "public" ? "app-1" : "hotline-1";
      t.role = t.source == "public" ? core::Role::reporter : core::Role::hotline_agent;
      t.at = c.at + minutes{2 + dice.below(50)};
      impl_->route(t);
      live(dice, t, c.key, ended);
      keep(std::move(t));
    }
    keep(std::move(c));
  }
  return cases;
}

}  // namespace wangge::deploy
