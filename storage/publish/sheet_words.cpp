// What a sheet's placeholders say: of the case, of a step of its history (file.who), of the request or order the sheet
// is about.
#include <algorithm>
#include <cctype>
#include <cstdio>

#include "dispatcher/core/lifecycle.hpp"
#include "storage/publish/case_sheets.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

using core::Case;
using core::HistoryRow;
using core::Instant;

struct Asked {
  Case const& c;
  PaperCase const& item;
  PaperHead const& head;
  std::string_view kind;
  bool en() const { return head.lang == "en"; }
  std::string say(std::string_view zh, std::string_view english) const {
    return std::string(en() && !english.empty() ? english : zh);
  }
  std::string at(std::optional<Instant> const& when) const {
    if (!when) return "";
    auto text = format_instant(*when, head.city.utc_offset).substr(0, 16);  // 2026-11-28T14:56
    text[10] = ' ';
    return text;
  }
};

struct Source {
  std::string_view id, zh, en;
};
constexpr std::array kSourceWords{Source{"patrol", "监督员上报", "Patrol"},
                                  Source{"hotline_12319", "12319热线", "Hotline 12319"},
                                  Source{"hotline_12345", "12345热线", "Hotline 12345"},
                                  Source{"public", "公众举报", "Public"},
                                  Source{"leader", "领导批办", "Leader"},
                                  Source{"media", "媒体曝光", "Media"},
                                  Source{"video", "视频上报", "Video"},
                                  Source{"ai", "智能识别", "AI"},
                                  Source{"inspection", "督察发现", "Inspection"},
                                  Source{"department", "部门移交", "Department"},
                                  Source{"enforcement", "执法移交", "Enforcement"},
                                  Source{"sensor", "物联感知", "Sensor"},
                                  Source{"import", "导入", "Import"}};
static_assert(kSourceWords.size() == core::kSources.size());

std::string source(Asked const& a) {
  auto const* const found =
      std::find_if(kSourceWords.begin(), kSourceWords.end(), [&](Source const& s) { return s.id == a.c.source; });
  return found == kSourceWords.end() ? a.c.source : a.say(found->zh, found->en);
}

core::CatalogueEntry const* entry(Asked const& a) {
  return a.head.city.find({a.c.standard, a.c.kind, a.c.code});
}
std::string category(Asked const& a) {
  auto const* const known = entry(a);
  return a.c.code + (known == nullptr ? "" : " " + a.say(known->zh, known->en));
}
std::string class_name(Asked const& a) {
  auto const* const known = entry(a);
  return known == nullptr ? a.c.class_code : a.say(known->class_zh, known->class_en);
}
std::string condition(Asked const& a) {
  auto const* const known = entry(a);
  auto const* const found = known == nullptr ? nullptr : known->find(a.c.condition);
  return found == nullptr ? a.c.condition : a.say(found->zh, found->en);
}
template <class Bodies>
std::string body(Asked const& a, Bodies const& bodies, std::string const& key) {
  auto const found = bodies.find(key);
  return found == bodies.end() ? key : a.say(found->second.zh, found->second.en);
}
std::string place(Asked const& a) {
  if (!a.c.lon || !a.c.lat) return "";
  char text[64];
  std::snprintf(text, sizeof text, "%.6f, %.6f", *a.c.lon, *a.c.lat);
  return text;
}
std::string limit(Asked const& a) {
  if (a.c.clock.empty()) return "";
  struct Clock {
    std::string_view id, zh, en;
    std::int64_t whole;
  };
  static constexpr std::array kClocks{
      Clock{"urgent", "紧急工作时", "urgent hours", 60}, Clock{"work_hour", "工作时", "work hours", 60},
      Clock{"work_day", "工作日", "work days", 480}, Clock{"natural_day", "自然日", "natural days", 1440}};
  for (auto const& clock : kClocks)
    if (clock.id == a.c.clock && a.c.limit_minutes % clock.whole == 0)
      return std::to_string(a.c.limit_minutes / clock.whole) + " " + a.say(clock.zh, clock.en);
  return std::to_string(a.c.limit_minutes) + a.say(" 分钟", " minutes");
}
std::string closing_condition(Asked const& a) {
  auto const found = a.head.city.closing_names.find(a.c.closing_condition);
  return found == a.head.city.closing_names.end() ? a.c.closing_condition : a.say(found->second.zh, found->second.en);
}
std::string on_time(Asked const& a) {
  if (!a.c.handed_over_at || !a.c.due_at) return "";
  return a.c.late ? a.say("超期", "late") : a.say("按期", "on time");
}

