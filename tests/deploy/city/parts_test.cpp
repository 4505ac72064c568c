// Parts of a city: the diff before it takes effect, nothing half-applied, versions kept for ever, grids that cannot be,
// Excel workbooks, coordinates against PostGIS.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "../folder.hpp"
#include "deploy/city/readers.hpp"
#include "deploy/city/xlsx.hpp"
#include "dispatcher/core/coordinates.hpp"
#include "small_city.hpp"
#include "storage/postgres_store.hpp"
#include "storage/rule_model.hpp"
#include "storage/standing.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;
using tests::Folder;
using tests::SmallCity;
using tests::TemporaryPostgres;

std::string const& database() {
  static auto const made = TemporaryPostgres::shared().fresh_database();
  return made;
}

std::vector<std::vector<std::string>> sql(std::string const& text) {
  return TemporaryPostgres::shared().sql(database(), text);
}

struct Parts : testing::Test {
  Parts() {
    sql("DELETE FROM district");
    for (auto const& [name, text] : small.files) folder.write(name, text);
    LoadOptions options{folder.path.string()};
    options.by = "李", options.note = "首次";
    EXPECT_EQ(load_city(database(), options, out, err), 0) << err.str();
    out.str("");
  }
  int load(std::string const& part, std::string const& file, std::string const& text, bool dry = false) {
    folder.write(file, text);
    return load_file(part, (folder.path / file).string(), dry);
  }
  int load_file(std::string const& part, std::string const& path, bool dry = false) {
    out.str(""), err.str("");
    PartOptions options;
    options.part = part, options.files = {path}, options.dry_run = dry, options.by = "王", options.note = "会议纪要 3";
    return load_part(database(), options, out, err);
  }
  bool told(std::string const& text) const {
    return out.str().find(text) != std::string::npos || err.str().find(text) != std::string::npos;
  }
  std::string all() const { return out.str() + err.str(); }
  SmallCity small;
  Folder folder;
  std::ostringstream out, err;
};

TEST_F(Parts, ADiffIsToldAndADryRunChangesNothing) {
  auto const rules = small.files["routes.csv"] + "r3,ordered,,,,,,06,,,roads,\n";
  EXPECT_EQ(load("rules", "routes.csv", rules, true), 1) << all();
  EXPECT_TRUE(told("+ r3")) << all();
  EXPECT_TRUE(told("rule r2 stands in the shadow of r3")) << all();
  EXPECT_TRUE(told("nothing written")) << all();
  EXPECT_EQ(standing::version_of(database(), "990001"), 1);
  EXPECT_EQ(sql("SELECT count(*) FROM route_rule")[0][0], "2");
  EXPECT_EQ(load("rules", "routes.csv", rules), 1) << "rules in a shadow are refused";
  EXPECT_EQ(sql("SELECT count(*) FROM route_rule")[0][0], "2");
  auto narrow = small.files["routes.csv"] + "r3,ordered,,,,,,06,990001001001001,,roads,\n";
  narrow.replace(narrow.find("roads-1\nr2"), 7, "roads-1");
  EXPECT_EQ(load("rules", "routes.csv", narrow), 0) << all();
  EXPECT_TRUE(told("rules: 1 added, 0 changed, 0 removed")) << all();
  EXPECT_EQ(standing::version_of(database(), "990001"), 2);
  EXPECT_EQ(sql("SELECT by_whom, note FROM standing_version WHERE part = 'rules' AND version = 2")[0],
            (std::vector<std::string>{"王", "会议纪要 3"}));
  EXPECT_EQ(sql("SELECT count(*) FROM cell")[0][0], "2") << "a part leaves the others alone";
  EXPECT_EQ(load("rules", "routes.csv", narrow), 0);
  EXPECT_TRUE(told("nothing changes")) << all();
}

