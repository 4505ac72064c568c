// Tiles hold what their caller may see, where it lies, and stay small; the day so far and what everybody may see say no
// more than they should.
#include "storage/map_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "storage/queries.hpp"
#include "tests/store/world.hpp"
#include "tests/support/vector_tile.hpp"

namespace wangge::tests {
namespace {

using core::Role;
using core::State;
using storage::TileAt;

constexpr double kLon = 116.5874, kLat = 35.4149;

TileAt tile_at(int z, double lon = kLon, double lat = kLat) {
  double const n = std::ldexp(1.0, z), r = lat * std::acos(-1.0) / 180;
  return {z, static_cast<int>((lon / 360 + 0.5) * n),
          static_cast<int>((1 - std::asinh(std::tan(r)) / std::acos(-1.0)) / 2 * n)};
}

class Maps : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    sql("INSERT INTO community (district, code, street, zh, en) VALUES ('370871', '370871001001', '370871001', "
        "'东闸社区', 'Dongzha'), ('370871', '370871002001', '370871002', '柳行社区', 'Liuhang C');"
        "INSERT INTO cell (district, grid, street, community, area_m2, initial_date, shape) VALUES"
        " ('370871', '370871001001001', '370871001', '370871001001', 1000, '2020-01-01', ST_MakeEnvelope(116.585, "
        "35.410, 116.590, 35.415, 4490)),"
        " ('370871', '370871001001002', '370871001', '370871001001', 1000, '2020-01-01', ST_MakeEnvelope(116.590, "
        "35.410, 116.595, 35.415, 4490)),"
        " ('370871', '370871002001001', '370871002', '370871002001', 1000, '2020-01-01', ST_MakeEnvelope(116.595, "
        "35.410, 116.600, 35.415, 4490));"
        "INSERT INTO component (district, id, standard, code, zh, en, place) VALUES"
        " ('370871', '37087101001000001', 'gbt47678.5-2026', '01001', '供水井盖', 'Manhole', "
        "ST_SetSRID(ST_MakePoint(116.5874, 35.4149), 4490));"
        "UPDATE squad SET lon = 116.5880, lat = 35.4140 WHERE key = 'S2'");
    save({Life(1).dispatched("S1").save(), Life(2).dispatched("S2").save(), Life(3).save(), elsewhere(4)});
    maps = std::make_unique<storage::MapModel>(url, 2);
  }
  storage::CaseSave elsewhere(int n) {
    auto save = Life(n).save();
    save.after.street = "370871002";
    save.after.lon = 116.5976;
    save.after.lat = 35.4120;
    return save;
  }
  TileRead layer(core::Principal const& who, char const* id, TileAt at) {
    auto const tile = maps->tile(who, *storage::find_layer(id), at);
    if (tile.mvt.empty()) return {};
    auto layers = read_tile(tile.mvt);
    EXPECT_EQ(layers.size(), 1u);
    EXPECT_EQ(layers.front().name, id);
    EXPECT_EQ(layers.front().extent, 4096);
    return std::move(layers.front());
  }
  // Features of shapes: each once as itself, and once as the place of its label.
  static std::vector<TileFeature> of_kind(TileRead const& layer, int kind) {
    std::vector<TileFeature> out;
    for (auto const& f : layer.features)
      if (f.kind == kind) out.push_back(f);
    return out;
  }
  std::set<std::string> cases(core::Principal const& who, TileAt at = tile_at(15)) {
    std::set<std::string> out;
    for (auto const& f : layer(who, "cases", at).features) out.insert(f.tags.at("case_no"));
    return out;
  }
  std::unique_ptr<storage::MapModel> maps;
};

