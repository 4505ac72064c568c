#include "gateways/console/suggestion_door.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <tuple>

#include "dispatcher/core/routing.hpp"
#include "dispatcher/core/suspicion.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/case_door.hpp"
#include "gateways/console/case_json.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;

// The squads of a unit: whom the rules name first, then who is there, then the least busy.
json::array squads_of(core::City const& city, core::Case const& c, core::RouteFacts const& facts,
                      core::Routed const& to) {
  struct Line {
    core::Squad const* squad;
    bool suggested, there;
    std::int64_t load;
  };
  std::vector<Line> lines;
  for (auto const& [key, squad] : city.squads) {
    if (squad.unit != to.unit) continue;
    auto const picked = core::pick_squad(city, c, facts, to.unit, squad.key, "");
    auto const load = facts.loads->find(squad.key);
    lines.push_back({&squad, squad.key == to.squad, picked && picked->squad == squad.key,
                     load == facts.loads->end() ? 0 : load->second});
  }
  std::stable_sort(lines.begin(), lines.end(), [](Line const& a, Line const& b) {
    return std::tuple(!a.suggested, !a.there, a.load) < std::tuple(!b.suggested, !b.there, b.load);
  });
  if (lines.size() > kSquadsShown) lines.resize(kSquadsShown);
  json::array out;
  for (auto const& line : lines) {
    auto const& s = *line.squad;
    bool const far = s.lon && s.lat && c.lon && c.lat && !c.place_unusable;
    out.push_back(
        json::object{{"squad", s.key},
                     {"unit", s.unit},
                     {"suggested", line.suggested},
                     {"on_shift", line.there},
                     {"load", line.load},
                     {"metres", far ? json::value(std::llround(core::metres_between(*c.lon, *c.lat, *s.lon, *s.lat)))
                                    : json::value(nullptr)}});
  }
  return out;
}

}  // namespace

void SuggestionDoor::get(http::Request request, http::Reply reply) {
  std::string const case_no(request.params.get("case_no"));
  reply(reading(request.lang, [&] {
    auto const found = is_case_no(case_no) ? reads_.find_case(request.who, case_no) : std::nullopt;
    if (!found) return not_found(request.lang);
    auto const& c = found->row;
    auto const city = rules_.city(request.who.district);
    auto const known = rules_.route_facts(request.who.district, c.component_id);
    core::RouteFacts const facts{request.received_at, known.component, &known.loads};
    std::vector<core::RouteStep> tried;
    auto const to = core::route(*city, c, facts, &tried);
    json::object out{{"case_no", c.case_no}, {"version", c.version}, {"unit", nullptr},
                     {"squad", nullptr},     {"rule", nullptr},      {"squads", json::array()}};
    out["routing"] = json::parse(routing_json(tried, request.lang));
    if (to) {
      out["unit"] = to->unit, out["squad"] = to->squad.empty() ? json::value(nullptr) : json::value(to->squad),
      out["rule"] = to->rule;
      out["squads"] = squads_of(*city, c, facts, *to);
    }
    return http::json(200, json::serialize(out));
  }));
}

}  // namespace wangge::console
