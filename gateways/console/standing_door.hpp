// The standing door: grids, components, units, squads, the catalogue, and the consoles' live hints.
#pragma once

#include "gateways/console/hint_streams.hpp"
#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

class StandingDoor {
 public:
  StandingDoor(Reads& reads, HintStreams& hints) : reads_(reads), hints_(hints) {}
  void grids(http::Request request, http::Reply reply);
  void components(http::Request request, http::Reply reply);
  void units(http::Request request, http::Reply reply);
  void squads(http::Request request, http::Reply reply);
  void catalogue(http::Request request, http::Reply reply);
  void stream(http::Request request, std::shared_ptr<http::Stream> stream);

 private:
  Reads& reads_;
  HintStreams& hints_;
};

}  // namespace wangge::console
