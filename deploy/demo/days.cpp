// Plans a day: who reports what where, and what becomes of it. Pure arithmetic from seed, date and the demo's standing
// data; deadlines and routes come from the core, so that the answers are known before anything is played.
#include "deploy/demo/days.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "deploy/city/table.hpp"
#include "deploy/demo/grid.hpp"
#include "dispatcher/core/decide.hpp"

namespace wangge::deploy {
namespace {

using core::Instant;
using namespace std::chrono_literals;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::standing::StandingSet;

constexpr std::string_view kStandard = "gbt47678.5-2026";

// What is reported, by weight; the mix follows published month reports of Chinese cities.
struct Topic {
  std::string_view code;
  int weight;
  std::string_view problem;
};
constexpr std::array kTopics{
    Topic{"07001", 18, "墙面、电线杆上张贴小广告"},
    Topic{"06010", 14, "有暴露垃圾无人清理"},
    Topic{"06036", 13, "堆放杂物影响通行"},
    Topic{"09005", 11, "商户占用店外人行道经营"},
    Topic{"09010", 9, "电动车乱停乱放"},
    Topic{"06012", 7, "路面脏污有油渍"},
    Topic{"09006", 6, "摊贩占道经营"},
    Topic{"09011", 4, "共享单车堆积"},
    Topic{"06042", 4, "垃圾箱满溢"},
    Topic{"09001", 3, "流动摊贩叫卖"},
    Topic{"06013", 3, "路面破损有坑洞"},
    Topic{"06017", 3, "绿地内有塑料袋等垃圾"},
    Topic{"07007", 2, "横幅悬挂不规范"},
    Topic{"08002", 2, "施工材料占用车道"},
    Topic{"06014", 1, "渣土遗撒"},
    Topic{"06050", 1, "路缘石缺失"},
};
// Limits that run out within hours, for those who come late; the condition is the urgent one.
struct Urgent {
  std::string_view code, condition, problem;
};
constexpr std::array kUrgent{
    Urgent{"01003", "1", "雨水井盖移位，行人有跌落危险"},
    Urgent{"01002", "1", "污水井盖缺失"},
    Urgent{"06020", "1", "有人焚烧树叶"},
    Urgent{"09012", "1", "消防通道被车辆堵住"},
    Urgent{"06028", "1", "音响噪声扰民"},
};
// Limits of days, for those whose first check fails.
constexpr std::array kSlow{Topic{"06013", 1, "路面破损有坑洞"}, Topic{"06036", 1, "建筑杂物堆放多日"},
                           Topic{"07007", 1, "标语破损"}, Topic{"06017", 1, "绿地大面积脏乱"}};

struct ComponentTopic {
  std::string_view code, problem;
};
constexpr std::array kComponentTopics{ComponentTopic{"01037", "路灯不亮"},
                                      ComponentTopic{"01003", "雨水井盖松动有响声"},
                                      ComponentTopic{"03005", "垃圾箱破损"}, ComponentTopic{"04002", "行道树枯枝下垂"}};

constexpr std::array<std::string_view, 10> kSpots{"路口东侧",   "公交站旁", "学校门口", "菜市场南门", "沿街门店前",
                                                  "小区北门外", "人行道上", "绿化带旁", "停车场入口", "广场西侧"};
constexpr std::array kHourWeights{4, 9, 11, 10, 7, 4, 4, 8, 10, 9, 7, 6, 5, 4, 2};  // 07 … 21

struct FateShare {
  Fate fate;
  int percent;
};
constexpr std::array kShares{
    FateShare{Fate::closed, 61},   FateShare{Fate::closed_late, 9},  FateShare{Fate::reworked, 5},
    FateShare{Fate::voided, 3},    FateShare{Fate::not_accepted, 3}, FateShare{Fate::waiting_dispose, 7},
    FateShare{Fate::disposing, 5}, FateShare{Fate::checking, 4},     FateShare{Fate::to_accept, 3}};

constexpr std::array<std::string_view, kFates> kFateIds{"closed",    "closed_late",  "reworked",
                                                        "voided",    "not_accepted", "waiting_dispose",
                                                        "disposing", "checking",     "to_accept"};

template <class List, class Weight>
auto const& pick(Dice& dice, List const& list, Weight weight) {
  std::uint64_t sum = 0;
  for (auto const& item : list) sum += static_cast<std::uint64_t>(weight(item));
  auto left = dice.below(sum);
  for (auto const& item : list) {
    auto const w = static_cast<std::uint64_t>(weight(item));
    if (left < w) return item;
    left -= w;
  }
  return *list.begin();
}

std::string short_name(std::string name) {
  for (std::string_view const tail :
       {"社区居民委员会", "社区居民委会", "居民委员会", "村民委员会", "村委会", "居委会"}) {
    if (name.size() > tail.size() && name.ends_with(tail)) {
      name.resize(name.size() - tail.size());
      return name + (tail.starts_with("社区") ? "社区" : "");
    }
  }
  return name;
}

class Planner {
 public:
  Planner(StandingSet const& set, std::string const& date, std::uint64_t seed)
      : set_(set), city_(set.city()), date_(date), seed_(seed), dice_(seed * 1'000'003 + hash_of(date)) {
    auto const day = parse_day(date);
    if (!day) throw std::invalid_argument("no date like 2026-10-01: " + date);
    midnight_ = Instant(*day) - minutes(set.utc_offset_minutes);
    last_ = midnight_ + 22h + 45min;  // the last hand-over; check and closing follow before midnight
    for (auto const& c : set.communities) names_[c.code] = short_name(c.zh);
    for (auto const& cell : set.cells) by_place_[place_key(cell.shape.rings[0][0])] = &cell;
    for (auto const& c : set.components) unused_[c.code].push_back(&c);
  }

