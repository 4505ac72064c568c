#include "dispatcher/engine/report_writer.hpp"

#include <algorithm>

#include "dispatcher/core/hotline.hpp"

namespace wangge::engine {

namespace {

constexpr int kTries = 5;                   // after that a moving key is a bug, not a race
constexpr std::int64_t kNumberBlock = 512;  // numbers reserved at once; at most so many gaps a restart

// The key under which a conflicting report becomes a case of its own, so that its retries find it again.
std::string conflict_key(core::Report const& r) { return r.key + "#" + r.report_id; }

// The hotline order that a report names; "": none.
std::string order_of(core::Report const& r) {
  auto number = r.upstream_system + ":" + r.upstream_number;
  return core::is_order_no(number) ? number : std::string();
}

v1::ReportAnswer answer_of(ReportIn const& in, v1::ReportAnswer::Outcome outcome) {
  v1::ReportAnswer a;
  a.set_district(in.report.district);
  a.set_spool_id(in.spool_id);
  a.set_seq(in.seq);
  a.set_report_id(in.report.report_id);
  a.set_outcome(outcome);
  a.set_refused(in.refused && outcome == v1::ReportAnswer::KEY_CONFLICT);
  return a;
}

void fill(v1::ReportAnswer& a, storage::KeyRow const& row) {
  a.set_report_id(row.report_id);
  a.set_case_no(row.case_no);
  a.set_case_state(row.case_state);
  a.set_place_unusable(row.place_unusable);
}

}  // namespace

struct ReportWriter::Plan {
  storage::Batch batch;
  std::vector<v1::ReportAnswer> answers;
  std::map<std::pair<std::string, std::string>, storage::KeyRow> mine;  // keys this batch makes
  std::vector<storage::RecentCase> recent;
  RecentIndex together;  // the same for the batch itself: a burst of duplicates comes in one
  Passed passed;
  std::map<std::string, std::size_t> cases;   // case_no -> index in batch.cases
  std::map<std::string, std::size_t> orders;  // order_no -> index in batch.orders
  std::map<std::string, std::size_t> spots;  // report_id -> index in LoadRequest::spots
  core::SquadLoads loads;                    // grows with what this batch gives out
};

ReportWriter::ReportWriter(std::string district, storage::Store& store, std::function<void(std::string)> alarm)
    : district_(std::move(district)), store_(store), alarm_(std::move(alarm)), numbers_(district_, store, kNumberBlock) {}

void ReportWriter::begin(storage::DistrictStart const& start, World world, std::vector<storage::RecentCase> const& recent) {
  world_ = std::move(world);
  epoch_ = start.epoch;
  numbers_.begin(epoch_);
  cursors_.clear();
  for (auto const& [spool, seq] : start.cursors) cursors_[spool].contiguous = seq;
  recent_.clear();
  for (auto const& c : recent) recent_.add(c);
}

std::int64_t ReportWriter::cursor(std::string const& spool_id) const {
  auto const it = cursors_.find(spool_id);
  return it == cursors_.end() ? 0 : it->second.contiguous;
}

std::vector<ReportOut> ReportWriter::process(std::vector<ReportIn> const& batch, core::Instant now, Touched& touched) {
  std::vector<ReportOut> out;
  out.reserve(batch.size());
  touched.district = district_;
  attempt(batch, now, touched, out);
  return out;
}

// Saves the span as one transaction. A row that the database refuses is found by halving and set aside.
void ReportWriter::attempt(std::span<ReportIn const> batch, core::Instant now, Touched& touched, std::vector<ReportOut>& out) {
  if (batch.empty()) return;
  for (int tried = 1;; ++tried) {
    Plan made;
    try {
      plan(batch, now, made);
      made.batch.marks = marks_with(made.passed);
      store_.save(made.batch, now);
    } catch (storage::Conflict const&) {
      if (tried < kTries) continue;  // a key or number moved: load and decide again
      throw storage::Broken("a key kept moving under " + district_);
    } catch (storage::Poison const& e) {
      if (batch.size() == 1) return set_aside(batch.front(), e.what(), out);
      auto const half = batch.size() / 2;
      attempt(batch.first(half), now, touched, out);
      attempt(batch.subspan(half), now, touched, out);
      return;
    }
    advance(made.passed);
    for (auto const& c : made.recent) recent_.add(c);
    for (auto const& c : made.batch.cases) {
      touched.cases.push_back(c.after.case_no);
      for (auto const& t : c.tasks) touched.add(t);
    }
    for (std::size_t i = 0; i < batch.size(); ++i) out.push_back({batch[i].peer, std::move(made.answers[i])});
    return;
  }
}

void ReportWriter::plan(std::span<ReportIn const> batch, core::Instant now, Plan& made) {
  made.batch.district = district_;
  made.batch.epoch = epoch_;
  storage::LoadRequest want;
  for (auto const& in : batch) {
    if (!in.unreadable.empty()) throw storage::Poison(in.unreadable);
    want.keys.emplace_back(in.report.principal, in.report.key);
    if (in.report.answered) want.keys.emplace_back(in.report.principal, conflict_key(in.report));
    if (!in.report.component_id.empty()) want.components.push_back(in.report.component_id);
    if (auto order = order_of(in.report); !order.empty()) want.orders.push_back(std::move(order));
    if (!in.report.case_no.empty()) want.cases.push_back(in.report.case_no);
    if (auto twin = same_component(in.report, recent_); !twin.empty()) want.cases.push_back(std::move(twin));
    if (core::asks_for_component(*world_.city, in.report)) {
      auto const& r = in.report;
      made.spots[r.report_id] = want.spots.size();
      want.spots.push_back({r.category.standard, r.category.code, r.lon, r.lat});
    }
  }
  want.loads = world_.city->picks_by_load;
  auto const loaded = store_.load(district_, want);
  made.loads = loaded.loads;
  auto const known = [&](std::string const& principal, std::string const& key) -> storage::KeyRow const* {
    if (auto it = made.mine.find({principal, key}); it != made.mine.end()) return &it->second;
    if (auto it = loaded.keys.find({principal, key}); it != loaded.keys.end()) return &it->second;
    return nullptr;
  };
  for (auto const& in : batch) {
    auto const& r = in.report;
    auto const* row = known(r.principal, r.key);
    auto key = r.key;
    if (row && row->report_id != r.report_id) {  // the id is made of the body: another id is another body
      if (!r.answered) {
        made.answers.push_back(answer_of(in, v1::ReportAnswer::KEY_CONFLICT));
        // Not final: it may come again as answered and become a case. Its gateway says so when it is refused for good.
        if (in.refused) made.passed.emplace_back(in.spool_id, in.seq);
        continue;
      }
      key = conflict_key(r);
      row = known(r.principal, key);
    }
    made.passed.emplace_back(in.spool_id, in.seq);
    if (row) {
      auto a = answer_of(in, v1::ReportAnswer::REPLAYED);
      fill(a, *row);
      made.answers.push_back(std::move(a));
    } else if (in.refused) {
      made.answers.push_back(answer_of(in, v1::ReportAnswer::KEY_CONFLICT));
    } else {
      plan_new_case(in, key, key != r.key, loaded, now, made);
    }
  }
}

void ReportWriter::plan_new_case(ReportIn const& in, std::string const& key, bool conflict, storage::Loaded const& loaded,
                                 core::Instant now, Plan& made) {
  auto const& r = in.report;
  core::Facts facts;
  facts.city = world_.city.get();
  facts.place = world_.cells->find(r.lon, r.lat);
  if (auto it = loaded.components.find(r.component_id); it != loaded.components.end()) facts.component = it->second;
  if (auto const spot = made.spots.find(r.report_id); spot != made.spots.end())
    facts.component_near = loaded.component_near.at(spot->second);
  if (world_.city->picks_by_load) facts.loads = &made.loads;
  auto const where = world_.where();
  facts.where = &where;
  if (r.role == core::Role::patroller && !r.at && world_.positions)
    world_.positions->see(r.principal, {r.lon, r.lat, r.received_at});
  auto const opened_at = r.at ? *r.at : r.received_at;
  auto const& policy = world_.city->policy;
  facts.neighbours = recent_.near(r, opened_at, policy.twin_metres, policy.twin_hours);
  for (auto& twin : made.together.near(r, opened_at, policy.twin_metres, policy.twin_hours)) facts.neighbours.push_back(std::move(twin));

  if (auto const twin = same_component(r, made.together); made.cases.contains(twin)) facts.other = made.batch.cases[made.cases.at(twin)].after;
  else if (auto const before = same_component(r, recent_); made.cases.contains(before)) facts.other = made.batch.cases[made.cases.at(before)].after;
  else if (auto const found = loaded.cases.find(before); found != loaded.cases.end()) facts.other = found->second.row;

  auto number = r.case_no;
  if (!number.empty() && loaded.cases.contains(number)) {
    alarm_("case number " + number + " was answered for report " + r.report_id + " and is taken; the report gets a new one");
    number.clear();
  }
  if (number.empty()) number = numbers_.next(*world_.city, opened_at);

  auto report = r;
  report.key = key;
  facts.key_conflict = conflict;
  auto accepted = core::decide_report(facts, report, number, now);
  if (!accepted.after.squad.empty()) ++made.loads[accepted.after.squad];

  storage::KeyRow row{r.principal,     key, r.body_hash, r.report_id, number, std::string(core::id(accepted.after.state)),
                      accepted.after.place_unusable};
  auto a = answer_of(in, v1::ReportAnswer::COMMITTED);
  fill(a, row);
  made.answers.push_back(std::move(a));
  made.mine[{r.principal, key}] = row;
  for (auto& other : accepted.also) keep_other(std::move(other), made);
  if (!accepted.after.place_unusable && accepted.after.merged_into.empty()) {
    made.recent.push_back({number, r.category.standard, r.category.kind, r.category.code, r.component_id, r.lon, r.lat, opened_at});
    made.together.add(made.recent.back());
  }

  link_order(r, accepted.after, loaded, made);

  storage::CaseSave save;
  save.after = std::move(accepted.after);
  save.rows = std::move(accepted.rows);
  save.tasks = std::move(accepted.tasks);
  save.spans = std::move(accepted.spans);
  save.marks = std::move(accepted.marks);
  save.alarms = core::alarm_changes(*world_.city, core::Case{}, save.after);
  save.key = std::move(row);
  save.reporter_name = r.reporter_name;
  save.reporter_phone = r.reporter_phone;
  save.extras = r.extras;
  made.cases.emplace(number, made.batch.cases.size());
  made.batch.cases.push_back(std::move(save));
}

// A case near in place and time that is about the same component; "": none, or the city merges nothing by itself.
std::string ReportWriter::same_component(core::Report const& r, RecentIndex const& index) const {
  auto const& policy = world_.city->policy;
  if (r.component_id.empty() || !policy.auto_merge) return {};
  for (auto const& twin : index.near(r, r.at.value_or(r.received_at), policy.twin_metres, policy.twin_hours))
    if (twin.component_id == r.component_id) return twin.case_no;
  return {};
}

// The case that a duplicate was merged into, as it was loaded or as this batch made it.
void ReportWriter::keep_other(core::Accepted&& other, Plan& made) {
  auto [slot, fresh] = made.cases.try_emplace(other.after.case_no, made.batch.cases.size());
  if (fresh) made.batch.cases.emplace_back().version_before = other.after.version - static_cast<std::int64_t>(other.rows.size());
  auto& save = made.batch.cases[slot->second];
  save.after = std::move(other.after);
  std::move(other.rows.begin(), other.rows.end(), std::back_inserter(save.rows));
}

// A report that names a hotline order is one of its cases from the same moment on.
void ReportWriter::link_order(core::Report const& r, core::Case const& c, storage::Loaded const& loaded, Plan& made) {
  auto const number = order_of(r);
  auto const known = loaded.orders.find(number);
  if (known == loaded.orders.end()) return;
  auto const changed = made.orders.find(number);
  auto const& present = changed == made.orders.end() ? known->second : made.batch.orders[changed->second].after;
  auto linked = core::link_report(present, c.case_no, c.opened_at, c.backdated);
  if (!linked) return;
  if (changed == made.orders.end()) {
    made.orders.emplace(number, made.batch.orders.size());
    made.batch.orders.emplace_back().version_before = known->second.version;
  }
  auto& save = made.batch.orders[made.orders.at(number)];
  save.after = std::move(linked->after);
  std::move(linked->rows.begin(), linked->rows.end(), std::back_inserter(save.rows));
}

void ReportWriter::set_aside(ReportIn const& in, std::string const& error, std::vector<ReportOut>& out) {
  Passed const one{{in.spool_id, in.seq}};
  store_.set_aside(district_, epoch_, {"report", in.report.report_id, in.payload, error}, marks_with(one));
  advance(one);
  alarm_("report " + in.report.report_id + " could not be stored and is set aside: " + error);
  out.push_back({in.peer, answer_of(in, v1::ReportAnswer::DEAD_LETTER)});
}

std::vector<storage::SpoolMark> ReportWriter::marks_with(Passed const& passed) const {
  std::map<std::string, Cursor> moved;
  for (auto const& [spool_id, seq] : passed) {
    auto it = moved.find(spool_id);
    if (it == moved.end()) {
      auto const have = cursors_.find(spool_id);
      it = moved.emplace(spool_id, have == cursors_.end() ? Cursor{} : have->second).first;
    }
    it->second.beyond.insert(seq);
  }
  std::vector<storage::SpoolMark> marks;
  for (auto& [spool, c] : moved) {
    auto const before = c.contiguous;
    while (c.beyond.contains(c.contiguous + 1)) ++c.contiguous;
    if (c.contiguous > before) marks.push_back({spool, c.contiguous});
  }
  return marks;
}

void ReportWriter::advance(Passed const& passed) {
  for (auto const& [spool_id, seq] : passed) {
    auto& c = cursors_[spool_id];
    if (seq > c.contiguous) c.beyond.insert(seq);
  }
  for (auto const& [spool_id, seq] : passed) {
    auto& c = cursors_[spool_id];
    while (c.beyond.contains(c.contiguous + 1)) c.beyond.erase(++c.contiguous);
  }
}

}  // namespace wangge::engine
