#include "gateways/console/photo_door.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <set>

#include "dispatcher/core/suspicion.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/case_door.hpp"
#include "gateways/http/rfc3339.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;

struct Where {
  media::Place place;
  std::string_view from;  // device: its word when it handed the picture in; exif: the picture's own metadata
};

std::optional<Where> where_of(media::Folder::Found const& found) {
  if (found.evidence.place) return Where{*found.evidence.place, "device"};
  if (found.exif) return Where{*found.exif, "exif"};
  return std::nullopt;
}

// A marked copy shows where its original was taken.
std::optional<Where> where_of(media::Folder const& folder, media::Folder::Found const& found) {
  if (auto own = where_of(found)) return own;
  auto const original = found.evidence.original.empty() ? std::nullopt : folder.find(found.evidence.original);
  return original ? where_of(*original) : std::nullopt;
}

json::object photo_json(media::Folder const& folder, std::string const& id, core::HistoryRow const& row,
                        core::Case const& item) {
  json::object out{
      {"media_id", id}, {"action", row.action}, {"version", row.version}, {"at", http::format_time(row.at)}};
  for (auto const* name : {"taken", "captured_at", "received_at", "place", "metres"}) out[name] = nullptr;
  auto const found = folder.find(id);
  if (!found) return out;  // still on its way
  if (!found->evidence.taken.empty()) out["taken"] = found->evidence.taken;
  if (found->evidence.captured_at) out["captured_at"] = http::format_time(*found->evidence.captured_at);
  out["received_at"] = http::format_time(found->received_at);
  if (auto const where = where_of(folder, *found)) {
    out["place"] = json::object{{"lon", where->place.lon}, {"lat", where->place.lat}, {"from", where->from}};
    if (item.lon && item.lat)
      out["metres"] = std::llround(core::metres_between(*item.lon, *item.lat, where->place.lon, where->place.lat));
  }
  return out;
}

}  // namespace

void PhotoDoor::list(http::Request request, http::Reply reply) {
  std::string const case_no(request.params.get("case_no"));
  reply(reading(request.lang, [&] {
    auto const found = is_case_no(case_no) ? reads_.find_case(request.who, case_no) : std::nullopt;
    if (!found) return not_found(request.lang);
    json::array items;
    std::set<std::string> seen;
    for (auto const& row : reads_.rows_of(request.who.district, case_no)) {
      for (auto const& id : row.photos) {
        if (media::Folder::is_id(id) && seen.insert(id).second)
          items.push_back(photo_json(folder_, id, row, found->row));
      }
    }
    return list_answer({json::serialize(items), ""});
  }));
}

}  // namespace wangge::console
