// A planned case as one line of JSON: what the plan means, and nothing that only the product could know.
#include <boost/json.hpp>

#include "deploy/years/years.hpp"

namespace wangge::deploy {
namespace {

namespace json = boost::json;

std::int64_t millis(core::Instant at) {
  return at.time_since_epoch().count();
}
void say(json::object& to, char const* name, std::string const& value) {
  if (!value.empty()) to[name] = value;
}

json::object line_of(YearStep const& s) {
  json::object o{{"action", s.action}, {"role", s.role}, {"by", s.by}, {"at", millis(s.at)}};
  say(o, "result", s.result);
  say(o, "unit", s.unit);
  say(o, "squad", s.squad);
  say(o, "closing", s.closing);
  say(o, "number", s.number);
  say(o, "satisfaction", s.satisfaction);
  say(o, "request", s.request);
  say(o, "into", s.into);
  if (!s.assist.empty()) o["assist"] = json::value_from(s.assist);
  if (s.until) o["until"] = millis(*s.until);
  return o;
}

}  // namespace

std::string script_line(YearCase const& c) {
  json::object o{{"key", c.key},       {"report_id", c.report_id}, {"fate", c.fate},          {"at", millis(c.at)},
                 {"source", c.source}, {"street", c.street},       {"grid", c.grid},          {"unit", c.unit},
                 {"squad", c.squad},   {"reporter", c.reporter},   {"role", core::id(c.role)}};
  o["category"] = {{"standard", c.category.standard}, {"kind", c.category.kind}, {"code", c.category.code}};
  say(o, "condition", c.condition);
  say(o, "parent", c.parent);
  if (c.misplaced) o["misplaced"] = true;
  if (c.self_disposed) o["self_disposed"] = true;
  if (c.confidence) o["confidence"] = *c.confidence;
  auto& steps = o["steps"].emplace_array();
  for (auto const& s : c.steps) steps.emplace_back(line_of(s));
  return json::serialize(o);
}

}  // namespace wangge::deploy