// ---- steps of the history

HistoryRow const* last(Asked const& a, std::string_view action) {
  auto const& rows = a.item.history;
  auto const found =
      std::find_if(rows.rbegin(), rows.rend(), [&](HistoryRow const& row) { return row.action == action; });
  return found == rows.rend() ? nullptr : &*found;
}
std::string change(HistoryRow const& row, std::string_view field) {
  for (auto const& [name, value] : row.changes)
    if (name == field) return value;
  return "";
}
std::string actor(Asked const& a, HistoryRow const& row) {
  auto const& role = core::info(row.role);
  return row.role == core::Role::system
             ? a.say(role.zh, role.en)
             : row.actor + (a.en() ? " (" : "（") + a.say(role.zh, role.en) + (a.en() ? ")" : "）");
}
std::string step_name(Asked const& a, std::string_view action) {
  auto const known = core::action_from(action);
  return known ? a.say(core::info(*known).zh, core::info(*known).en) : std::string(action);
}

struct StepWord {
  std::string_view id, zh;
  std::string (*tell)(Asked const&, HistoryRow const&);
};
constexpr std::array kStepWords{
    StepWord{"who", "经办人", actor},
    StepWord{"at", "时间", [](Asked const& a, HistoryRow const& r) { return a.at(r.at); }},
    StepWord{"reason", "理由", [](Asked const&, HistoryRow const& r) { return r.reason; }},
    StepWord{"opinion", "意见", [](Asked const&, HistoryRow const& r) { return r.opinion; }},
    StepWord{"said", "意见理由",
             [](Asked const&, HistoryRow const& r) {
               return r.opinion + (r.opinion.empty() || r.reason.empty() ? "" : "\n") + r.reason;
             }},
    StepWord{"photos", "照片数", [](Asked const&, HistoryRow const& r) { return std::to_string(r.photos.size()); }},
    StepWord{"step", "环节", [](Asked const& a, HistoryRow const& r) { return step_name(a, r.action); }}};
StepWord const* step_word(std::string_view word) {
  auto const* const found = std::find_if(kStepWords.begin(), kStepWords.end(),
                                         [&](StepWord const& w) { return w.id == word || w.zh == word; });
  return found == kStepWords.end() ? nullptr : found;
}
std::optional<core::Action> action_word(std::string_view word) {
  if (auto const known = core::action_from(word)) return known;
  for (auto const& info : core::actions())
    if (info.zh == word) return info.action;
  return std::nullopt;
}

// ---- the request or order that the sheet is about: the newest of its kind, and what became of it

HistoryRow const* asking(Asked const& a) {
  auto const* const kind = find_sheet_kind(a.kind);
  return kind == nullptr || kind->step.empty() ? nullptr : last(a, kind->step);
}
std::optional<core::Request> request_of(HistoryRow const& row) {
  auto const id = "r" + std::to_string(row.version);
  try {
    for (auto& one : core::requests_from(change(row, "requests")))
      if (one.request_id == id) return one;
  } catch (std::invalid_argument const&) {  // written by an older program: the row's own words stand
  }
  return std::nullopt;
}
std::optional<core::Order> order_of(HistoryRow const& row) {
  auto const id = "o" + std::to_string(row.version);
  try {
    for (auto& one : core::orders_from(change(row, "orders")))
      if (one.order_id == id) return one;
  } catch (std::invalid_argument const&) {
  }
  return std::nullopt;
}
// The step by which the request no longer waited.
HistoryRow const* decision(Asked const& a) {
  auto const* const asked = asking(a);
  if (asked == nullptr) return nullptr;
  auto const id = "r" + std::to_string(asked->version);
  for (auto const& row : a.item.history) {
    if (row.version <= asked->version || row.transport) continue;
    bool const says =
        std::any_of(row.changes.begin(), row.changes.end(), [](auto const& one) { return one.first == "requests"; });
    if (says && change(row, "requests").find(id + '\x1f') == std::string::npos) return &row;
  }
  return nullptr;
}
std::string decided(Asked const& a) {
  auto const* const row = decision(a);
  if (row == nullptr) return "";
  if (row->action.starts_with("approve")) return a.say("同意", "Approved");
  return row->action.starts_with("refuse") ? a.say("不同意", "Refused") : step_name(a, row->action);
}
// The deadline as it stood before this row, from what rows before wrote.
std::optional<Instant> due_before(Asked const& a, HistoryRow const* until, bool with) {
  if (until == nullptr) return std::nullopt;
  Case then;
  then.due_at.reset();
  for (auto const& row : a.item.history) {
    if (row.version > until->version || (row.version == until->version && !with)) break;
    for (auto const& one : row.changes) {
      if (one.first != "due_at") continue;
      try {
        core::patch(then, {one});
      } catch (std::invalid_argument const&) {
        return std::nullopt;
      }
    }
  }
  return then.due_at;
}

