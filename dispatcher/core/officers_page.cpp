// The lifecycle and its clocks as a page for officers, in their words: printed from the table, the policy's defaults
// and the ladder. Nothing here knows a rule that those do not hold.
#include <algorithm>

#include "dispatcher/core/city.hpp"
#include "dispatcher/core/lifecycle.hpp"
#include "dispatcher/core/lifecycle_page.hpp"
#include "dispatcher/core/hotline.hpp"
#include "dispatcher/core/month.hpp"

namespace wangge::core {

namespace {

struct Words {
  std::string_view zh, en;
};

// In the order of the enums.
constexpr std::array<Words, 25> kGuards{{
    {"", ""},
    {"位置在单元网格内", "the place lies in a cell"},
    {"立案条件属于该类别", "a filing condition of the category is named"},
    {"有一个主办部门和中队", "one lead unit with its squad"},
    {"在可回退的时间内", "inside the time for returns"},
    {"不是派遣人本人", "not by who dispatched it"},
    {"任务派给本人", "one's own task"},
    {"不属于处置部门", "not of the disposing unit"},
    {"没有同类申请等待", "no such request waits"},
    {"申请在等待，且非本人所提", "the request waits and was another's"},
    {"结案条件在目录中", "a known closing condition"},
    {"当班有独立的监督员", "an independent patroller is on duty"},
    {"未超时，未满两次，隐患已消除", "in time, fewer than two, a hazard made safe"},
    {"未超时，期限在一年内，隐患已消除", "in time, inside a year, a hazard made safe"},
    {"协办都已答复", "every assisting unit has answered"},
    {"本单位有未完成的协办", "one's unit has an open assisting task"},
    {"该单位有未完成的协办", "that unit has an open assisting task"},
    {"主案卷未结、类别相同", "the master is open and of the same category"},
    {"超时结案且未申诉过", "closed late and not appealed before"},
    {"在可重开的时间内且无后续案卷", "inside the time for reopening, nothing follows yet"},
    {"尚不是急要件", "not urgent yet"},
    {"紧急且隐患未消除", "urgent and not made safe"},
    {"交办等待答复", "the order waits for an answer"},
    {"交办已答复，由交办人或领导审阅", "answered; by who gave it, or a leader"},
    {"日历使时限有变", "the calendar moves the deadline"},
}};
constexpr std::array<Words, 10> kClocks{{
    {"", ""},
    {"起算；原部门接着用剩余时间", "starts; the same unit goes on with what was left"},
    {"停", "stands still"},
    {"自申请时起停", "stands still from the asking"},
    {"停，此时判定是否超时", "stands still; lateness is fixed here"},
    {"接着走剩余时间", "goes on with what was left"},
    {"延长一个原时限", "one original limit more"},
    {"改走紧急时限，只短不长", "the urgent limit, never longer than before"},
    {"终止", "ends"},
    {"按新日历重算", "derived again on the new calendar"},
}};
static_assert(kGuards.size() == static_cast<std::size_t>(Guard::moved_deadline) + 1);
static_assert(kClocks.size() == static_cast<std::size_t>(ClockEffect::reproject) + 1);

class OfficersPage {
 public:
  explicit OfficersPage(std::string_view lang) : zh_(lang == "zh") {}

  std::string print() {
    line(zh_ ? "# 案卷的一生与时钟" : "# A case's life and its clocks");
    line("");
    line(zh_ ? "本页由程序的转换表和默认政策印出（`core_tests` 核对，`WANGGE_WRITE=1` "
               "重印）；城市改了政策开关，以城市的为准。"
             : "Printed from the program's table and its default policy (`core_tests` compares, `WANGGE_WRITE=1` "
               "prints anew); a city's own switches win.");
    line("");
    clocks();
    stages();
    life();
    orders();
    return std::move(out_);
  }

 private:
  void line(std::string const& text) { out_ += text + "\n"; }
  std::string words(auto const& named) const { return std::string(zh_ ? named.zh : named.en); }
  std::string minutes(std::int64_t n) const {
    if (n % 60 == 0) return std::to_string(n / 60) + (zh_ ? " 小时" : " h");
    return std::to_string(n) + (zh_ ? " 分钟" : " min");
  }

