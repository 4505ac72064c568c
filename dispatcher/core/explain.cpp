// A very small JSON writer for the two things people ask: why this unit, how did the deadline come about.
#include "dispatcher/core/explain.hpp"

#include "dispatcher/core/route_words.hpp"

#include <cstdio>

namespace wangge::core {

namespace {

constexpr std::string_view kDeadlineKey = R"(,"deadline":)";  // cannot occur inside a string: quotes are escaped there

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (char const ch : text) {
    if (ch == '"' || ch == '\\') {
      out += '\\';
      out += ch;
    } else if (static_cast<unsigned char>(ch) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(ch)));
      out += buffer;
    } else {
      out += ch;
    }
  }
  out += '"';
}

std::string utc_text(Instant at) {
  auto const day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day const date{day};
  std::chrono::hh_mm_ss const time{at - day};
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return buffer;
}

}  // namespace

std::string explain_routing(std::vector<RouteStep> const& steps) {
  std::string out = R"({"routing":[)";
  for (auto const& step : steps) {
    if (&step != &steps.front()) out += ',';
    out += R"({"level":)";
    write_string(out, id(step.level));
    for (auto const& [name, value] : route_step_members(step)) {
      (out += R"(,")") += name;
      out += R"(":)";
      write_string(out, value);
    }
    out += '}';
  }
  return out + "]" + std::string(kDeadlineKey) + "null}";
}

std::string explain_deadline(std::string const& explain, Case const& c, std::string_view calendar, Instant from,
                             Millis left) {
  auto const cut = explain.find(kDeadlineKey);
  auto out = cut == std::string::npos ? std::string(R"({"routing":[])") : explain.substr(0, cut);
  out += kDeadlineKey;
  out += R"({"limit":)" + std::to_string(c.limit_minutes) + R"(,"clock":)";
  write_string(out, c.clock);
  out += R"(,"calendar":)";
  write_string(out, calendar);
  out += R"(,"from":")" + utc_text(from) + R"(","left_ms":)" + std::to_string(left.count());
  out += R"(,"due":)" + (c.due_at ? '"' + utc_text(*c.due_at) + '"' : std::string("null"));
  out += R"(,"provisional":)" + std::string(c.provisional ? "true" : "false") + "}}";
  return out;
}

}  // namespace wangge::core