TEST_F(Parts, EveryBadRowIsNamedAndNothingIsHalfApplied) {
  auto const bad = small.files["routes.csv"] +
                   "r3,ordered,,,,,,,,,nowhere,\nr1,ordered,,,,,,,,,roads,\nr5,sideways,,,,,,,,,roads,\n";
  EXPECT_EQ(load("rules", "routes.csv", bad), 1);
  for (auto const* words :
       {"routes.csv:4: unit: no unit nowhere", "routes.csv:5: id: the same key as in line 2", "routes.csv:6: level"})
    EXPECT_TRUE(told(words)) << words << "\n" << all();
  EXPECT_EQ(standing::version_of(database(), "990001"), 1);
}

TEST_F(Parts, AnOldCasesNamesStayReadableUnderItsCatalogue) {
  auto catalogue = small.files["catalogue.csv"];
  catalogue.replace(catalogue.find("暴露垃圾"), std::string("暴露垃圾").size(), "垃圾暴露");
  folder.write("catalogue.csv", catalogue);
  auto conditions = small.files["conditions.csv"];
  conditions.replace(conditions.find("work_hour,240"), 13, "work_hour,120");
  folder.write("conditions.csv", conditions);
  PartOptions options;
  options.part = "catalogue";
  options.files = {(folder.path / "catalogue.csv").string(), (folder.path / "conditions.csv").string()};
  ASSERT_EQ(load_part(database(), options, out, err), 0) << all();
  EXPECT_TRUE(told("~ gbt47678.5-2026/matter/06010: conditions.1.minutes 240 -> 120")) << all();
  EXPECT_TRUE(told("~ gbt47678.5-2026/matter/06010: zh 暴露垃圾 -> 垃圾暴露")) << all();
  storage::RuleModel model(database());
  EXPECT_EQ(model.city("990001")->catalogue_version, 2);
  core::CategoryKey const litter{"gbt47678.5-2026", "matter", "06010"};
  EXPECT_NE(model.category_at("990001", 1, litter).find("暴露垃圾"), std::string::npos);
  EXPECT_NE(model.category_at("990001", 2, litter).find("垃圾暴露"), std::string::npos);
  EXPECT_EQ(sql("SELECT count(*) FROM closing_condition")[0][0], "1") << "what was not brought stays";
}

TEST_F(Parts, TheClosingCodesOfAnOlderCatalogueAreFound) {
  auto conditions = small.files["conditions.csv"];
  conditions.replace(conditions.find("minutes\n"), 8, "minutes,closing\n");
  conditions.replace(conditions.find("work_hour,240"), 13, "work_hour,240,restored");
  for (auto const* row : {"work_day,480", "urgent,120"}) conditions.insert(conditions.find(row) + std::string(row).size(), ",");
  folder.write("conditions.csv", conditions);
  PartOptions options;
  options.part = "catalogue";
  options.files = {(folder.path / "catalogue.csv").string(), (folder.path / "conditions.csv").string()};
  ASSERT_EQ(load_part(database(), options, out, err), 0) << all();
  auto const store = storage::open_postgres(database(), "test");
  storage::LoadRequest want;
  want.closings = {{"asked", 2, "gbt47678.5-2026/matter/06010", "1"},
                   {"any", 1, "gbt47678.5-2026/matter/06010", "1"},
                   {"unknown", 1, "gbt47678.5-2026/matter/06010", "7"}};
  auto const found = store->load("990001", want).closings;
  EXPECT_EQ(found.at("asked"), std::vector<std::string>{"restored"});
  EXPECT_TRUE(found.at("any").empty());
  EXPECT_FALSE(found.contains("unknown"));
}

