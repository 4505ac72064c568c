#include "gateways/console/handover_sheet.hpp"

#include <boost/json.hpp>

#include "dispatcher/core/lifecycle.hpp"
#include "storage/times.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using storage::Cell;
using storage::Sheet;

std::string text(json::value const& of, char const* name) {
  auto const* found = of.as_object().if_contains(name);
  if (found == nullptr || found->is_null()) return {};
  if (found->is_string()) return std::string(found->as_string());
  return json::serialize(*found);
}

std::string minute(std::string const& at) { return at.size() < 16 ? at : at.substr(0, 10) + " " + at.substr(11, 5); }

std::string state_words(std::string const& id, bool en) {
  auto const state = core::state_from(id);
  return state ? std::string(en ? core::info(*state).en : core::info(*state).zh) : id;
}

struct Column {
  char const* id;
  char const* zh;
  char const* en;
};

Sheet sheet(char const* id, std::string title, std::initializer_list<Column> columns, bool en) {
  Sheet out;
  out.id = id, out.name = title, out.title = std::move(title);
  for (auto const& c : columns) out.columns.push_back({c.id, en ? c.en : c.zh});
  return out;
}

}  // namespace

std::vector<Sheet> handover_sheets(storage::Handover const& h, json::value const& seen, std::chrono::minutes offset, std::string const& lang) {
  bool const en = lang == "en";
  auto const say = [&](char const* zh, char const* english) { return std::string(en ? english : zh); };
  auto const time = [&](std::optional<core::Instant> const& at) { return at ? minute(storage::format_instant(*at, offset)) : std::string("–"); };
  std::vector<Sheet> out;

  auto head = sheet("handover", say("交接班记录", "Handover"), {{"what", "项目", "Item"}, {"value", "内容", "Content"}}, en);
  auto const line = [&](std::string what, std::string value) { head.rows.push_back({Cell::of(std::move(what)), Cell::of(std::move(value))}); };
  line(say("班次", "Shift"), (en ? h.shift.en : h.shift.zh) + " " + time(h.shift.from) + " – " + time(h.shift.to));
  line(say("取数时刻", "Read at"), time(h.opened_at));
  line(say("在办", "Open"), text(seen, "open"));
  auto const& light = seen.at("light");
  line(say("红灯 / 黄灯 / 绿灯", "Red / yellow / green"), text(light, "red") + " / " + text(light, "yellow") + " / " + text(light, "green"));
  line(say("紧急", "Urgent"), text(seen, "urgent"));
  line(say("任务未送达", "Tasks that reached no device"), text(seen, "undelivered"));
  for (auto const& [state, n] : seen.at("state").as_object()) line(say("在办：", "Open: ") + state_words(std::string(state), en), json::serialize(n));
  for (auto const& plan : seen.at("plans").as_array())
    line(say("应急预案生效", "Emergency plan in force"), text(plan, en ? "en" : "zh") + " " + minute(text(plan, "on_at")) + " " + text(plan, "on_by") + " " + text(plan, "reason"));
  line(say("备注", "Notes"), h.notes.empty() ? "–" : h.notes);
  line(say("交班签字", "Handed over by"), h.outgoing.empty() ? "–" : h.outgoing + " " + time(h.outgoing_at));
  line(say("接班签字", "Taken over by"), h.incoming.empty() ? "–" : h.incoming + " " + time(h.incoming_at));
  if (!h.remark.empty()) line(say("接班意见", "Remark"), h.remark);
  if (!h.digest.empty()) head.below.push_back(say("签字内容摘要 SHA-256：", "SHA-256 of what was signed: ") + h.digest);
  out.push_back(std::move(head));

  for (auto const& [name, zh, english] : {std::tuple("red", "红灯案件", "Red"), std::tuple("red_soon", "下一班内将转红灯", "Red before the next shift ends")}) {
    auto const& part = seen.at(name);
    auto table = sheet(name, say(zh, english) + " " + text(part, "count"),
                       {{"case_no", "案号", "Case"}, {"category", "类别", "Category"}, {"state", "状态", "State"}, {"unit", "单位", "Unit"}, {"due_at", "处置截止", "Due"}}, en);
    for (auto const& item : part.at("items").as_array())
      table.rows.push_back({Cell::of(text(item, "case_no")), Cell::of(text(item.at("category"), "code")), Cell::of(state_words(text(item, "state"), en)),
                            Cell::of(text(item, "unit")), Cell::of(minute(text(item, "due_at")))});
    out.push_back(std::move(table));
  }
  auto promises = sheet("promises", say("承诺回复 ", "Promised replies ") + text(seen.at("promises"), "count"),
                        {{"which", "案号或工单号", "Case or order"}, {"until", "承诺时限", "Until"}, {"over", "已过", "Over"}, {"by", "承诺人或单位", "By"}}, en);
  for (auto const& item : seen.at("promises").at("items").as_array()) {
    auto const number = text(item, "case_no");
    promises.rows.push_back({Cell::of(number.empty() ? text(item, "order_no") : number), Cell::of(minute(text(item, "until"))),
                             Cell::of(item.at("over").is_bool() && item.at("over").as_bool() ? say("是", "yes") : ""), Cell::of(text(item, "by"))});
  }
  out.push_back(std::move(promises));
  auto orders = sheet("orders", say("在效督办与批示 ", "Orders in force ") + text(seen.at("orders"), "count"),
                      {{"case_no", "案号", "Case"}, {"kind", "种类", "Kind"}, {"by", "下达人", "By"}, {"at", "下达时间", "At"}, {"until", "时限", "Until"}, {"text", "内容", "Content"}}, en);
  for (auto const& item : seen.at("orders").at("items").as_array())
    orders.rows.push_back({Cell::of(text(item, "case_no")), Cell::of(text(item, "kind")), Cell::of(text(item, "by")), Cell::of(minute(text(item, "at"))),
                           Cell::of(minute(text(item, "until"))), Cell::of(text(item, "text"))});
  out.push_back(std::move(orders));
  return out;
}

Sheet whole_sheet(std::vector<Sheet> const& sheets) {
  Sheet out = sheets.front();
  std::size_t most = 0;
  for (auto const& s : sheets) most = std::max(most, s.columns.size());
  for (std::size_t i = out.columns.size(); i < most; ++i) out.columns.push_back({"c" + std::to_string(i), ""});
  for (auto& row : out.rows) row.resize(most);
  for (std::size_t i = 1; i < sheets.size(); ++i) {
    std::vector<Cell> head{Cell::of(sheets[i].title)}, names;
    head.resize(most);
    for (auto const& c : sheets[i].columns) names.push_back(Cell::of(c.title));
    names.resize(most);
    out.rows.push_back(std::move(head));
    out.rows.push_back(std::move(names));
    for (auto row : sheets[i].rows) {
      row.resize(most);
      out.rows.push_back(std::move(row));
    }
  }
  return out;
}

}  // namespace wangge::console
