// Master data as lists.
#include "gateways/console/standing_door.hpp"

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

void StandingDoor::stream(http::Request request, std::shared_ptr<http::Stream> stream) {
  hints_.add(std::move(request.who), std::move(stream));
}

}  // namespace wangge::console