TEST_F(Parts, SwitchesAreAPartOfTheirOwnCheckedAndVersioned) {
  EXPECT_EQ(load("policy", "district.toml", "[policy]\nrework_clock = \"never\"\nblind_percent = 300\ncolour = 1\ncalendar = \"moon\"\n"), 1);
  for (auto const* words : {"policy.rework_clock: is none of remaining|fresh|short", "policy.blind_percent: lies outside 0 to 100",
                            "policy.colour: there is no such switch", "policy.calendar: no calendar moon"})
    EXPECT_TRUE(told(words)) << words << "\n" << all();
  EXPECT_EQ(standing::version_of(database(), "990001"), 1);
  ASSERT_EQ(load("policy", "district.toml", "[policy]\nrework_clock = \"fresh\"\n", true), 0) << all();
  EXPECT_TRUE(told("rework_clock")) << "the diff names it: " << all();
  EXPECT_EQ(sql("SELECT policy ->> 'rework_clock' FROM district")[0][0], "remaining");
  ASSERT_EQ(load("policy", "district.toml", "[policy]\nrework_clock = \"fresh\"\n"), 0) << all();
  EXPECT_EQ(sql("SELECT policy ->> 'rework_clock', policy ->> 'auto_confirm' FROM district")[0],
            (std::vector<std::string>{"fresh", "true"})) << "what the file does not name stands at its default";
  EXPECT_EQ(sql("SELECT version, by_whom FROM standing_version WHERE part = 'policy' ORDER BY version DESC")[0],
            (std::vector<std::string>{"2", "王"}));
  EXPECT_EQ(sql("SELECT count(*) FROM cell")[0][0], "2") << "a part leaves the others alone";
  EXPECT_EQ(storage::open_postgres(database(), "test")->load_city("990001").policy.rework_clock, "fresh");
}

std::string cells(std::string const& features, std::string const& crs = "") {
  return "{\"type\":\"FeatureCollection\"," + crs + "\"features\":[" + features + "]}";
}
std::string cell(std::string const& grid, std::string const& ring) {
  return R"({"type":"Feature","properties":{"grid":")" + grid + R"("},"geometry":{"type":"Polygon","coordinates":[)" +
         ring + "]}}";
}

TEST_F(Parts, GridsThatCannotBeAreRefusedByName) {
  struct {
    char const* what;
    std::string file;
  } const table[] = {
      {"grid 990001001001001: crosses itself", cells(cell("990001001001001", "[[0,0],[1,1],[1,0],[0,1.5],[0,0]]"))},
      {"grid 990001001001001: lies over 990001001001002 by",
       cells(cell("990001001001001", "[[0,0],[2,0],[2,1],[0,1],[0,0]]") + "," +
             cell("990001001001002", "[[1,0],[3,0],[3,1],[1,1],[1,0]]"))},
      {"a hole of", cells(cell("990001001001001", "[[0,0],[3,0],[3,3],[0,3],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]"))},
      {"no community 990001001009", cells(cell("990001001009001", "[[0,0],[1,0],[1,1],[0,1],[0,0]]"))},
      {"not closed", cells(cell("990001001001001", "[[0,0],[1,0],[1,1],[0,1]]"))},
      {"no system known", cells(cell("990001001001001", "[[0,0],[1,0],[1,1],[0,1],[0,0]]"), "\"crs\":\"BD-09\",")},
  };
  for (auto const& t : table) {
    EXPECT_EQ(load("grids", "cells.geojson", t.file), 1) << t.what;
    EXPECT_TRUE(told(t.what)) << t.what << "\n" << all();
  }
  EXPECT_EQ(standing::version_of(database(), "990001"), 1);
  EXPECT_EQ(sql("SELECT count(*) FROM cell")[0][0], "2");
}

TEST_F(Parts, ARetiredGridsIdIsNeverUsedAgain) {
  auto const one = cell("990001001001001", "[[116.11,35.1],[116.2,35.1],[116.2,35.2],[116.11,35.2],[116.11,35.1]]");
  auto const three = cell("990001001001003", "[[116.2,35.1],[116.3,35.1],[116.3,35.2],[116.2,35.2],[116.2,35.1]]");
  ASSERT_EQ(load("grids", "cells.geojson", cells(one + "," + three)), 0) << all();
  EXPECT_EQ(sql("SELECT grid, why FROM cell_past ORDER BY grid"),
            (std::vector<std::vector<std::string>>{{"990001001001001", "redrawn"}, {"990001001001002", "gone"}}));
  EXPECT_EQ(load("grids", "cells.geojson", small.files["cells.geojson"]), 1);
  EXPECT_TRUE(told("grid 990001001001002: the id was retired on")) << all();
  EXPECT_EQ(sql("SELECT string_agg(grid, ',' ORDER BY grid) FROM cell")[0][0], "990001001001001,990001001001003");
  ASSERT_EQ(load("grids", "cells.geojson", cells(one + "," + three)), 0) << "the same again retires nothing";
  EXPECT_EQ(sql("SELECT count(*) FROM cell_past")[0][0], "2");
}

