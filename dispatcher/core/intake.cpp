// A report becomes a case and goes as far as policy and the facts carry it (RULINGS 10). It is never refused here:
// what cannot go on waits in the manual queue.
#include "dispatcher/core/intake.hpp"

#include <algorithm>

#include "dispatcher/core/routing.hpp"
#include "dispatcher/core/steps.hpp"

namespace wangge::core {

namespace {

// What the acceptor should know at once; none of it stops the report.
void flag_report(Case& c, Facts const& facts, Report const& r, Instant at) {
  auto const& city = *facts.city;
  if (auto const* entry = city.find(r.category)) {
    set_flag(c, "uncoded_component", asks_for_component(city, r) && facts.component_near == false);
    set_flag(c, "photos_missing", static_cast<std::int64_t>(r.photos.size()) < entry->photos_least);
    auto const* condition = r.condition.empty() ? nullptr : entry->find(r.condition);
    set_flag(c, "measure_contradicts", condition && contradicts(*condition, r.measures));
  }
  auto const& clock = city.calendar_of("");
  for (auto const& place : city.managed) {
    bool const inside = std::find(facts.place.inside.begin(), facts.place.inside.end(), place.key) != facts.place.inside.end();
    if (inside && place.when.hold(clock.local_day(at), clock.local_minute(at)) && among_categories(place.allowed, c))
      set_flag(c, "allowed_in:" + place.key);
  }
}

Case opened(Facts const& facts, Report const& r, Instant at) {
  Case c;
  c.report_id = r.report_id;
  c.opened_at = at;
  c.backdated = r.at.has_value();
  c.key_conflict = facts.key_conflict;
  c.source = r.source;
  c.reporter = r.principal;
  c.standard = r.category.standard;
  c.kind = r.category.kind;
  c.code = r.category.code;
  if (auto const* entry = facts.city->find(r.category)) c.class_code = entry->class_code;
  c.condition = r.condition;
  c.description = r.description;
  c.address = r.address;
  c.lon = r.lon;
  c.lat = r.lat;
  c.component_id = r.component_id;
  c.photos = r.photos;
  c.upstream_system = r.upstream_system;
  c.upstream_number = r.upstream_number;
  c.upstream_due_at = r.upstream_due_at;
  settle_place(c, facts.place);
  settle_twins(c, facts.neighbours);
  c.campaign = facts.city->campaign_of(c, at);
  for (auto const& campaign : facts.city->campaigns)
    if (campaign.key == c.campaign && campaign.apart) set_flag(c, "counted_apart:" + campaign.key);
  flag_report(c, facts, r, at);
  return c;
}

bool verify_first(Policy const& policy, Report const& r) {
  if (policy.verify_first.contains(r.source)) return true;
  return r.source == "ai" && r.confidence.value_or(0) < policy.ai_confidence;
}

void send_to_verify(Steps& steps, WhereIs const* where) {
  auto const patroller = find_checker(steps.city(), steps.now(), steps.at(), "", "", where);
  if (patroller.empty()) return;
  steps.send_patroller(*find_row(State::pending_accept, Action::send_verify), {}, TaskKind::verify, patroller, "");
}

Condition const* filed_under(CatalogueEntry const& entry, Report const& r) {
  return r.condition.empty() ? entry.by_measures(r.measures) : entry.find(r.condition);
}

// The machine proposes twins; only the same component in the same condition, and nobody says yet that it is put right, merges by
// itself (RULINGS 12).
bool known_already(Facts const& facts, Report const& r, CatalogueEntry const& entry) {
  if (!facts.other || r.component_id.empty()) return false;
  auto const& known = *facts.other;
  bool const alike = known.standard == r.category.standard && known.kind == r.category.kind && known.code == r.category.code;
  auto const* condition = filed_under(entry, r);
  return alike && known.component_id == r.component_id && condition && known.condition == condition->id && info(known.state).open &&
         !known.disposed_at && !known.handed_over_at;
}

// accept, file, dispatch: each by policy, each a row of its own, stopping before the first that needs a person. How far
// it goes is found first, so that the row before a manual queue carries why nobody answered.
void go_on(Steps& steps, Facts const& facts, Report const& report, CatalogueEntry const& entry) {
  auto const& policy = facts.city->policy;
  auto const* condition = filed_under(entry, report);
  bool const files = policy.auto_file && condition;
  steps.passing(files);
  steps.take(*find_row(State::pending_accept, Action::accept), {});
  if (!files) return;

  Case filed = steps.now();
  filed.condition = condition->id;
  std::vector<RouteStep> tried;
  auto const routed = route(*facts.city, filed, {steps.at(), facts.component, facts.loads}, &tried);
  bool const dispatches = policy.auto_dispatch && routed;
  steps.passing(dispatches);
  steps.file(*find_row(State::pending_file, Action::file), {}, entry, *condition, dispatches ? nullptr : &tried);
  steps.passing(false);
  if (dispatches) steps.dispatch(*find_row(State::pending_dispatch, Action::dispatch), {}, *routed, tried, assisting_of(*facts.city, *routed));
}

}  // namespace

// A component's fault: an object of its own, or a matter of the classes that speak of components (DOMAIN 2.2).
bool asks_for_component(City const& city, Report const& r) {
  if (!r.component_id.empty() || !city.knows_components) return false;
  auto const* entry = city.find(r.category);
  return entry && (r.category.kind == "component" || (r.category.standard == "gbt47678.5-2026" && entry->class_code < "06"));
}

void settle_place(Case& c, Place const& place) {
  auto const lowest = std::min_element(place.cells.begin(), place.cells.end(),
                                       [](Place::Cell const& a, Place::Cell const& b) { return a.grid < b.grid; });
  c.place_unusable = lowest == place.cells.end();
  c.grid = c.place_unusable ? "" : lowest->grid;
  c.street = c.place_unusable ? "" : lowest->street;
  c.community = c.place_unusable ? "" : lowest->community;
  c.area_level = c.place_unusable ? "" : lowest->area_level;
}

void settle_twins(Case& c, std::vector<Neighbour> const& neighbours) {
  c.twins.clear();
  for (auto const& n : neighbours) {
    if (n.case_no != c.case_no) c.twins.push_back(n.case_no);
  }
  std::sort(c.twins.begin(), c.twins.end());
  c.twins.erase(std::unique(c.twins.begin(), c.twins.end()), c.twins.end());
}

Accepted decide_report(Facts const& facts, Report const& report, std::string const& case_no, Instant now) {
  // Into a sealed month nothing is entered: such a report counts where it was received (RULINGS 7), and one that lay in a spool
  // until its month was sealed, from the seal on. It is never refused.
  auto const sealed = facts.city->sealed_before.value_or(Instant::min());
  bool const dated = report.at && *report.at >= sealed;
  auto const received = report.received_at == Instant{} ? now : report.received_at;
  auto const at = dated ? *report.at : std::max(received, sealed);
  Steps::When const when{at, at, dated ? at : std::max(at, now), false};  // the case is born backdated
  auto const* entry = facts.city->find(report.category);
  auto const& policy = facts.city->policy;
  bool const by_hand = report.self_disposed || facts.place.cells.empty() || facts.key_conflict || !entry;
  bool const twice = !by_hand && policy.auto_merge && known_already(facts, report, *entry);
  bool const verified = !by_hand && !twice && verify_first(policy, report);
  Case empty;
  empty.district = report.district;
  empty.case_no = case_no;
  Steps steps(facts, empty, when);
  steps.passing(twice || (!by_hand && !verified && policy.auto_accept));
  Hand hand;
  hand.actor = report.principal;
  hand.role = report.role;
  hand.photos = report.photos;
  for (auto const* more : {&report.before_photos, &report.after_photos})
    hand.photos.insert(hand.photos.end(), more->begin(), more->end());
  steps.take(*find_row(State::reported, Action::report, report.self_disposed ? "self_disposed" : ""), hand,
             [&](Case& c) {
               Case fresh = opened(facts, report, at);
               fresh.district = std::move(c.district);
               fresh.case_no = std::move(c.case_no);
               fresh.version = c.version;
               fresh.state = c.state;
               fresh.last_at = c.last_at;
               c = std::move(fresh);
             });
  steps.passing(false);
  if (verified && policy.auto_send_verify) send_to_verify(steps, facts.where);
  if (twice) steps.merge(*find_row(State::pending_accept, Action::merge), {}, *facts.other);
  else if (!by_hand && !verified && policy.auto_accept) go_on(steps, facts, report, *entry);
  return std::move(steps).done();
}

}  // namespace wangge::core