  void clocks() {
    Policy const p;
    line(zh_ ? "## 时钟" : "## Clocks");
    line("");
    auto const item = [&](std::string const& zh, std::string const& en) { line("- " + (zh_ ? zh : en)); };
    item(
        "**处置时限**"
        "挂在立案条件上，自派遣起算，在部门确认反馈时停止并判定是否超时；核查不通过的确认作废，时钟接着走当时剩下的时间"
        "。",
        "**The disposal limit** hangs on the filing condition. It starts at the dispatch and stops at the unit's "
        "confirmation, where lateness is fixed; "
        "a failed check voids that confirmation and the clock goes on with what was left.");
    item("上级平台的案卷两个时限同时走，先到者亮灯；本级办结后等上级结案或退回返工。",
         "A case of an upper platform has two clocks, and the earlier lights; closed here, it waits for the upper platform to close it or to send it back.");
    item(
        "四种计时：紧急工作时（昼夜连续）、工作时（只计作息时段）、工作日（8 "
        "小时，跨时段）、自然日（昼夜连续）；执法另按法定期间：首日不计，"
        "末日逢休顺延。",
        "Four ways to count: urgent hours (day and night), work hours (sessions only), work days (eight of them), "
        "natural days (day and night); enforcement "
        "has statutory days: the first is not counted, a last day that rests rolls forward.");
    item(
        "每个部门用自己的日历：作息时段、季节作息、节假日和调休；没有登记的年度按周一至周五推算并标明“暂定”，登记后自动"
        "重算并记入经过。",
        "Each unit has its own calendar: sessions, seasons, holidays and make-up days. A year that is not loaded "
        "counts Monday to Friday, marked provisional, "
        "and is derived again, with the reason in the history, once it is.");
    item("申请（回退、延期、缓办、挂账）等待时时钟照走；同意自申请时起生效，不同意不补时间。延期至多 " +
             std::to_string(p.extensions_most) + " 次，暂停至多 " + std::to_string(p.pause_days_most) + " 天。",
         "While a request waits the clock runs; approval counts from the asking, refusal gives nothing back. At most " +
             std::to_string(p.extensions_most) + " extensions, a pause at most " + std::to_string(p.pause_days_most) +
             " days.");
    item("环节时限（中心工作时）：受理 " + minutes(p.accept_minutes) + "、立案 " + minutes(p.file_minutes) + "、派遣 " +
             minutes(p.dispatch_minutes) + "、督查 " + minutes(p.review_minutes) + "、结案 " +
             minutes(p.close_minutes) + "；核实 " + minutes(p.verify_minutes) + "、核查 " + minutes(p.check_minutes) +
             "（连续）。",
         "Stages, in the center's work time: accept " + minutes(p.accept_minutes) + ", file " +
             minutes(p.file_minutes) + ", dispatch " + minutes(p.dispatch_minutes) + ", review " +
             minutes(p.review_minutes) + ", close " + minutes(p.close_minutes) + "; verify " +
             minutes(p.verify_minutes) + " and check " + minutes(p.check_minutes) + " by the clock on the wall.");
    item("**申诉与封存**：月末后 " + std::to_string(kWorkingDaysToCutOff) + " 个工作日截数；此后 " +
             std::to_string(p.appeal_days) +
             " 个工作日为申诉期，超时结案的案卷可在计入它的月份的申诉期内申诉一次，由考评员决定。期满且无未决申诉，该月"
             "封存，数字不再变动："
             "封存后才准予的申诉、才移交执法的案卷，已封存的月份照旧计入，只离开其后的月份；封存后更正地点或类别的案卷"
             "，已封存的月份按原处计入，并列入更正清单。",
         "**Appeals and the seal**: a month is cut off " + std::to_string(kWorkingDaysToCutOff) +
             " working days after its end. For " + std::to_string(p.appeal_days) +
             " working days after that a case closed late may be appealed against once, in the window of the month "
             "that counts it; an evaluator decides. "
             "When the window is over and no appeal waits, the month is sealed and its figures stand: a case exempted "
             "or handed to enforcement "
             "after that leaves only the months behind the sealed ones, and one amended after that stays in the sealed "
             "ones what it was there; each stands in the list of corrections.");
    item("节点：紧急隐患 " + minutes(p.make_safe_minutes) + " 内消除；移交执法后 " +
             std::to_string(p.enforce_order_days) + " 个工作日内责令改正，" + std::to_string(p.enforce_decide_days) +
             " 日内决定，" + std::to_string(p.enforce_fulfil_days) + " 日内履行。",
         "Milestones: a hazard made safe within " + minutes(p.make_safe_minutes) +
             "; with enforcement, ordered within " + std::to_string(p.enforce_order_days) +
             " working days, decided within " + std::to_string(p.enforce_decide_days) + ", fulfilled within " +
             std::to_string(p.enforce_fulfil_days) + " statutory days.");
    item("提醒与升级：用去八成提醒中队和承办员（在工作时间内），到时提醒部门负责人，再过 " +
             minutes(p.ladder_shift_minutes) + "、" + minutes(p.ladder_desk_minutes) + "、" +
             minutes(p.ladder_committee_minutes) +
             " 工作时依次到值班长、协调员、委员会；紧急案卷用其八分之一且不分昼夜。无主案卷按环节时限升级。"
             "知悉即止，换了时限才重新开始。纪检只由领导具名移送。",
         "Warnings and the ladder: at four fifths the squad and its clerk are told (inside working hours), at the "
         "deadline the unit's head, then after " +
             minutes(p.ladder_shift_minutes) + ", " + minutes(p.ladder_desk_minutes) + " and " +
             minutes(p.ladder_committee_minutes) +
             " of work time the shift leader, the coordination desk and the committee; an urgent case in an eighth of "
             "that, day and night. A case nobody owns "
             "climbs by its stage's clock. Acknowledging stops it until there is another deadline. Discipline hears "
             "only by a named leader's word.");
    line("");
  }