std::string little(std::uint64_t n, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(n >> 8 * i & 0xff);
  return out;
}

// A zip whose parts lie in it unpacked.
std::string archive(std::map<std::string, std::string> const& parts) {
  std::string out, list;
  for (auto const& [name, text] : parts) {
    auto const sizes = little(0, 4) + little(static_cast<std::uint32_t>(text.size()), 4) +
                       little(static_cast<std::uint32_t>(text.size()), 4);
    auto const names = little(static_cast<std::uint32_t>(name.size()), 2) + little(0, 2);
    list += std::string("PK\1\2") + little(20, 2) + little(20, 2) + little(0, 8) + sizes + names + little(0, 2) +
            little(0, 8) + little(static_cast<std::uint32_t>(out.size()), 4) + name;
    out += std::string("PK\3\4") + little(20, 2) + little(0, 8) + sizes + names + name + text;
  }
  auto const at = static_cast<std::uint32_t>(out.size());
  auto const count = little(static_cast<std::uint32_t>(parts.size()), 2);
  return out + list + std::string("PK\5\6") + little(0, 4) + count + count +
         little(static_cast<std::uint32_t>(list.size()), 4) + little(at, 4) + little(0, 2);
}

// What Excel writes: shared and inline texts, a date as a number with a style, an empty row, cells left out.
std::string workbook() {
  std::string row = "<row r=\"1\">";
  char column = 'A';
  for (auto const* name : {"id", "standard", "kind", "code", "condition", "class_code", "area", "supervising",
                           "responsible", "assisting", "basis", "document", "from_day"})
    row += "<c r=\"" + std::string(1, column++) + "1\" t=\"inlineStr\"><is><t>" + name + "</t></is></c>";
  row +=
      "</row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"F2\" t=\"s\"><v>1</v></c><c r=\"I2\" "
      "t=\"s\"><v>2</v></c>"
      "<c r=\"K2\" t=\"s\"><v>3</v></c><c r=\"L2\" t=\"s\"><v>4</v></c><c r=\"M2\" s=\"1\"><v>46204</v></c></row>"
      "<row r=\"4\"><c r=\"A4\" t=\"str\"><v>q2</v></c><c r=\"F4\"><v>06</v></c><c r=\"G4\"><v>990001001</v></c><c "
      "r=\"I4\" t=\"str\"><v>nobody</v></c></row>";
  return archive({
      {"xl/workbook.xml",
       R"(<?xml version="1.0"?><workbook><sheets><sheet name="responsibility" sheetId="1" r:id="rId1"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)"},
      {"xl/styles.xml",
       R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>)"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>q1</t></si><si><t>06</t></si><si><r><t>ro</t></r><r><t>ads</t></r><rPh><t>x</t></rPh></si>"
       "<si><t>《条例》第三条，&quot;环卫&quot; &amp; 其他</t></si><si><t>〔2026〕1号</t></si></sst>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + row + "</sheetData></worksheet>"},
  });
}