TEST_F(Maps, CasesLieWhereTheyWereReportedAndSayTheirLight) {
  auto const at = tile_at(15);
  auto const box = storage::box_of(at);
  auto const found = layer(principal(Role::shift_leader), "cases", at);
  ASSERT_EQ(found.features.size(), 4u);
  for (auto const& f : found.features) {
    ASSERT_EQ(f.kind, 1);
    ASSERT_EQ(f.corners.size(), 1u);
    if (f.tags.at("case_no") == number(4)) {
      EXPECT_NEAR(f.corners[0].first, (116.5976 - box.west) / (box.east - box.west) * 4096, 1);
      EXPECT_NEAR(f.corners[0].second, (box.north - 35.4120) / (box.north - box.south) * 4096, 2);
      EXPECT_EQ(f.tags.count("light"), 0u) << "no clock runs yet";
    }
    if (f.tags.at("case_no") == number(1)) {
      EXPECT_EQ(f.tags.at("light"), "red");
      EXPECT_EQ(f.tags.at("state"), "pending_dispose");
      EXPECT_EQ(f.tags.at("code"), "01001");
    }
    for (auto const* hidden : {"description", "address", "reporter"}) EXPECT_EQ(f.tags.count(hidden), 0u) << hidden;
  }
}

TEST_F(Maps, ATileHoldsWhatItsCallerMaySee) {
  auto squad = principal(Role::squad_leader);
  squad.unit = "U1", squad.squad = "S1";
  EXPECT_EQ(cases(squad), (std::set{number(1)}));
  auto unit = principal(Role::unit_clerk);
  unit.unit = "U1";
  EXPECT_EQ(cases(unit), (std::set{number(1), number(2)}));
  auto street = principal(Role::acceptor);
  street.street = "370871002";
  EXPECT_EQ(cases(street), (std::set{number(4)}));
  auto other = principal(Role::shift_leader);
  other.district = "370800";
  EXPECT_TRUE(cases(other).empty());
}

TEST_F(Maps, AnEndedCaseLeavesTheMap) {
  sql("UPDATE cases SET state = 'closed', closed_at = now() WHERE case_no = '" + number(2) + "'");
  EXPECT_EQ(cases(principal(Role::leader)).count(number(2)), 0u);
}

TEST_F(Maps, NeighbouringTilesShareNoCase) {
  auto const at = tile_at(18);
  std::multiset<std::string> all;
  for (int dx = -2; dx < 10; ++dx)
    for (int dy = -2; dy < 4; ++dy)
      for (auto const& no : cases(principal(Role::leader), {18, at.x + dx, at.y + dy})) all.insert(no);
  EXPECT_EQ(all, (std::multiset{number(1), number(2), number(3), number(4)}));
}

TEST_F(Maps, ManyCasesBecomeHeapsThatCountThemAll) {
  sql("INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('case_no', '3708712026110250' || "
      "lpad(n::text, 5, '0'), 'report_id', 'many-' || n,"
      " 'lon', 116.58 + (n % 40) * 0.0005, 'lat', 35.40 + (n / 40) * 0.0002))).* FROM cases c, generate_series(1, "
      "2000) n WHERE c.case_no = '" +
      number(1) + "'; ANALYZE cases");
  auto const heaps = layer(principal(Role::shift_leader), "cases", tile_at(12));
  EXPECT_LE(heaps.features.size(), 100u);
  int cases_in_heaps = 0, red = 0;
  for (auto const& f : heaps.features) {
    cases_in_heaps += std::stoi(f.tags.at("n"));
    red += std::stoi(f.tags.at("red"));
    EXPECT_EQ(f.tags.count("case_no"), 0u);
  }
  EXPECT_EQ(cases_in_heaps, 2004);
  EXPECT_EQ(red, 2002);
}

TEST_F(Maps, TheHeapsAreCountedByTheIndexAlone) {
  sql("INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('case_no', '3708712026110250' || "
      "lpad(n::text, 5, '0'), 'report_id', 'many-' || n))).*"
      " FROM cases c, generate_series(1, 5000) n WHERE c.case_no = '" +
      number(1) + "'");
  sql("VACUUM ANALYZE cases");
  std::string plan;
  std::string const ask = std::string("PREPARE heaps AS ") + storage::queries::tile_cases.sql +
                          "; SET plan_cache_mode = force_custom_plan; EXPLAIN EXECUTE heaps('370871', 'leader', '', "
                          "'', '', '', 0, 116.5, 35.4, 116.6, 35.5, '12/3374/1616', 300)";
  for (auto const& row : sql(ask)) plan += row[0] + '\n';
  EXPECT_NE(plan.find("Index Only Scan using open_map"), std::string::npos) << plan;
}