  void stages() {
    line(zh_ ? "## 状态" : "## States");
    line("");
    for (auto const& s : kStates)
      line("- **" + words(s) + "** `" + std::string(s.id) + "`" + (s.open ? "" : zh_ ? "（已结束）" : " (ended)"));
    line("");
  }

  // Rows that differ only in the state they leave are one line to a reader.
  static bool alike(Row const& a, Row const& b) {
    bool const same_goal = a.from == a.to ? b.from == b.to : a.to == b.to && b.from != b.to;
    return same_goal && a.action == b.action && a.outcome == b.outcome && a.who.data() == b.who.data() &&
           a.guard == b.guard && a.clock == b.clock && a.count == b.count;
  }

  void life() {
    line(zh_ ? "## 步骤" : "## Steps");
    line("");
    line(zh_ ? "| 动作 | 从 | 到 | 谁 | 条件 | 处置时钟 |" : "| step | from | to | who | if | the disposal clock |");
    line("|---|---|---|---|---|---|");
    auto const rows = lifecycle();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto const& row = rows[i];
      if (std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i),
                      [&](Row const& r) { return alike(r, row); }))
        continue;
      std::size_t open = 0, all_open = 0, held = 0;
      std::string from, who;
      for (auto const& s : kStates) all_open += s.open && s.state != State::reported;
      for (auto const& r : rows.subspan(i)) {
        if (!alike(row, r)) continue;
        ++held;
        open += info(r.from).open;
        from += (from.empty() ? "" : zh_ ? "、" : ", ") + words(info(r.from));
      }
      if (open == all_open && held == open) from = zh_ ? "任何未结状态" : "any open state";
      for (auto const role : row.who) who += (who.empty() ? "" : zh_ ? "、" : ", ") + words(info(role));
      auto const outcome = row.outcome.empty() ? std::string() : " = " + std::string(row.outcome);
      line("| " + words(info(row.action)) + outcome + " | " + from + " | " +
           (row.from == row.to ? "=" : words(info(row.to))) + " | " + who + " | " +
           words(kGuards[static_cast<std::size_t>(row.guard)]) + " | " +
           words(kClocks[static_cast<std::size_t>(row.clock)]) + " |");
    }
  }

  // Hotline orders are no cases: a table and a clock of their own.
  void orders() {
    Policy const p;
    line("");
    line(zh_ ? "## 热线工单" : "## Hotline orders");
    line("");
    line(zh_ ? "工单不是案卷：编号和答复时限由热线平台给出（未给出时签收 " + minutes(p.hotline_sign_minutes) + "、退单 " +
                   minutes(p.hotline_return_minutes) + "、答复 " + minutes(p.hotline_reply_minutes) +
                   "，均为工作时间），可关联任意件案卷；案卷的暂停、作废、结案都不影响工单。"
             : "An order is no case: its number and its deadline are the hotline's (where it gives none: signed for in " +
                   minutes(p.hotline_sign_minutes) + ", sent back in " + minutes(p.hotline_return_minutes) + ", replied to in " +
                   minutes(p.hotline_reply_minutes) +
                   " of work time). It has any number of cases, and nothing that happens to one moves its clock or closes it.");
    line("");
    line(zh_ ? "| 动作 | 从 | 到 | 谁 |" : "| step | from | to | who |");
    line("|---|---|---|---|");
    auto const rows = order_rows();
    auto const alike = [](OrderRow const& a, OrderRow const& b) {
      return a.action == b.action && a.outcome == b.outcome && a.who.data() == b.who.data() && (a.from == a.to ? b.from == b.to : a.to == b.to && b.from != b.to);
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto const& row = rows[i];
      if (std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i), [&](OrderRow const& r) { return alike(r, row); })) continue;
      std::string from, who;
      for (auto const& r : rows.subspan(i))
        if (alike(row, r)) from += (from.empty() ? "" : zh_ ? "、" : ", ") + words(info(r.from));
      for (auto const role : row.who) who += (who.empty() ? "" : zh_ ? "、" : ", ") + words(info(role));
      auto const outcome = row.outcome.empty() ? "" : row.outcome == "again" ? (zh_ ? "：不满意" : ": not content") : (zh_ ? "：满意" : ": content");
      line("| " + words(info(row.action)) + outcome + " | " + from + " | " + (row.from == row.to ? "=" : words(info(row.to))) + " | " + who + " |");
    }
  }

  bool zh_;
  std::string out_;
};

}  // namespace

std::string officers_markdown(std::string_view lang) {
  return OfficersPage(lang).print();
}

}  // namespace wangge::core
