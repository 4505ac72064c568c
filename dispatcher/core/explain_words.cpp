// A deadline told to people, from the ledger, the calendar and the requests in history. Nothing here decides anything.
#include <algorithm>
#include <cstdio>

#include "dispatcher/core/ledger.hpp"
#include "dispatcher/core/lifecycle.hpp"

namespace wangge::core {

namespace {

constexpr std::array<std::string_view, 4> kClocksZh{"紧急工作时", "工作时", "工作日", "自然日"};
constexpr std::array<std::string_view, 4> kClocksEn{"urgent hours", "work hours", "work days", "natural days"};

class Teller {
 public:
  Teller(City const& city, Case const& c, std::string_view lang) : city_(city), c_(c), zh_(lang != "en") {}

  std::vector<std::string> tell(std::span<HistoryRow const> rows) {
    if (!c_.due_at) {
      limit();
      say("尚未派遣，处置时限还没有起算。", "Not dispatched yet: the disposal clock has not begun.");
      return std::move(lines_);
    }
    auto const segments = ledger(rows);
    limit();
    for (auto const& s : segments) segment(s);
    if (!segments.empty()) skipped(segments.back());
    for (auto const& row : rows) request(row);
    if (c_.provisional)
      say("该日历只登记到 " + day(calendar().last()) + "，以后按周一至周五推算；登记新年度后自动重算。",
          "The calendar is loaded up to " + day(calendar().last()) +
              "; later days count Monday to Friday and are derived again once the year is loaded.");
    return std::move(lines_);
  }

 private:
  void say(std::string const& zh, std::string const& en) { lines_.push_back(zh_ ? zh : en); }
  Calendar const& calendar() const { return city_.calendar_of(c_.unit); }
  static bool runs_always(std::string const& clock) {
    return clock == id(ClockKind::urgent) || clock == id(ClockKind::natural_day);
  }

