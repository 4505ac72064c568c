// Coordinates as cities bring them, turned into CGCS2000 longitude and latitude: WGS-84 as it is, GCJ-02 straightened,
// Gauss-Krüger planes of CGCS2000 by the inverse projection. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wangge::core {

struct LonLat {
  double lon = 0, lat = 0;
};

LonLat gcj02_from_wgs84(LonLat wgs);
// The inverse by fixed-point iteration; exact to about 1e-9 degrees, far under a millimetre.
LonLat wgs84_from_gcj02(LonLat gcj);
// Outside this box no shift is applied (the published algorithm's own rectangle).
bool shifted_area(LonLat p);

// A transverse Mercator plane on the CGCS2000 ellipsoid: metres east of the false easting and north of the equator.
struct Plane {
  double central_meridian = 0, false_easting = 500'000;
};
LonLat from_plane(Plane plane, double easting, double northing);

// A system that a file may be in.
struct Crs {
  enum class Kind { geographic, gcj02, plane } kind = Kind::geographic;
  Plane plane;
  std::string name;  // as it is kept beside the point: CGCS2000, WGS-84, GCJ-02, EPSG:4549
};
// "CGCS2000", "EPSG:4490", "WGS-84", "EPSG:4326", "GCJ-02" in any spelling, and the Gauss-Krüger planes EPSG:4491-4554
// (x = easting, y = northing). nullopt: not known here.
std::optional<Crs> crs_from(std::string_view text);
LonLat to_cgcs2000(Crs const& crs, double x, double y);

}  // namespace wangge::core