struct Word {
  std::string_view id, zh;
  std::string (*tell)(Asked const&);
};
#define OF(expression) [](Asked const& a) -> std::string { return expression; }
constexpr std::array kWords{
    Word{"case_no", "案号", OF(a.c.case_no)},
    Word{"year", "年", OF(a.c.case_no.size() >= 10 ? a.c.case_no.substr(6, 4) : "")},
    Word{"serial", "序号", OF(a.c.case_no.size() > 10 ? a.c.case_no.substr(10) : a.c.case_no)},
    Word{"district", "区县", OF(a.say(a.head.city.zh, a.head.city.en))},
    Word{"version", "版本", OF(std::to_string(a.c.version))},
    Word{"state", "状态", OF(a.say(core::info(a.c.state).zh, core::info(a.c.state).en))},
    Word{"source", "来源", source},
    Word{"category", "类别", category},
    Word{"class", "大类", class_name},
    Word{"condition", "立案条件", condition},
    Word{"description", "描述", OF(a.c.description)},
    Word{"address", "地址", OF(a.c.address)},
    Word{"grid", "网格", OF(a.c.grid)},
    Word{"place", "坐标", place},
    Word{"component", "部件编码", OF(a.c.component_id)},
    Word{"photos", "照片数", OF(std::to_string(a.c.photos.size()))},
    Word{"unit", "处置单位", [](Asked const& a) { return body(a, a.head.city.units, a.c.unit); }},
    Word{"squad", "中队", [](Asked const& a) { return body(a, a.head.city.squads, a.c.squad); }},
    Word{"holder", "承办人", OF(a.c.holder)},
    Word{"limit", "处置时限", limit},
    Word{"urgent", "急要件", OF(a.c.urgent ? a.say("是", "yes") : a.say("否", "no"))},
    Word{"due", "处置截止", OF(a.at(a.c.due_at))},
    Word{"opened", "上报时间", OF(a.at(a.c.opened_at))},
    Word{"filed", "立案时间", OF(a.at(a.c.filed_at))},
    Word{"dispatched", "派遣时间", OF(a.at(a.c.dispatched_at))},
    Word{"signed", "签收时间", OF(a.at(a.c.signed_at))},
    Word{"disposed", "处置时间", OF(a.at(a.c.disposed_at))},
    Word{"handed_over", "确认时间", OF(a.at(a.c.handed_over_at))},
    Word{"checked", "核查时间", OF(a.at(a.c.checked_at))},
    Word{"closed", "结案时间", OF(a.at(a.c.closed_at))},
    Word{"on_time", "是否按期", on_time},
    Word{"closing_condition", "结案条件", closing_condition},
    Word{"returns", "回退次数", OF(std::to_string(a.c.returns))},
    Word{"rework", "返工次数", OF(std::to_string(a.c.rework))},
    Word{"extensions", "延期次数", OF(std::to_string(a.c.extensions))},
    Word{"suspensions", "挂账次数", OF(std::to_string(a.c.suspensions))},
    Word{"reporter", "反映人", OF(a.item.reporter_name)},
    Word{"phone", "联系电话", OF(a.item.reporter_phone)},
    Word{"asked_by", "申请人", OF(asking(a) == nullptr ? "" : actor(a, *asking(a)))},
    Word{"asked_at", "申请时间", OF(asking(a) == nullptr ? "" : a.at(asking(a)->at))},
    Word{"asked_reason", "申请理由", OF(asking(a) == nullptr ? "" : asking(a)->reason.empty() ? asking(a)->opinion : asking(a)->reason)},
    Word{"asked_until", "申请至",
         [](Asked const& a) {
           auto const request = asking(a) == nullptr ? std::nullopt : request_of(*asking(a));
           return request ? a.at(request->until) : std::string();
         }},
    Word{"due_before", "原截止", OF(a.at(due_before(a, asking(a), false)))},
    Word{"due_after", "批准后截止", OF(decided(a) == a.say("同意", "Approved") ? a.at(due_before(a, decision(a), true)) : "")},
    Word{"decision", "审批结果", decided},
    Word{"decided_by", "审批人", OF(decision(a) == nullptr ? "" : actor(a, *decision(a)))},
    Word{"decided_at", "审批时间", OF(decision(a) == nullptr ? "" : a.at(decision(a)->at))},
    Word{"decided_said", "审批意见", OF(decision(a) == nullptr ? "" : decision(a)->opinion + decision(a)->reason)},
    Word{"order_text", "督办要求",
         [](Asked const& a) {
           auto const* const row = asking(a);
           auto const order = row == nullptr ? std::nullopt : order_of(*row);
           return order && !order->text.empty() ? order->text : row == nullptr ? std::string() : row->reason.empty() ? row->opinion : row->reason;
         }},
    Word{"order_until", "答复期限",
         [](Asked const& a) {
           auto const order = asking(a) == nullptr ? std::nullopt : order_of(*asking(a));
           return order ? a.at(order->until) : std::string();
         }},
    Word{"printed_by", "打印人", OF(a.head.printed_by)},
    Word{"printed_at", "打印时间", OF(a.at(a.head.printed_at))}};