  DayPlan plan(int count) {
    DayPlan plan;
    plan.date = date_;
    for (int i = 0; i < count; ++i) plan.reports.push_back(one());
    std::stable_sort(plan.reports.begin(), plan.reports.end(),
                     [](auto const& a, auto const& b) { return a.at < b.at; });
    for (std::size_t i = 0; i < plan.reports.size(); ++i) {
      plan.reports[i].key = "demo-" + date_ + "-" + std::to_string(seed_) + "-" + std::to_string(i + 1);
    }
    return plan;
  }

 private:
  using Cell = storage::standing::CellRow;

  static std::uint64_t hash_of(std::string const& text) {
    std::uint64_t h = 1469598103934665603ull;
    for (unsigned char const c : text) h = (h ^ c) * 1099511628211ull;
    return h;
  }
  static std::pair<int, int> place_key(std::pair<double, double> const& south_west) {
    return {static_cast<int>((south_west.first - kWest) / (kEast - kWest) * kColumns + 0.5),
            static_cast<int>((south_west.second - kSouth) / (kNorth - kSouth) * kRows + 0.5)};
  }
  Instant after(Instant at, int least, int most) {
    return at + minutes(least) + seconds(dice_.below(static_cast<std::uint64_t>(most - least) * 60 + 1));
  }

  PlannedReport one();
  Instant time_of(Fate fate);
  void choose_source(PlannedReport& r);
  void choose_problem(PlannedReport& r, std::string& problem);
  void choose_place(PlannedReport& r);
  void place_on_component(PlannedReport& r, std::string& problem);
  void live(PlannedReport& r);
  Instant until_dispatched(PlannedReport& r);
  void route_and_limit(PlannedReport& r);
  void hand_over(PlannedReport& r, Instant from, Instant at);
  Instant disposal_time(PlannedReport const& r);