TEST_F(Maps, CellsAndAreasAreShapesWithTheirNames) {
  auto const cells = of_kind(layer(principal(Role::acceptor), "cells", tile_at(14)), 3);
  ASSERT_EQ(cells.size(), 3u);
  EXPECT_EQ(of_kind(layer(principal(Role::acceptor), "cells", tile_at(14)), 1).size(), 3u) << "a label each";
  EXPECT_EQ(cells[0].tags.at("grid"), "370871001001001");
  EXPECT_TRUE(layer(principal(Role::acceptor), "cells", tile_at(11)).features.empty()) << "too many to be of use";
  auto const communities = of_kind(layer(principal(Role::acceptor), "areas", tile_at(14)), 3);
  ASSERT_EQ(communities.size(), 2u);
  std::set<std::string> names;
  for (auto const& f : communities) names.insert(f.tags.at("zh"));
  EXPECT_EQ(names, (std::set<std::string>{"东闸社区", "柳行社区"}));
  EXPECT_EQ(of_kind(layer(principal(Role::acceptor), "areas", tile_at(11)), 3).size(), 2u);
  auto const components = layer(principal(Role::acceptor), "components", tile_at(16));
  ASSERT_EQ(components.features.size(), 1u);
  EXPECT_EQ(components.features[0].tags.at("component_id"), "37087101001000001");
}

TEST_F(Maps, ASquadIsWhereItLastSignedElseAtItsSeatElseNowhere) {
  sql("UPDATE cases SET state = 'disposing', signed_at = now() WHERE case_no = '" + number(1) + "'");
  auto const squads = layer(principal(Role::leader), "squads", tile_at(15));
  std::map<std::string, std::string> known;
  for (auto const& f : squads.features) known[f.tags.at("squad")] = f.tags.at("known");
  EXPECT_EQ(known, (std::map<std::string, std::string>{{"S1", "task"}, {"S2", "seat"}}));
}

TEST_F(Maps, StandingLayersAreKeptUntilTheirVersionRises) {
  auto const who = principal(Role::acceptor);
  auto const before = maps->tile(who, *storage::find_layer("cells"), tile_at(15));
  EXPECT_EQ(maps->tile(who, *storage::find_layer("cells"), tile_at(15)).etag, before.etag);
  sql("DELETE FROM cell WHERE grid = '370871002001001'; UPDATE district SET version = version + 1");
  auto const later = std::make_unique<storage::MapModel>(url, 1)->tile(who, *storage::find_layer("cells"), tile_at(15));
  EXPECT_NE(later.etag, before.etag);
}

TEST_F(Maps, TheDaySoFarCountsWhatCameAndWhatStands) {
  sql("UPDATE cases SET opened_at = now() - interval '1 second', filed_at = now() WHERE case_no = '" + number(1) + "'");
  auto const today = maps->today(principal(Role::leader));
  EXPECT_EQ(members(today, "reported").front(), "1") << today;
  EXPECT_EQ(members(today, "filed").front(), "1");
  EXPECT_EQ(members(today, "open"), (std::vector<std::string>{"4", "3", "1"})) << "all, and by street";
  EXPECT_EQ(members(today, "case_no"), (std::vector<std::string>{number(1)}));
  EXPECT_EQ(members(today, "zh").front(), "洸河街道");
  EXPECT_EQ(today.find("description"), std::string::npos);
  EXPECT_EQ(today.find("address"), std::string::npos);
}

// ---- what everybody may see