TEST_F(Parts, AWorkbookReadsAsTheTablesItHolds) {
  auto const path = (folder.path / "list.xlsx").string();
  folder.write("list.xlsx", workbook());
  EXPECT_EQ(load_file("responsibility", path), 1);
  EXPECT_TRUE(told("responsibility.csv:4: responsible: no unit nobody")) << "the sheet's own row\n" << all();
  std::ifstream in(path, std::ios::binary);
  std::string const bytes(std::istreambuf_iterator<char>(in), {});
  auto csv = read_xlsx(bytes).at("responsibility");
  EXPECT_NE(csv.find("2026-07-01"), std::string::npos) << csv;
  csv.replace(csv.find("nobody"), 6, "patrols");
  ASSERT_EQ(load("responsibility", "responsibility.csv", csv), 0) << all();
  EXPECT_EQ(sql("SELECT basis, document, from_day::text FROM responsibility WHERE id = 'q1'")[0],
            (std::vector<std::string>{"《条例》第三条，\"环卫\" & 其他", "〔2026〕1号", "2026-07-01"}));
  // A packed one, as libxlsxwriter makes them.
  auto const packed = (folder.path / "packed.xlsx").string();
  storage::ClosureTable table;
  table.by = "unit", table.month = "2026-10";
  table.rows.push_back({"roads", "养护中心"});
  storage::closure_xlsx(table, packed, "zh");
  std::ifstream packed_in(packed, std::ios::binary);
  std::string const packed_bytes(std::istreambuf_iterator<char>(packed_in), {});
  EXPECT_NE(read_xlsx(packed_bytes).begin()->second.find("养护中心"), std::string::npos);
  // Any cut or change of its bytes is read or refused, never more.
  for (auto const& whole : {bytes, packed_bytes}) {
    for (std::size_t cut = 0; cut < whole.size(); cut += 37) {
      for (auto broken : {whole.substr(0, cut), whole}) {
        if (broken.size() == whole.size()) broken[cut] = static_cast<char>(broken[cut] ^ 0x55);
        try {
          read_xlsx(broken);
        } catch (XlsxBroken const&) {
        }
      }
    }
  }
}

