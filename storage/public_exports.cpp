// What everybody may know of cases, as JSON and as a table.
#include <array>

#include "storage/export_text.hpp"
#include "storage/map_model.hpp"

namespace wangge::storage {
namespace {

struct Words {
  std::string_view id, zh, en;
};
constexpr std::array<Words, 5> kStandingWords{{{"filed", "已立案", "filed"},
                                               {"in_hand", "正在处理", "being dealt with"},
                                               {"checking", "处理完毕，正在核查", "done, being checked"},
                                               {"paused", "需要较长时间", "takes longer"},
                                               {"closed", "已办结", "closed"}}};
constexpr std::array<Words, 13> kColumns{{{"case_no", "案卷号", "case"},
                                          {"class", "大类代码", "class code"},
                                          {"class_name", "大类", "class"},
                                          {"category", "小类代码", "category code"},
                                          {"category_name", "小类", "category"},
                                          {"street", "街道", "street"},
                                          {"community", "社区", "community"},
                                          {"lon", "经度（约200米格心）", "longitude (middle of some 200 m)"},
                                          {"lat", "纬度（约200米格心）", "latitude (middle of some 200 m)"},
                                          {"standing", "进展", "standing"},
                                          {"reported_on", "上报日期", "reported on"},
                                          {"changed_on", "最近办理日期", "changed on"},
                                          {"closed_on", "结案日期", "closed on"}}};

void named(std::string& out, std::string_view name, std::string_view code, std::string_view zh, std::string_view en) {
  out.append(",\"").append(name).append("\":{");
  if (!code.empty()) {
    out += "\"code\":";
    quote(out, code);
    out += ',';
  }
  out += "\"zh\":";
  quote(out, zh);
  out += ",\"en\":";
  quote(out, en);
  out += '}';
}

}  // namespace

std::string public_json(PublicCase const& c) {
  std::string out = "{\"case_no\":";
  quote(out, c.case_no);
  named(out, "class", c.class_code, c.class_zh, c.class_en);
  named(out, "category", c.code, c.zh, c.en);
  named(out, "street", "", c.street_zh, c.street_en);
  named(out, "community", "", c.community_zh, c.community_en);
  out += ",\"lon\":" + (c.lon.empty() ? "null" : c.lon) + ",\"lat\":" + (c.lat.empty() ? "null" : c.lat);
  auto const text = [&](std::string_view name, std::string const& value) {
    out.append(",\"").append(name).append("\":");
    if (value.empty())
      out += "null";
    else
      quote(out, value);
  };
  text("standing", c.standing);
  text("reported_on", c.reported_on);
  text("changed_on", c.changed_on);
  text("closed_on", c.closed_on);
  return out + '}';
}

std::string public_csv(std::vector<PublicCase> const& all, std::string const& lang) {
  bool const en = lang == "en";
  std::string out = "\xEF\xBB\xBF";
  for (auto const& column : kColumns)
    out.append(&column == &kColumns[0] ? "" : ",").append(csv_cell(std::string(en ? column.en : column.zh)));
  out += "\r\n";
  for (auto const& c : all) {
    std::string standing = c.standing;
    for (auto const& words : kStandingWords)
      if (words.id == c.standing) standing = en ? words.en : words.zh;
    std::string const* const cells[]{&c.case_no,
                                     &c.class_code,
                                     en ? &c.class_en : &c.class_zh,
                                     &c.code,
                                     en ? &c.en : &c.zh,
                                     en ? &c.street_en : &c.street_zh,
                                     en ? &c.community_en : &c.community_zh,
                                     &c.lon,
                                     &c.lat,
                                     &standing,
                                     &c.reported_on,
                                     &c.changed_on,
                                     &c.closed_on};
    for (auto const* cell : cells) out.append(cell == cells[0] ? "" : ",").append(csv_cell(*cell));
    out += "\r\n";
  }
  return out;
}

}  // namespace wangge::storage