#undef OF
Word const* word_of(std::string_view word) {
  auto const* const found =
      std::find_if(kWords.begin(), kWords.end(), [&](Word const& w) { return w.id == word || w.zh == word; });
  return found == kWords.end() ? nullptr : found;
}

std::string_view trimmed(std::string_view text) {
  auto const from = text.find_first_not_of(' '), to = text.find_last_not_of(' ');
  return from == std::string_view::npos ? std::string_view() : text.substr(from, to - from + 1);
}

std::size_t first_character(std::string_view text) {  // its bytes
  if (text.empty()) return 0;
  auto const lead = static_cast<unsigned char>(text[0]);
  return std::min<std::size_t>(text.size(), lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : 4);
}

}  // namespace

std::string masked_name(std::string_view name) {
  return name.empty() ? "" : std::string(name.substr(0, first_character(name))) + "**";
}

std::string masked_phone(std::string_view phone) {
  if (phone.empty()) return "";
  return phone.size() < 9 ? "****"
                          : std::string(phone.substr(0, 3)) + "****" + std::string(phone.substr(phone.size() - 4));
}

bool is_sheet_word(std::string_view expression) {
  expression = trimmed(expression);
  auto const dot = expression.find('.');
  if (dot == std::string_view::npos) return word_of(expression) != nullptr;
  return action_word(expression.substr(0, dot)) && step_word(expression.substr(dot + 1)) != nullptr;
}

// NAME of the case, STEP.FIELD of its newest such step; #VERSION.FIELD is the page's own, for its list of steps.
std::optional<std::string> sheet_word(std::string_view expression, std::string_view kind, PaperCase const& item,
                                      PaperHead const& head) {
  Asked const asked{item.row, item, head, kind};
  expression = trimmed(expression);
  auto const dot = expression.find('.');
  if (dot == std::string_view::npos) {
    auto const* const word = word_of(expression);
    return word == nullptr ? std::nullopt : std::optional(word->tell(asked));
  }
  auto const* const field = step_word(expression.substr(dot + 1));
  if (field == nullptr) return std::nullopt;
  HistoryRow const* row = nullptr;
  if (expression.front() == '#') {
    auto const version = expression.substr(1, dot - 1);
    for (auto const& one : item.history)
      if (std::to_string(one.version) == version && !one.transport) row = &one;
  } else {
    auto const action = action_word(expression.substr(0, dot));
    if (!action) return std::nullopt;
    row = last(asked, core::id(*action));
  }
  return row == nullptr ? "" : field->tell(asked, *row);
}

}  // namespace wangge::storage
