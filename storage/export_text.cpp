#include "storage/export_text.hpp"

#include <cstdio>

#include "storage/read_model.hpp"
#include "storage/times.hpp"

namespace wangge::storage {

std::string rate_text(std::int64_t hundredths) {
  char out[32];
  auto const size = hundredths < 0 ? -hundredths : hundredths;  // a satisfaction score may lie below nought
  std::snprintf(out, sizeof out, "%s%lld.%02lld", hundredths < 0 ? "-" : "", static_cast<long long>(size / 100), static_cast<long long>(size % 100));
  return out;
}

void quote(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string percent(std::string_view text) {
  std::string out;
  for (unsigned char c : text) {
    bool const plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
    if (plain) {
      out += static_cast<char>(c);
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "%%%02X", c);
      out += escaped;
    }
  }
  return out;
}

std::string csv_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) text.insert(0, 1, '\'');
  if (text.find_first_of("\",\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

void put_switches(std::string& out, std::vector<core::NamedSwitch> const& named, std::string_view lang) {
  out += '[';
  for (auto const& one : named) {
    auto const* info = core::find_switch(one.name);
    out += &one == &named.front() ? "{\"name\":" : ",{\"name\":";
    quote(out, one.name);
    out += ",\"value\":";
    quote(out, one.value);
    out += ",\"title\":";
    quote(out, info == nullptr ? std::string_view(one.name) : lang == "en" ? info->en : info->zh);
    out += '}';
  }
  out += ']';
}

std::string indicator_cases(std::string const& by, core::Instant from, core::Instant to, core::Instant as_of, std::chrono::minutes offset,
                            std::optional<std::string> const& key, std::string_view indicator, std::string const& campaign) {
  auto const day = [&](core::Instant at) { return format_day(std::chrono::floor<core::Days>(at + offset)); };
  // The whole is asked for by a grouping that the closure table has too: some indicators are its columns.
  std::string const grouping = key ? by : is_body(by) ? "unit" : "street";
  std::string url = "/api/v1/cases?indicator=" + std::string(indicator) + "&closure_from=" + day(from) + "&closure_to=" +
                    day(to - core::Millis{1}) + "&closure_by=" + grouping;
  if (key) url += "&closure_key=" + (key->empty() ? std::string("-") : percent(*key));
  if (!campaign.empty()) url += "&closure_campaign=" + percent(campaign);
  return url + "&as_of=" + format_utc(as_of);
}

void put_state(std::string& out, std::optional<MonthState> const& state, std::chrono::minutes offset, std::string const& lang) {
  if (!state) return;
  auto const& word = core::words(state->stage);
  auto const put = [&](char const* name, std::string const& text) {
    out += ",\"" + std::string(name) + "\":";
    quote(out, text);
  };
  out += ",\"month_state\":{\"state\":\"" + std::string(word.id) + "\"";
  put("title", std::string(lang == "en" ? word.en : word.zh));
  out += std::string(",\"final\":") + (state->final() ? "true" : "false");
  put("cut_off", format_instant(state->cut_off, offset));
  put("appeals_until", format_instant(state->appeals_until, offset));
  if (state->sealed_at) {
    put("sealed_at", format_instant(*state->sealed_at, offset));
    put("sealed_by", state->sealed_by);
    put("digest", state->digest);
    put("signature", state->signature);
  }
  out += '}';
}

std::string state_line(MonthState const& state, std::chrono::minutes offset, std::string const& lang) {
  bool const en = lang == "en";
  auto const& word = core::words(state.stage);
  auto const until = [&](core::Instant at) { return format_instant(at, offset).substr(0, 16); };
  std::string out = (en ? "Status: " : "状态：") + std::string(en ? word.en : word.zh);
  if (state.stage == core::MonthStage::counting) out += (en ? " at " : "，截数时刻 ") + until(state.cut_off);
  if (state.stage == core::MonthStage::appeals) out += (en ? " until " : "至 ") + until(state.appeals_until);
  if (state.sealed_at)
    out += (en ? " by " : "，封存人 ") + state.sealed_by + (en ? " at " : "，") + until(*state.sealed_at) + (en ? ", digest " : "，摘要 ") + state.digest;
  return out;
}

}  // namespace wangge::storage
