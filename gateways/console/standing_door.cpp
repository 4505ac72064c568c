// Master data as lists.
#include "gateways/console/standing_door.hpp"

#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"

namespace wangge::console {

namespace {

template <class Read>
http::Response page(http::Request const& request, int otherwise, Read&& read) {
  return reading(request.lang, [&] {
    return list_answer(read(request.who.district, std::string(request.arg("cursor")), read_limit(request, otherwise)));
  });
}

}  // namespace

void StandingDoor::grids(http::Request request, http::Reply reply) {
  reply(page(request, kPage, [&](auto const&... asked) { return reads_.grids(asked...); }));
}

void StandingDoor::components(http::Request request, http::Reply reply) {
  reply(page(request, kPage, [&](auto const&... asked) { return reads_.components(asked...); }));
}

void StandingDoor::units(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return reads_.units(asked...); }));
}

void StandingDoor::squads(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return reads_.squads(asked...); }));
}

void StandingDoor::catalogue(http::Request request, http::Reply reply) {
  reply(page(request, kLongPage, [&](auto const&... asked) { return reads_.catalogue(asked...); }));
}

void StandingDoor::me(http::Request request, http::Reply reply) {
  auto const& who = request.who;
  auto const& role = core::info(who.role);
  auto const or_null = [](std::string const& text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
  };
  boost::json::array sources;
  for (auto const& source : who.sources) sources.emplace_back(source);
  reply(http::json(200, boost::json::serialize(boost::json::object{{"name", who.name},
                                                                   {"role", role.id},
                                                                   {"role_name", request.lang == "en" ? role.en : role.zh},
                                                                   {"district", who.district},
                                                                   {"street", or_null(who.street)},
                                                                   {"unit", or_null(who.unit)},
                                                                   {"squad", or_null(who.squad)},
                                                                   {"sources", std::move(sources)},
                                                                   {"backdate", who.backdate}})));
}

void StandingDoor::stream(http::Request request, std::shared_ptr<http::Stream> stream) {
  hints_.add(std::move(request.who), std::move(stream));
}

}  // namespace wangge::console
