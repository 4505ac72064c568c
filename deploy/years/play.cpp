// Puts the plan through the engine: the same writers, decisions and transactions as on the road, without its doors and
// wires. One day after the other; within a day whatever touches different cases goes in one batch, whatever touches the
// same case in the order of its instants.
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <unordered_map>
#include <unordered_set>

#include "deploy/demo/demo.hpp"
#include "deploy/lives/talk.hpp"
#include "deploy/years/years.hpp"
#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "storage/postgres_store.hpp"
#include "storage/standing.hpp"

namespace wangge::deploy {
namespace {

using core::Instant;
using core::Millis;

constexpr std::size_t kBatch = 200;  // as the engine's own cap
constexpr auto kOwnerGone = std::chrono::seconds{5};
constexpr std::size_t kFaultsKept = 50;

std::string photo_of(std::string const& name) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<unsigned char const*>(name.data()), name.size());
  std::string out = "sha256-";
  for (auto const byte : hash) out += "0123456789abcdef"[byte >> 4], out += "0123456789abcdef"[byte & 15];
  return out;
}

struct Played {
  YearCase plan;
  std::size_t next = 0;  // step
  bool reported = false;
  std::string case_no;
  std::int64_t version = 0;
  std::unordered_map<std::string, std::string> asked;  // kind -> request_id
};

struct Event {
  Instant at{};
  std::string const* key = nullptr;
  std::size_t step = 0;  // 0 the report, else the step's number + 1
};

class Player {
 public:
  Player(std::string const& url, storage::standing::StandingSet const& set, YearOptions const& options, Instant now)
      : options_(options),
        district_(set.district),
        now_(now),
        store_(storage::open_postgres(url, "demo-years")),
        reports_(district_, *store_, alarm()),
        commands_(district_, *store_, alarm()) {
    if (auto const age = store_->beat_age(district_); age && *age < kOwnerGone)
      throw std::runtime_error("a dispatcher is at work on district " + district_ + ": stop `wangge up` first");
    store_->make_ahead();
    auto const start = store_->take_over(district_, "demo-years");
    epoch_ = start.epoch;
    auto const city = std::make_shared<core::City const>(store_->load_city(district_));
    engine::World world{city, std::make_shared<engine::CellIndex const>(store_->load_cells(district_), city->managed)};
    reports_.begin(start, world, {});
    commands_.begin(epoch_, world);
    seq_ = reports_.cursor("demo-years");
  }

  void add(YearCase plan) {
    auto key = plan.key;
    if (plan.parent.empty()) events_.push_back({plan.at, nullptr, 0});
    auto const [slot, fresh] = cases_.try_emplace(std::move(key));
    slot->second.plan = std::move(plan);
    if (slot->second.plan.parent.empty()) events_.back().key = &slot->first;
    for (std::size_t i = 0; i < slot->second.plan.steps.size(); ++i)
      events_.push_back({slot->second.plan.steps[i].at, &slot->first, i + 1});
  }

  // Everything planned before `until`.
  void play(Instant until) {
    auto const due = std::partition(events_.begin(), events_.end(), [&](Event const& e) { return e.at >= until; });
    std::vector<Event> todo(due, events_.end());
    events_.erase(due, events_.end());
    std::stable_sort(todo.begin(), todo.end(), [](Event const& a, Event const& b) {
      return std::tie(a.at, *a.key, a.step) < std::tie(b.at, *b.key, b.step);
    });
    while (!todo.empty()) {
      todo = pass(todo);
      keep_owning();
    }
  }

  YearsResult result;

 private:
  static std::function<void(std::string)> alarm() {
    return [](std::string const& text) { throw std::runtime_error(text); };
  }
  // Others wait for the district's beat to grow old before they take over.
  void keep_owning() {
    auto const now = std::chrono::steady_clock::now();
    if (now < renewed_ + std::chrono::seconds{1}) return;
    renewed_ = now;
    store_->renew(district_, epoch_);
    if (now > folded_ + std::chrono::seconds{20}) folded_ = now, store_->keep_figures(district_);
  }

  // One batch of reports and one of commands; gives what must wait for them.
  std::vector<Event> pass(std::vector<Event> const& todo) {
    std::vector<Event> left;
    std::unordered_set<std::string> busy;
    std::vector<Played*> reporting;
    std::vector<std::pair<Played*, std::size_t>> acting;
    for (auto const& e : todo) {
      auto& c = cases_.at(*e.key);
      std::vector<std::string> touches{*e.key};
      if (e.step > 0 && !c.plan.steps[e.step - 1].into.empty()) touches.push_back(c.plan.steps[e.step - 1].into);
      if (!c.plan.parent.empty() && c.case_no.empty()) touches.push_back(c.plan.parent);
      bool const waits =
          reporting.size() + acting.size() >= kBatch ||
          std::any_of(touches.begin(), touches.end(), [&](auto const& key) { return busy.contains(key); });
      busy.insert(touches.begin(), touches.end());
      if (waits) {
        left.push_back(e);
      } else if (e.step == 0) {
        reporting.push_back(&c);
      } else {
        acting.emplace_back(&c, e.step - 1);
      }
    }
    send(reporting);
    send(acting);
    return left;
  }

