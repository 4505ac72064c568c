// Which grid cell holds a point: an R-tree over the cells (Boost.Geometry), built once per standing-data version.
#pragma once

#include <memory>

#include "storage/store.hpp"

namespace wangge::engine {

class CellIndex {
 public:
  explicit CellIndex(std::vector<storage::CellShape> cells, std::vector<core::ManagedPlace> const& managed = {});
  ~CellIndex();
  // Every cell that covers the point; several on a shared edge (the core takes the lowest code), none outside; and the
  // managed places and control areas that hold it.
  core::Place find(double lon, double lat) const;
  std::size_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::engine
