// GCJ-02, the shifted coordinates of Chinese web maps, back to CGCS2000. Pure.
#pragma once

namespace wangge::patrol {

struct LonLat {
  double lon = 0, lat = 0;
};

LonLat gcj02_from_wgs84(LonLat wgs);
// The inverse by fixed-point iteration; exact to about 1e-9 degrees, far under a millimetre.
LonLat wgs84_from_gcj02(LonLat gcj);
// Outside this box no shift is applied (the published algorithm's own rectangle).
bool shifted_area(LonLat p);

}  // namespace wangge::patrol
