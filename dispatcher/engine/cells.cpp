#include "dispatcher/engine/cells.hpp"

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/polygon.hpp>
#include <boost/geometry/index/rtree.hpp>

namespace wangge::engine {

namespace bg = boost::geometry;
using Point = bg::model::d2::point_xy<double>;
using Box = bg::model::box<Point>;
using Polygon = bg::model::polygon<Point>;
using Entry = std::pair<Box, std::uint32_t>;

struct CellIndex::Impl {
  std::vector<Polygon> shapes;
  std::vector<core::Place::Cell> cells;
  std::vector<std::pair<std::string, Polygon>> managed;  // few: looked through one by one
  bg::index::rtree<Entry, bg::index::quadratic<16>> tree;
};

CellIndex::CellIndex(std::vector<storage::CellShape> cells, std::vector<core::ManagedPlace> const& managed) : impl_(std::make_unique<Impl>()) {
  std::vector<Entry> entries;
  entries.reserve(cells.size());
  for (auto& cell : cells) {
    Polygon shape;
    for (std::size_t r = 0; r < cell.rings.size(); ++r) {
      auto& ring = r == 0 ? shape.outer() : shape.inners().emplace_back();
      for (auto const& [lon, lat] : cell.rings[r]) ring.push_back(Point(lon, lat));
    }
    bg::correct(shape);
    entries.emplace_back(bg::return_envelope<Box>(shape), static_cast<std::uint32_t>(impl_->shapes.size()));
    impl_->shapes.push_back(std::move(shape));
    impl_->cells.push_back({std::move(cell.grid), std::move(cell.street), std::move(cell.community), std::move(cell.area_level)});
  }
  for (auto const& place : managed) {
    auto& [key, shape] = impl_->managed.emplace_back(place.key, Polygon{});
    for (auto const& [lon, lat] : place.ring) shape.outer().push_back(Point(lon, lat));
    bg::correct(shape);
  }
  impl_->tree = decltype(impl_->tree)(entries);  // packed bulk load
}
CellIndex::~CellIndex() = default;

core::Place CellIndex::find(double lon, double lat) const {
  core::Place place;
  Point const p(lon, lat);
  for (auto it = impl_->tree.qbegin(bg::index::intersects(p)); it != impl_->tree.qend(); ++it)
    if (bg::covered_by(p, impl_->shapes[it->second])) place.cells.push_back(impl_->cells[it->second]);
  for (auto const& [key, shape] : impl_->managed) {
    if (bg::covered_by(p, shape)) place.inside.push_back(key);
  }
  return place;
}

std::size_t CellIndex::size() const { return impl_->cells.size(); }

}  // namespace wangge::engine
