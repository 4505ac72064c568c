#include "storage/export_text.hpp"

#include <cstdio>

namespace wangge::storage {

std::string rate_text(std::int64_t hundredths) {
  char out[32];
  std::snprintf(out, sizeof out, "%lld.%02lld", static_cast<long long>(hundredths / 100),
                static_cast<long long>(hundredths % 100));
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

}  // namespace wangge::storage
