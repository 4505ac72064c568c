// Maps and walls: vector tiles of the city's own layers, the base map, how a map begins, the day so far.
#pragma once

#include "gateways/console/base_map.hpp"
#include "gateways/http/http.hpp"
#include "storage/map_model.hpp"

namespace wangge::console {

class MapDoor {
 public:
  MapDoor(storage::MapModel& model, BaseMapOptions base) : model_(model), base_(std::move(base)) {}
  void map(http::Request request, http::Reply reply);
  void tile(http::Request request, http::Reply reply);
  void base_map(http::Request request, http::Reply reply);
  void today(http::Request request, http::Reply reply);

 private:
  storage::MapModel& model_;
  BaseMap base_;
};

}  // namespace wangge::console