  void send(std::vector<Played*> const& reporting) {
    if (reporting.empty()) return;
    std::vector<engine::ReportIn> batch;
    for (auto* c : reporting) batch.push_back(report_of(c->plan));
    engine::Touched touched;
    auto const answers = reports_.process(batch, options_.live ? reporting.front()->plan.at : now_, touched);
    storage::LoadRequest want;
    for (auto const& answer : answers) want.cases.push_back(answer.answer.case_no());
    auto const loaded = store_->load(district_, want);
    for (std::size_t i = 0; i < reporting.size(); ++i) {
      auto& c = *reporting[i];
      if (answers[i].answer.outcome() != wangge::v1::ReportAnswer::COMMITTED)
        throw std::runtime_error("report " + c.plan.key + " was there before: these years were played already");
      c.case_no = answers[i].answer.case_no();
      c.version = loaded.cases.at(c.case_no).row.version;
      c.reported = true;
    }
    result.cases += static_cast<std::int64_t>(reporting.size());
    ++result.batches;
  }

  engine::ReportIn report_of(YearCase const& c) {
    engine::ReportIn in;
    in.spool_id = "demo-years";
    in.seq = ++seq_;
    auto& r = in.report;
    r.report_id = c.report_id;
    r.district = district_;
    r.principal = c.reporter;
    r.key = c.key;
    r.body_hash = c.report_id;
    r.source = c.source;
    r.category = c.category;
    r.condition = c.condition;
    r.description = c.description;
    if (!c.misplaced) r.lon = c.lon, r.lat = c.lat;
    r.photos = {photo_of(c.key + "/near"), photo_of(c.key + "/far")};
    r.self_disposed = c.self_disposed;
    if (c.self_disposed) r.before_photos = {photo_of(c.key + "/before")}, r.after_photos = {photo_of(c.key + "/after")};
    r.confidence = c.confidence;
    r.extras = "{}";
    r.reported_at = c.at;
    r.received_at = options_.live ? c.at : now_;
    if (!options_.live) r.at = c.at;
    r.role = c.role;
    return in;
  }