  StandingSet const& set_;
  core::City city_;
  std::string date_;
  std::uint64_t seed_;
  Dice dice_;
  Instant midnight_{}, last_{};
  std::map<std::string, std::string> names_;
  std::map<std::pair<int, int>, Cell const*> by_place_;
  std::map<std::string, std::vector<storage::standing::ComponentRow const*>> unused_;
  core::Limit limit_;
};

Instant Planner::time_of(Fate fate) {
  auto const& weight = pick(dice_, kHourWeights, [](int w) { return w; });
  auto hour = 7 + static_cast<int>(&weight - kHourWeights.data());
  // Whoever is late or does it twice needs the rest of the day for it.
  if (fate == Fate::closed_late || fate == Fate::reworked) hour = 7 + hour % 8;
  if (fate == Fate::closed || fate == Fate::checking) hour = std::min(hour, 20);
  auto const second = dice_.below(hour == 21 ? 1800 : 3600);
  return midnight_ + std::chrono::hours(hour) + seconds(second);
}

void Planner::choose_source(PlannedReport& r) {
  bool const verified = r.fate == Fate::not_accepted || r.fate == Fate::to_accept;
  auto const n = verified ? 88 + dice_.below(9) : dice_.below(100);
  if (n < 88) {
    r.source = "patrol";
  } else if (n < 92) {
    r.source = "hotline_12345";
  } else if (n < 94) {
    r.source = "hotline_12319";
  } else if (n < 97) {
    r.source = "public";
  } else {
    r.source = n == 97 ? "ai" : "video";
  }
}

void Planner::choose_place(PlannedReport& r) {
  auto const& cell = set_.cells[dice_.below(set_.cells.size())];
  auto const& ring = cell.shape.rings[0];
  r.lon = ring[0].first + (ring[2].first - ring[0].first) * (0.1 + 0.8 * dice_.unit());
  r.lat = ring[0].second + (ring[2].second - ring[0].second) * (0.1 + 0.8 * dice_.unit());
  r.street = cell.shape.street;
  r.grid = cell.shape.grid;
}

// A component is reported at most once a day: the second would be the same case.
void Planner::place_on_component(PlannedReport& r, std::string& problem) {
  auto const& topic = kComponentTopics[dice_.below(kComponentTopics.size())];
  auto& left = unused_[std::string(topic.code)];
  if (left.empty()) return;
  auto const n = dice_.below(left.size());
  auto const& component = *left[n];
  left.erase(left.begin() + static_cast<std::ptrdiff_t>(n));
  r.category.code = topic.code;
  r.condition.clear();
  problem = topic.problem;
  r.component_id = component.component_id;
  r.lon = component.lon;
  r.lat = component.lat;
  auto const column = static_cast<int>((r.lon - kWest) / (kEast - kWest) * kColumns);
  auto const row = static_cast<int>((r.lat - kSouth) / (kNorth - kSouth) * kRows);
  auto const& cell = *by_place_.at({column, row});
  r.street = cell.shape.street;
  r.grid = cell.shape.grid;
}

void Planner::choose_problem(PlannedReport& r, std::string& problem) {
  r.category = {std::string(kStandard), "matter", ""};
  if (r.fate == Fate::closed_late) {
    auto const& topic = kUrgent[dice_.below(kUrgent.size())];
    r.category.code = topic.code;
    r.condition = topic.condition;
    problem = topic.problem;
  } else if (r.fate == Fate::reworked) {
    auto const& topic = kSlow[dice_.below(kSlow.size())];
    r.category.code = topic.code;
    problem = topic.problem;
    if (topic.code == "06036" || topic.code == "06017") r.condition = "1";
  } else {
    auto const& topic = pick(dice_, kTopics, [](Topic const& t) { return t.weight; });
    r.category.code = topic.code;
    problem = topic.problem;
    if (r.fate == Fate::closed && dice_.below(100) < 4) place_on_component(r, problem);
  }
}

void Planner::route_and_limit(PlannedReport& r) {
  auto const* entry = city_.find(r.category);
  if (entry == nullptr) throw std::logic_error("the demo's catalogue has no " + r.category.code);
  auto const* condition = r.condition.empty() ? &entry->conditions.front() : entry->find(r.condition);
  core::Case c;
  c.standard = r.category.standard;
  c.kind = r.category.kind;
  c.code = r.category.code;
  c.class_code = entry->class_code;
  c.condition = condition->id;
  c.street = r.street;
  c.grid = r.grid;
  std::optional<core::ComponentFact> component;
  for (auto const& row : set_.components) {
    if (row.component_id == r.component_id) component = {row.component_id, row.maintainer, row.owner};
  }
  auto const routed = core::route(city_, c, {r.at, component, nullptr});
  if (!routed) throw std::logic_error("the demo's routes have no answer for " + r.category.code + " in " + r.street);
  r.unit = routed->unit;
  r.squad = routed->squad;
  limit_ = condition->limit;
}

// Steps before the disposal: none where policy does it, verified first where it must be. Gives the dispatch's instant.
Instant Planner::until_dispatched(PlannedReport& r) {
  if (!city_.policy.verify_first.contains(r.source)) return r.at;
  auto at = after(r.at, 6, 25);
  r.steps.push_back({"verify", "patroller", at, r.fate == Fate::not_accepted ? "not_exist" : "exist"});
  if (r.fate == Fate::not_accepted) {
    r.steps.push_back({"decline", "acceptor", after(at, 2, 10), ""});
    return {};
  }
  for (auto const& [action, role] :
       {std::pair{"accept", "acceptor"}, {"file", "shift_leader"}, {"dispatch", "dispatch_officer"}}) {
    at = after(at, 1, 4);
    r.steps.push_back({action, role, at, ""});
  }
  return at;
}

// When the squad is done: inside the limit for who is on time, a while after it for who is late.
Instant Planner::disposal_time(PlannedReport const& r) {
  if (r.fate == Fate::closed_late) return after(r.due_at, 8, 90);
  auto const latest = std::min({r.due_at, last_, r.dispatched_at + 5h});
  auto const room = std::chrono::duration_cast<seconds>(latest - r.dispatched_at);
  return r.dispatched_at +
         seconds(static_cast<std::int64_t>(static_cast<double>(room.count()) * (0.35 + 0.5 * dice_.unit())));
}

void Planner::hand_over(PlannedReport& r, Instant from, Instant at) {
  auto const room = std::chrono::duration_cast<seconds>(at - from);
  r.steps.push_back(
      {"sign", dice_.below(2) == 0 ? "squad_leader" : "disposer",
       from + seconds(static_cast<std::int64_t>(static_cast<double>(room.count()) * (0.1 + 0.4 * dice_.unit()))), ""});
  r.steps.push_back({"dispose", "disposer", at, ""});
}

void Planner::live(PlannedReport& r) {
  if (r.fate == Fate::to_accept) {
    if (dice_.below(2) == 0) r.steps.push_back({"verify", "patroller", after(r.at, 6, 25), "exist"});
    return;
  }
  r.dispatched_at = until_dispatched(r);
  if (r.fate == Fate::not_accepted) return;
  r.due_at = core::deadline(city_.calendar_of(r.unit), limit_, r.dispatched_at).due;
  if (r.fate == Fate::waiting_dispose) return;
  if (r.fate == Fate::voided) {
    auto const asked = after(r.dispatched_at, 3, 12);
    r.steps.push_back({"request_void", "acceptor", asked, ""});
    r.steps.push_back({"approve_void", "shift_leader", after(asked, 1, 10), ""});
    return;
  }
  if (r.fate == Fate::disposing) {
    r.steps.push_back({"sign", "squad_leader", after(r.dispatched_at, 3, 25), ""});
    return;
  }
  auto at = disposal_time(r);
  hand_over(r, r.dispatched_at, at);
  if (r.fate == Fate::checking) return;
  if (r.fate == Fate::reworked) {
    at = after(at, 8, 20);
    r.steps.push_back({"check", "patroller", at, "fail"});
    auto const again = after(at, 20, 60);
    hand_over(r, at, again);
    at = again;
  }
  at = after(at, 6, 25);
  r.steps.push_back({"check", "patroller", at, "pass"});
  r.steps.push_back({"close", "acceptor", after(at, 1, 12), ""});
}

PlannedReport Planner::one() {
  PlannedReport r;
  r.fate = pick(dice_, kShares, [](FateShare const& s) { return s.percent; }).fate;
  std::string problem;
  choose_source(r);
  r.at = time_of(r.fate);
  choose_place(r);
  choose_problem(r, problem);
  route_and_limit(r);
  live(r);
  r.description = names_[r.grid.substr(0, 12)] + std::string(kSpots[dice_.below(kSpots.size())]) + problem;
  core::Case place;
  place.street = r.street;
  place.community = r.grid.substr(0, 12);
  place.grid = r.grid;
  r.reporter = r.source == "patrol" ? core::patroller_on_duty(city_, place, r.at, "") : "";
  return r;
}

}  // namespace

std::string_view id(Fate fate) {
  return kFateIds[static_cast<std::size_t>(fate)];
}

DayPlan plan_day(StandingSet const& demo, std::string const& date, std::uint64_t seed, int count) {
  return Planner(demo, date, seed).plan(count);
}

Expected expect(DayPlan const& plan, core::Instant as_of) {
  Expected expected;
  for (auto const& r : plan.reports) {
    if (r.fate == Fate::not_accepted || r.fate == Fate::to_accept) continue;
    bool const done = r.fate == Fate::closed || r.fate == Fate::closed_late || r.fate == Fate::reworked;
    bool const undisposed = r.fate == Fate::waiting_dispose || r.fate == Fate::disposing;
    for (auto* counts : {&expected.by_unit[r.unit], &expected.total}) {
      ++counts->filed;
      ++counts->dispatched;
      counts->due += done || (undisposed && r.due_at < as_of);
      counts->closed += done;
      counts->closed_on_time += done && r.fate != Fate::closed_late;
      counts->reworked += r.fate == Fate::reworked;
      counts->awaiting_check += r.fate == Fate::checking;
    }
  }
  return expected;
}

std::string yesterday(std::int32_t utc_offset_minutes, core::Instant now) {
  auto const today = std::chrono::floor<std::chrono::days>(now + minutes(utc_offset_minutes));
  std::chrono::year_month_day const day{today - std::chrono::days(1)};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
  return out;
}

}  // namespace wangge::deploy
