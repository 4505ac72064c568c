#include "tests/store/world.hpp"

namespace wangge::tests {

void World::SetUp() {
  url = server.fresh_database();
  sql("INSERT INTO district (code, zh, en, version) VALUES ('370871', '高新区', 'Hi-tech Zone', 1);"
      "INSERT INTO calendar (district, key, sessions, first_day, last_day) VALUES ('370871', 'center', '{480,720,840,1080}', '2025-01-01', '2026-12-31');"
      "INSERT INTO calendar_day (district, calendar, day, works) VALUES ('370871', 'center', '2026-10-01', false), ('370871', 'center', '2026-10-02', false),"
      " ('370871', 'center', '2026-10-05', false), ('370871', 'center', '2026-10-06', false), ('370871', 'center', '2026-10-07', false);"
      "INSERT INTO unit (district, key, zh, en) VALUES ('370871', 'U1', '市政处', 'Works'), ('370871', 'U2', '园林处', 'Parks');"
      "INSERT INTO squad (district, key, unit, zh, en) VALUES ('370871', 'S1', 'U1', '一中队', 'Squad 1'), ('370871', 'S2', 'U1', '二中队', 'Squad 2'),"
      " ('370871', 'P1', 'U2', '园林队', 'Parks squad');"
      "INSERT INTO street (district, code, zh, en) VALUES ('370871', '370871001', '洸河街道', 'Guanghe'), ('370871', '370871002', '柳行街道', 'Liuhang');"
      "INSERT INTO category (district, standard, kind, code, class_code, zh, en, class_zh, class_en) VALUES"
      " ('370871', 'gbt47678.5-2026', 'matter', '01001', '01', '井盖', 'Manhole', '公用设施', 'Utilities');"
      "INSERT INTO condition (district, standard, kind, code, id, seq, zh, en, clock, minutes) VALUES"
      " ('370871', 'gbt47678.5-2026', 'matter', '01001', '1', 0, '缺失', 'Missing', 'urgent', 120)");
  store = storage::open_postgres(url, "1");
  epoch = store->take_over(kDistrict, "x").epoch;
  reads = std::make_unique<storage::ReadModel>(url, 2);
}

void World::save(std::vector<storage::CaseSave> saves, core::Instant recorded) {
  store->save(batch(epoch, std::move(saves)), recorded);
}

core::Principal principal(core::Role role, std::string name) {
  core::Principal who;
  who.role = role;
  who.name = std::move(name);
  who.district = kDistrict;
  return who;
}

std::vector<std::string> members(std::string const& json, std::string const& name) {
  std::vector<std::string> values;
  auto const wanted = "\"" + name + "\"";
  for (std::size_t at = json.find(wanted); at != std::string::npos; at = json.find(wanted, at)) {
    at += wanted.size();
    while (at < json.size() && (json[at] == ' ' || json[at] == ':')) ++at;
    if (json[at] == '"') {
      auto const end = json.find('"', at + 1);
      values.push_back(json.substr(at + 1, end - at - 1));
    } else {
      values.push_back(json.substr(at, json.find_first_of(" ,}]", at) - at));
    }
  }
  return values;
}

}  // namespace wangge::tests
