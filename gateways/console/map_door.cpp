#include "gateways/console/map_door.hpp"

#include <charconv>

#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/doors.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;

std::optional<int> whole(std::string_view text) {
  int value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// Which tile is asked for; every part that is none is a fault of its own.
std::optional<storage::TileAt> tile_of(http::Request const& request, std::string_view row, int zoom_most,
                                       http::FieldErrors& errors) {
  auto const z = whole(request.params.get("z"));
  if (!z || *z < 0 || *z > zoom_most) {
    errors.emplace_back("/z", "out_of_range");
    return std::nullopt;
  }
  auto const within = [&](char const* name, std::string_view text) {
    auto const value = whole(text);
    if (!value || *value < 0 || *value >= 1 << *z) errors.emplace_back(name, "out_of_range");
    return value.value_or(0);
  };
  storage::TileAt const at{*z, within("/x", request.params.get("x")), within("/y", row)};
  if (!errors.empty()) return std::nullopt;
  return at;
}

http::Response no_such_tile(std::string_view lang, http::FieldErrors const& errors) {
  return http::problem(
      422, "bad_query", lang,
      lang == "en" ? "There is no such tile: x and y lie in 0 to 2^z - 1" : "没有这块瓦片：x、y 应在 0 到 2^z - 1 之间",
      errors);
}

}  // namespace

void MapDoor::tile(http::Request request, http::Reply reply) {
  auto const* layer = storage::find_layer(request.params.get("layer"));
  auto const name = request.params.get("tile");
  if (layer == nullptr || !name.ends_with(".mvt")) return reply(not_found(request.lang));
  if (layer->live && !doors::may_read_cases(request.who.role))
    return reply(http::problem(403, "not_yours", request.lang));
  if (auto const refused = without_body(request.who, request.lang); refused && layer->live) return reply(*refused);
  http::FieldErrors errors;
  auto const at = tile_of(request, name.substr(0, name.size() - 4), storage::kTileZoomMost, errors);
  if (!at) return reply(no_such_tile(request.lang, errors));
  reply(reading(request.lang, [&] {
    auto tile = model_.tile(request.who, *layer, *at);
    http::Response response;
    response.headers = {{"ETag", tile.etag},
                        {"Cache-Control", layer->live ? "private, max-age=3" : "private, max-age=600"},
                        {"Vary", "Authorization, Cookie"}};
    if (request.header("if-none-match") == tile.etag) {
      response.status = 304;
    } else if (tile.mvt.empty()) {
      response.status = 204;
    } else {
      response.content_type = "application/vnd.mapbox-vector-tile";
      response.body = std::move(tile.mvt);
    }
    return response;
  }));
}

void MapDoor::base_map(http::Request request, http::Reply reply) {
  if (!base_.there()) return reply(not_found(request.lang));
  http::FieldErrors errors;
  auto const at = tile_of(request, request.params.get("y"), base_.options().zoom_most, errors);
  if (!at) return reply(no_such_tile(request.lang, errors));
  auto picture = base_.tile(*at);
  if (!picture) {
    auto away = http::problem(503, "basemap_away", request.lang);
    away.headers.emplace_back("Retry-After", "1");
    return reply(std::move(away));
  }
  http::Response response;
  response.content_type = std::move(picture->type);
  response.body = std::move(picture->bytes);
  response.headers = {{"Cache-Control", "private, max-age=86400"}, {"X-Content-Type-Options", "nosniff"}};
  reply(std::move(response));
}

void MapDoor::map(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    json::object out;
    auto const edges = [](std::optional<storage::Box> const& b) {
      return b ? json::value(json::array{b->west, b->south, b->east, b->north}) : json::value(nullptr);
    };
    out["extent"] = edges(model_.extent(request.who.district));
    if (auto const cell = request.arg("cell"); !cell.empty()) {
      if (cell.size() > 32) throw storage::BadFilter("cell", kTooLong);
      out["cell"] = edges(model_.extent(request.who.district, std::string(cell)));
    }
    json::array layers;
    bool const cases = doors::may_read_cases(request.who.role);
    for (auto const& layer : storage::kTileLayers)
      if (!layer.live || cases)
        layers.push_back(json::object{{"id", layer.id}, {"live", layer.live}, {"zoom_least", layer.zoom_least}});
    out["layers"] = std::move(layers);
    out["zoom_most"] = storage::kTileZoomMost;
    auto const& base = base_.options();
    out["base_map"] = nullptr;
    if (base_.there())
      out["base_map"] = json::object{{"url", "/api/v1/basemap/{z}/{x}/{y}"},
                                     {"attribution", base.attribution},
                                     {"approval_number", base.approval_number},
                                     {"zoom_most", base.zoom_most}};
    return http::json(200, json::serialize(out));
  }));
}

void MapDoor::today(http::Request request, http::Reply reply) {
  if (auto const refused = without_body(request.who, request.lang)) return reply(*refused);
  reply(reading(request.lang, [&] { return http::json(200, model_.today(request.who)); }));
}

}  // namespace wangge::console