  std::string day(LocalDay d) const {
    std::chrono::year_month_day const date{d};
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    return buffer;
  }
  std::string weekday(LocalDay d) const {
    static constexpr std::array<char const*, 7> zh{"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    static constexpr std::array<char const*, 7> en{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
    auto const at = std::chrono::weekday{d}.iso_encoding() - 1;
    return zh_ ? zh[at] : en[at];
  }
  static std::string clock_time(std::int32_t minute) {
    char buffer[16];
    std::snprintf(buffer, sizeof buffer, "%02d:%02d", minute / 60, minute % 60);
    return buffer;
  }
  std::string when(Instant at) const {
    return day(calendar().local_day(at)) + " " + clock_time(calendar().local_minute(at));
  }
  std::string lasting(Millis span) const {
    auto const all = std::chrono::floor<std::chrono::minutes>(span < Millis{0} ? -span : span).count();
    std::string out;
    if (all >= 60) out += std::to_string(all / 60) + (zh_ ? " 小时" : " h");
    if (all % 60 != 0 || all == 0)
      out += (out.empty() ? "" : " ") + std::to_string(all % 60) + (zh_ ? " 分钟" : " min");
    return out;
  }
  std::string left(Millis span) const {
    if (span < Millis{0}) return (zh_ ? "已超时 " : "late by ") + lasting(span);
    return (zh_ ? "剩 " : "left ") + lasting(span);
  }
  std::string hours(std::vector<Session> const& sessions) const {
    std::string out;
    for (auto const& s : sessions)
      out += (out.empty() ? "" : zh_ ? "、" : ", ") + clock_time(s.from_minute) + "–" + clock_time(s.to_minute);
    return out;
  }
  std::string action(std::string const& id) const {
    auto const known = action_from(id);
    return known ? std::string(zh_ ? info(*known).zh : info(*known).en) : id;
  }

  void limit() {
    auto const clock = clock_from(c_.clock);
    if (!clock) return;
    auto const kind = static_cast<std::size_t>(*clock);
    auto const all = lasting(std::chrono::minutes{c_.limit_minutes});
    say("时限：" + all + "（" + std::string(kClocksZh[kind]) + "），立案条件 " + c_.condition + "。",
        "Limit: " + all + " in " + std::string(kClocksEn[kind]) + ", filing condition " + c_.condition + ".");
    if (runs_always(c_.clock)) return say("昼夜连续计时，节假日不扣除。", "It runs through nights and holidays.");
    auto const today = calendar().local_day(c_.run_from.value_or(c_.last_at));
    say("日历 " + city_.calendar_key_of(c_.unit) + "：工作日 " + hours(calendar().sessions(today)) + " 计时。",
        "Calendar " + city_.calendar_key_of(c_.unit) + ": it runs on working days " +
            hours(calendar().sessions(today)) + ".");
  }

  void segment(Segment const& s) {
    auto const more =
        s.extensions == 0 ? std::string()
        : zh_             ? "（含延期 " + std::to_string(s.extensions) + " 次）"
              : " (with " + std::to_string(s.extensions) + " extension" + (s.extensions > 1 ? "s" : "") + ")";
    auto const begin = zh_ ? when(s.from) + " 起计时（" + action(s.began) + "），可用 " + lasting(s.had) + more
                           : "Ran from " + when(s.from) + " (" + action(s.began) + ") with " + lasting(s.had) + more;
    if (!s.until)
      return say(begin + "；应于 " + when(*c_.due_at) + " 前完成。", begin + "; due by " + when(*c_.due_at) + ".");
    auto const rest = s.left ? (zh_ ? "，" : ", ") + left(*s.left) : std::string();
    say(begin + "；" + when(*s.until) + " 停止（" + action(s.ended) + "）" + rest + "。",
        begin + "; stood still from " + when(*s.until) + " (" + action(s.ended) + ")" + rest + ".");
  }

  // Each stretch of days that did not count, with its reason; what is left out of every working day once.
  void skipped(Segment const& s) {
    if (runs_always(s.clock)) return;
    auto const& cal = city_.calendar_of(s.unit);
    auto const first = cal.local_day(s.from), last = cal.local_day(s.until.value_or(*c_.due_at));
    if (first != last || cal.sessions(first).size() > 1) pauses(cal, first);
    for (auto d = first; d <= last;) {
      auto const reason = why(cal, d);
      auto end = d;
      while (end < last && why(cal, end + Days{1}) == reason) end += Days{1};
      if (!reason.empty()) {
        auto const range = d == end ? day(d) + (zh_ ? "（" : " (") + weekday(d) + (zh_ ? "）" : ")")
                                    : day(d) + (zh_ ? " 至 " : " to ") + day(end);
        if (cal.works(d))
          say(range + " 计入：" + reason + "。", "Counted: " + range + ", " + reason + ".");
        else
          say("不计 " + range + "：" + reason + "。", "Skipped: " + range + ", " + reason + ".");
      }
      if (d != first && cal.sessions(d).data() != cal.sessions(d - Days{1}).data())
        say(day(d) + " 起作息 " + hours(cal.sessions(d)) + "。",
            "From " + day(d) + " the hours are " + hours(cal.sessions(d)) + ".");
      d = end + Days{1};
    }
  }

  void pauses(Calendar const& cal, LocalDay d) {
    auto const& sessions = cal.sessions(d);
    std::string between;
    for (std::size_t i = 0; i + 1 < sessions.size(); ++i)
      between +=
          clock_time(sessions[i].to_minute) + "–" + clock_time(sessions[i + 1].from_minute) + (zh_ ? "、" : ", ");
    between += clock_time(sessions.back().to_minute) + "–" + clock_time(sessions.front().from_minute);
    say("每个工作日 " + between + " 不计。", "Of each working day " + between + " does not count.");
  }

  // "" for an ordinary working day. A day that differs without a document behind it is shown as such.
  std::string why(Calendar const& cal, LocalDay d) const {
    bool const weekday = std::chrono::weekday{d}.iso_encoding() <= 5;
    if (cal.works(d) == weekday) return weekday ? "" : zh_ ? "周末" : "weekend";
    auto const note = cal.note(d);
    auto const kind = std::string(cal.works(d) ? (zh_ ? "调休上班" : "a make-up day") : zh_ ? "节假日" : "a holiday");
    if (note.empty()) return kind + (zh_ ? "（日历未注明依据）" : " (the calendar names no basis)");
    return note == kind ? note : kind + (zh_ ? "（" : " (") + note + (zh_ ? "）" : ")");
  }

  void request(HistoryRow const& row) {
    static constexpr std::array<std::string_view, 12> kTold{
        "return",          "approve_return", "refuse_return", "extend",     "defer",  "suspend",
        "approve_request", "refuse_request", "resume",        "set_urgent", "recall", "reproject"};
    if (row.transport || std::find(kTold.begin(), kTold.end(), row.action) == kTold.end()) return;
    auto const words = row.reason.empty() ? row.opinion : row.reason;
    auto const reason = words.empty() ? std::string() : zh_ ? "：" + words : ": " + words;
    std::string due;
    for (auto const& [field, value] : row.changes) {
      if (field != "due_at" || value.empty()) continue;
      auto const at = when(Instant{Millis{std::stoll(value)}});
      due = zh_ ? "，时限改为 " + at : ", due by " + at + " from then on";
    }
    say(when(row.at) + " " + row.actor + " " + action(row.action) + reason + due + "。",
        when(row.at) + ", " + row.actor + ": " + action(row.action) + reason + due + ".");
  }

  City const& city_;
  Case const& c_;
  bool zh_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> explain_clock(City const& city, Case const& c, std::span<HistoryRow const> rows,
                                       std::string_view lang) {
  return Teller(city, c, lang).tell(rows);
}

}  // namespace wangge::core