class PublicCases : public Maps {
 protected:
  storage::PublicFilter filter() const {
    storage::PublicFilter out;
    out.since = at(-60 * 24);
    out.limit = 50;
    return out;
  }
  std::vector<std::string> numbers(storage::PublicFilter const& f) {
    std::vector<std::string> out;
    for (auto const& c : maps->public_cases(kDistrict, f, at(60 * 24)).items) out.push_back(c.case_no);
    return out;
  }
};

TEST_F(PublicCases, OnlyFiledOnesOfOpenCategoriesAreShown) {
  EXPECT_EQ(numbers(filter()), (std::vector{number(2), number(1)})) << "3 and 4 are not filed";
  auto hidden = filter();
  hidden.hidden = {"01001"};
  EXPECT_TRUE(numbers(hidden).empty());
  sql("UPDATE cases SET state = 'voided', closed_at = now() WHERE case_no = '" + number(1) + "'");
  EXPECT_EQ(numbers(filter()), (std::vector{number(2)}));
  sql("UPDATE cases SET standard = 'local' WHERE case_no = '" + number(2) + "'");
  EXPECT_TRUE(numbers(filter()).empty()) << "nobody said which of its categories are sensitive";
}

TEST_F(PublicCases, PlacesAreRoundedAlsoInWhatABoxFinds) {
  auto const one = maps->public_cases(kDistrict, filter(), at(60 * 24)).items.front();
  EXPECT_EQ(one.lon, "116.587");
  EXPECT_EQ(one.lat, "35.415");
  auto box = filter();
  box.box = storage::Box{116.5873, 35.4148, 116.5875, 35.4150};  // its true place
  EXPECT_TRUE(numbers(box).empty()) << "a small box must not find what it shows coarsely";
  box.box = storage::Box{116.586, 35.414, 116.588, 35.416};
  EXPECT_EQ(numbers(box).size(), 2u);
}

TEST_F(PublicCases, NothingOfAPersonOrHisWordsIsInTheAnswer) {
  auto const one = storage::public_json(maps->public_cases(kDistrict, filter(), at(60 * 24)).items.front());
  for (auto const* secret :
       {"description", "address", "reporter", "photo", "source", "\"unit\"", "squad", "holder", "opened_at", "T0"})
    EXPECT_EQ(one.find(secret), std::string::npos) << secret << " in " << one;
  EXPECT_NE(one.find("\"reported_on\":\"2026-11-02\""), std::string::npos) << one;
}

TEST_F(PublicCases, CursorsWalkThemAllAndFiltersLeaveTheirs) {
  auto f = filter();
  f.limit = 1;
  auto const first = maps->public_cases(kDistrict, f, at(60 * 24));
  f.cursor = first.next_cursor;
  auto const second = maps->public_cases(kDistrict, f, at(60 * 24));
  EXPECT_EQ(first.items.front().case_no, number(2));
  EXPECT_EQ(second.items.front().case_no, number(1));
  EXPECT_TRUE(second.next_cursor.empty());
  f.cursor = "zz";
  EXPECT_THROW(maps->public_cases(kDistrict, f, at(60 * 24)), storage::BadFilter);
  auto by = filter();
  by.standing = "closed";
  EXPECT_TRUE(numbers(by).empty());
  by.standing = "in_hand";
  by.class_code = "01";
  EXPECT_EQ(numbers(by).size(), 2u);
  by.case_no = number(1);
  EXPECT_EQ(numbers(by), (std::vector{number(1)}));
}

TEST_F(PublicCases, TheTableIsSafeInASpreadsheet) {
  storage::PublicCase one;
  one.case_no = number(1);
  one.zh = "=1+1";
  auto const csv = storage::public_csv({one}, "zh");
  EXPECT_EQ(csv.substr(0, 3), "\xEF\xBB\xBF");
  EXPECT_NE(csv.find("\r\n" + number(1) + ","), std::string::npos) << csv;
  EXPECT_EQ(csv.find(",=1+1"), std::string::npos) << csv;
}

}  // namespace
}  // namespace wangge::tests
