// A small city in the memory store and what comes over the bus, ready made.
#pragma once

#include "dispatcher/engine/convert.hpp"
#include "dispatcher/engine/world.hpp"
#include "storage/memory_store.hpp"
#include "tests/core/world.hpp"

namespace wangge::engine::test {

inline std::vector<storage::CellShape> cells() {
  std::vector<storage::CellShape> out;
  auto const square = [&](char const* grid, char const* street, double lon) {
    out.push_back({grid, street, "c1", {{{lon, 35.40}, {lon + 0.01, 35.40}, {lon + 0.01, 35.41}, {lon, 35.41}, {lon, 35.40}}}});
  };
  square("g11", "s1", 116.60);
  square("g12", "s1", 116.61);
  square("g21", "s2", 116.62);
  return out;
}

struct City {
  City() {
    city = core::test::small_city();
    database = std::make_shared<storage::MemoryDatabase>();
    database->put_city(city, cells());
  }
  World world() const { return {std::make_shared<core::City const>(city), std::make_shared<CellIndex const>(cells(), city.managed)}; }
  storage::MemoryDatabase::District now() const { return database->snapshot(city.district); }

  core::City city;
  std::shared_ptr<storage::MemoryDatabase> database;
};

inline ReportIn report_in(City const& c, std::int64_t seq, std::string key = "", double lon = 116.605) {
  ReportIn in;
  in.peer = "peer";
  in.spool_id = "spool";
  in.seq = seq;
  in.report = core::test::a_report();
  in.report.district = c.city.district;
  in.report.principal = "phone";
  in.report.key = key.empty() ? "k" + std::to_string(seq) : key;
  in.report.report_id = "r" + std::to_string(seq);
  in.report.body_hash = "h" + std::to_string(seq);
  in.report.lon = lon;
  in.report.lat = 35.405;
  in.report.reported_at = in.report.received_at = core::test::local(2026, 11, 24, 9, 0);
  in.payload = "payload";
  return in;
}

}  // namespace wangge::engine::test