  void send(std::vector<std::pair<Played*, std::size_t>> const& acting) {
    if (acting.empty()) return;
    std::vector<engine::CommandIn> batch;
    std::vector<std::pair<Played*, YearStep const*>> sent;
    for (auto const& [c, number] : acting) {
      auto const& step = c->plan.steps[number];
      if (!c->plan.parent.empty() && c->case_no.empty() && !find_linked(*c)) continue;
      if (number != c->next) {
        refuse(*c, step, "an earlier step was refused");
        continue;
      }
      batch.push_back({"", "", command_of(*c, step, number)});
      sent.emplace_back(c, &step);
    }
    engine::Touched touched;
    auto const answers =
        commands_.process(batch, options_.live && !sent.empty() ? sent.front().second->at : now_, touched);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      auto const& [c, step] = sent[i];
      auto const& row = answers[i].row;
      if (row.status != 200) {
        refuse(*c, *step, std::to_string(row.status) + " " + row.code + " " + row.field);
        continue;
      }
      ++c->next;
      ++result.commands;
      c->version = row.version;
      c->asked[step->action] = "r" + std::to_string(row.version);
      if (!step->into.empty()) cases_.at(step->into).version = 0;  // it has a row more
      if (c->next == c->plan.steps.size()) c->plan.steps = {};     // only its number may still be asked for
    }
    ++result.batches;
  }

  void refuse(Played& c, YearStep const& step, std::string const& why) {
    if (result.refusals.size() < kFaultsKept)
      result.refusals.push_back(c.plan.key + " (" + c.plan.fate + ") " + c.case_no + " " + step.action + " by " +
                                step.by + " at " + to_rfc3339(step.at) + ": " + why);
  }

  std::int64_t version_of(Played& c) {
    if (c.version != 0) return c.version;
    storage::LoadRequest want;
    want.cases = {c.case_no};
    return c.version = store_->load(district_, want).cases.at(c.case_no).row.version;
  }

  // The case that a step of its parent opened.
  bool find_linked(Played& c) {
    storage::LoadRequest want;
    want.cases = {cases_.at(c.plan.parent).case_no};
    c.case_no = store_->load(district_, want).cases.at(want.cases.front()).row.followed_by;
    if (c.case_no.empty()) return refuse(c, c.plan.steps.front(), "its parent opened no case"), false;
    c.reported = true;
    return true;
  }

  core::Command command_of(Played& c, YearStep const& s, std::size_t number) {
    core::Command command;
    command.command_id = stable_uuid(c.plan.key + "/" + std::to_string(number));
    command.body_hash = command.command_id;
    command.who.name = s.by;
    command.who.role = *core::role_from(s.role);
    command.who.district = district_;
    command.who.unit = s.role == "patroller" ? "collector" : s.of_unit;
    command.who.squad = s.of_squad;
    command.who.backdate = !options_.live;
    command.action = s.action;
    command.case_no = c.case_no;
    command.version = version_of(c);
    command.received_at = options_.live ? s.at : now_;
    if (!options_.live) command.at = s.at;
    auto& in = command.input;
    in.reason = s.reason.empty() ? "演示" : s.reason;
    in.result = s.result;
    in.unit = s.unit, in.squad = s.squad;
    in.closing_condition = s.closing;
    in.number = s.number;
    in.satisfaction = s.satisfaction;
    in.text = s.text;
    in.assist = s.assist;
    in.until = s.until;
    if (s.action == "amend" || s.action == "check") in.lon = s.lon, in.lat = s.lat;
    if (s.action == "check" && !in.lon) in.lon = c.plan.lon, in.lat = c.plan.lat;
    if (s.action == "merge") in.into = cases_.at(s.into).case_no;
    if (!s.request.empty()) in.request_id = c.asked[s.request];
    if (s.action == "verify" || s.action == "check" || s.action == "dispose" || s.action == "make_safe")
      in.photos = {photo_of(s.photo.empty() ? c.plan.key + "/" + std::to_string(number) : s.photo)};
    return command;
  }

  YearOptions const& options_;
  std::string district_;
  Instant now_;
  std::unique_ptr<storage::Store> store_;
  engine::ReportWriter reports_;
  engine::CommandWriter commands_;
  std::int64_t epoch_ = 0, seq_ = 0;
  std::unordered_map<std::string, Played> cases_;
  std::vector<Event> events_;
  std::chrono::steady_clock::time_point renewed_{}, folded_{};
};

std::chrono::year_month first_month(YearOptions const& options, std::int32_t offset, Instant now) {
  int year = 0;
  unsigned month = 0;
  if (options.from.empty()) {
    std::chrono::year_month_day const today{std::chrono::floor<std::chrono::days>(now + std::chrono::minutes{offset})};
    return today.year() / today.month() - std::chrono::months{options.months};
  }
  if (std::sscanf(options.from.c_str(), "%4d-%2u", &year, &month) != 2 || month < 1 || month > 12 || year < 2000 ||
      year > 2100)
    throw std::runtime_error("--from is a month like 2025-01, not " + options.from);
  return std::chrono::year{year} / std::chrono::month{month};
}

}  // namespace

YearsResult play_years(std::string const& url, YearOptions options, Instant now, YearsProgress const& progress) {
  auto const set = demo_set();
  auto const first = first_month(options, set.utc_offset_minutes, now);
  core::LocalDay const from{first / 1}, to{(first + std::chrono::months{options.months}) / 1};
  auto const horizon = std::min(now - std::chrono::hours{1}, Instant{to} + std::chrono::days{45});
  if (Instant{to} - std::chrono::minutes{set.utc_offset_minutes} > now)
    throw std::runtime_error("only months that are over can be played");
  if (storage::standing::version_of(url, set.district) == 0)
    throw std::runtime_error("the demo district is not loaded: `wangge load --demo` first");
  Years years(set, options, horizon);
  Player player(url, set, options, now);
  std::ofstream script;
  if (!options.script.empty()) {
    script.open(options.script);
    if (!script) throw std::runtime_error("cannot write " + options.script.string());
  }
  auto const bent_from = core::LocalDay{(first + std::chrono::months{options.months - 3}) / 1};
  auto const days = static_cast<std::uint64_t>((to - from).count());
  for (auto day = from; day < to; day += std::chrono::days{1}) {
    for (auto& c : years.day(day, options.fraud && day >= bent_from)) {
      if (script.is_open()) script << script_line(c) << '\n';
      player.add(std::move(c));
    }
    player.play(Instant{day + std::chrono::days{1}} - std::chrono::minutes{set.utc_offset_minutes});
    if (progress) progress("days", static_cast<std::uint64_t>((day - from).count()) + 1, days);
  }
  player.play(now);
  if (script.is_open() && !script.flush()) throw std::runtime_error("cannot write " + options.script.string());
  return std::move(player.result);
}

}  // namespace wangge::deploy