// The same points by PostGIS (PROJ), in every plane that a city may survey in.
TEST_F(Parts, PlanesAgreeWithPostgis) {
  std::ostringstream points;
  points.precision(12);
  std::vector<core::LonLat> here;
  for (int epsg = 4491; epsg <= 4554; ++epsg) {
    auto const crs = core::crs_from("EPSG:" + std::to_string(epsg));
    ASSERT_TRUE(crs) << epsg;
    for (double const north : {2'000'000.0, 3'920'000.0, 5'800'000.0}) {
      for (double const east : {-140'000.0, -3'000.0, 90'000.0}) {
        double const x = crs->plane.false_easting + east;
        points << (here.empty() ? "" : ",") << "(" << here.size() << "," << x << "," << north << "," << epsg << ")";
        here.push_back(core::to_cgcs2000(*crs, x, north));
      }
    }
  }
  auto const there = sql(
      "SELECT ST_X(g), ST_Y(g) FROM (VALUES " + points.str() +
      ") v(n, x, y, epsg), LATERAL (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(x, y), epsg), 4490) g) t ORDER BY n");
  ASSERT_EQ(there.size(), here.size());
  for (std::size_t i = 0; i < here.size(); ++i) {
    EXPECT_NEAR(here[i].lon, std::stod(there[i][0]), 1e-9) << i;
    EXPECT_NEAR(here[i].lat, std::stod(there[i][1]), 1e-9) << i;
  }
}

TEST_F(Parts, ComponentsKeepWhereTheirPointCameFromAndAreOfferedNearby) {
  std::string const text =
      "id,standard,code,zh,en,maintainer,owner,supervisor,lon,lat,crs,grid,state,initial_date\n"
      "99000101001000001,gbt47678.5-2026,01001,井盖,Cover,roads,roads,roads,116.15,35.15,,990001001001001,完好,2026-01-"
      "01\n"
      "99000101001000002,gbt47678.5-2026,01001,井盖二,Cover,roads,roads,roads,430000.5,3891000.25,EPSG:4548,,,\n"
      "99000101001000003,gbt47678.5-2026,01001,井盖三,Cover,roads,roads,roads,116.15,35.15,GCJ-02,,,\n";
  ASSERT_EQ(load("components", "components.csv", text), 0) << all();
  EXPECT_EQ(sql("SELECT crs, source_x FROM component WHERE id LIKE '%2'")[0],
            (std::vector<std::string>{"EPSG:4548", "430000.5"}));
  EXPECT_EQ(sql("SELECT abs(ST_X(place) - 116.15) > 0.001 FROM component WHERE id LIKE '%3'")[0][0], "t");
  storage::RuleModel model(database());
  auto const near = model.components_near("990001", 116.15, 35.15017, 20, "", 10);
  EXPECT_NE(near.find("99000101001000001"), std::string::npos) << near;
  EXPECT_EQ(model.components_near("990001", 116.15, 35.1502, 20, "", 10), "[]") << "22 m away";
  EXPECT_EQ(load("components", "components.csv",
                 text.substr(0, text.find('\n') + 1) + "99000102001000001,gbt47678.5-2026,01001,井盖,C,,,,1,1,,,,\n"),
            1);
  EXPECT_TRUE(told("names another kind")) << all();
}

TEST_F(Parts, RingsAndUnknownPartsOfTreesAreRefused) {
  folder.write("units.csv",
               "key,zh,en,calendar,parent\nroads,养护,Roads,center,patrols\npatrols,采集,Patrols,,roads\n");
  EXPECT_EQ(load_city(database(), {folder.path.string()}, out, err), 1);
  EXPECT_TRUE(told("units in a ring: patrols -> roads -> patrols")) << all();
  EXPECT_EQ(
      load("areas", "areas.csv", "layer,code,parent,zh,en,grids\nduty,d1,d2,一,One,990001001*\nduty,d2,d1,二,Two,\n"),
      1);
  EXPECT_TRUE(told("areas in a ring")) << all();
  EXPECT_EQ(load("areas", "areas.csv",
                 "layer,code,parent,zh,en,grids\nduty,d1,top,一,One,990001001*\nduty,d3,,三,Three,990001001001009\n"),
            1);
  EXPECT_TRUE(told("no area top of the layer duty")) << all();
  EXPECT_TRUE(told("no cell 990001001001009")) << all();
  std::string tree = "layer,code,parent,zh,en,grids\n", up;
  for (int i = 0; i < 12; ++i) {
    auto const code = "a" + std::to_string(i);
    tree += "ward," + code + "," + up + ",区" + std::to_string(i) + ",,\n";
    up = code;
  }
  ASSERT_EQ(load("areas", "areas.csv", tree), 0) << all();
  storage::RuleModel model(database());
  EXPECT_NE(model.areas("990001", "", 200)
                .items.find("区0 / 区1 / 区2 / 区3 / 区4 / 区5 / 区6 / 区7 / 区8 / 区9 / 区10 / 区11\""),
            std::string::npos);
}

TEST_F(Parts, PlansAreSwitchedByANameAndALoadLeavesTheSwitch) {
  std::string const plans = "key,zh,en,urgent,urgent_minutes,relaxed,clocks,percent\nrain,暴雨,Rain,06,60,,,\n";
  ASSERT_EQ(load("plans", "plans.csv", plans), 0) << all();
  EXPECT_TRUE(standing::switch_plan(database(), "990001", "rain", true, "局长", "暴雨红色预警"));
  EXPECT_FALSE(standing::switch_plan(database(), "990001", "rain", true, "局长", "again"));
  EXPECT_FALSE(standing::switch_plan(database(), "990001", "snow", true, "局长", "no such plan"));
  ASSERT_EQ(load("plans", "plans.csv", plans), 0);
  storage::RuleModel model(database());
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  EXPECT_TRUE(model.city("990001")->plans.at(0).is_on(now));
  EXPECT_TRUE(standing::switch_plan(database(), "990001", "rain", false, "局长", "解除"));
  auto const later = std::chrono::floor<core::Millis>(std::chrono::system_clock::now()) + core::Millis{1};
  EXPECT_FALSE(model.city("990001")->plans.at(0).is_on(later));
  EXPECT_EQ(
      load("plans", "plans.csv", "key,zh,en,urgent,urgent_minutes,relaxed,clocks,percent\nx,某,X,,,06,urgent,200\n"),
      1);
  EXPECT_TRUE(told("the urgent clock is never relaxed")) << all();
}

}  // namespace
}  // namespace wangge::deploy
