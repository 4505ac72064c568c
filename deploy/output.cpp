// See output.hpp.
#include "deploy/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <ostream>

#include "deploy/log.hpp"

namespace wangge::deploy {
namespace {

// East Asian wide and full-width blocks; enough for names and codes.
bool wide(std::uint32_t c) {
  return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
         (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
}

// A tab or line break inside a field would make two of it.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text;
}

// The members of one row, without the braces.
void write_members(Listing const& t, std::vector<std::string> const& row, std::ostream& out) {
  for (std::size_t i = 0; i < t.names.size(); ++i) {
    std::string const text = i < row.size() ? row[i] : "";
    bool const number = std::find(t.numbers.begin(), t.numbers.end(), t.names[i]) != t.numbers.end();
    out << (i ? ", " : "") << json_text(t.names[i]) << ": ";
    out << (!number ? json_text(text) : text.empty() ? "null" : text);
  }
}

void write_list(Listing const& t, std::ostream& out) {
  out << "[";
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    out << (r ? ",\n " : "") << "{";
    write_members(t, t.rows[r], out);
    out << "}";
  }
  out << "]";
}

void print_columns(Listing const& t, std::ostream& out) {
  auto const& titles = t.titles.empty() ? t.names : t.titles;
  std::vector<std::size_t> widths;
  for (auto const& title : titles) widths.push_back(display_width(title));
  for (auto const& row : t.rows)
    for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  auto const line = [&](std::vector<std::string> const& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += one_line(row[i]);
      if (i + 1 < row.size()) text.append(widths[i] - std::min(widths[i], display_width(row[i])) + 2, ' ');
    }
    out << text << "\n";
  };
  line(titles);
  for (auto const& row : t.rows) line(row);
}

}  // namespace

Style style_for_stdout(bool json) {
  return json ? Style::json : isatty(STDOUT_FILENO) ? Style::table : Style::tsv;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto const byte = static_cast<unsigned char>(text[i]);
    std::size_t const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    std::uint32_t c = length == 1 ? byte : byte & (0xffu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    width += wide(c) ? 2 : 1;
    i += length;
  }
  return width;
}

void print(Listing const& t, Style style, std::ostream& out) {
  if (style == Style::json) {
    write_list(t, out);
    out << "\n";
    return;
  }
  if (style == Style::table) return print_columns(t, out);
  auto const line = [&](std::vector<std::string> const& row) {
    for (std::size_t i = 0; i < row.size(); ++i) out << (i ? "\t" : "") << one_line(row[i]);
    out << "\n";
  };
  line(t.names);
  for (auto const& row : t.rows) line(row);
}

void print_with_findings(Listing const& counts, Listing const& findings, Style style, std::ostream& out) {
  if (style == Style::json) {
    out << "{";
    write_members(counts, counts.rows.at(0), out);
    out << ", \"findings\": ";
    write_list(findings, out);
    out << "}\n";
    return;
  }
  auto with = counts;
  with.names.emplace_back("findings");
  with.rows.at(0).push_back(std::to_string(findings.rows.size()));
  print(with, style, out);
  if (findings.rows.empty()) return;
  out << "\n";
  print(findings, style, out);
}

void print_one(Listing const& row, std::string const& bare, Style style, std::ostream& out) {
  if (style == Style::json) return print(row, style, out);
  auto const at = std::find(row.names.begin(), row.names.end(), bare) - row.names.begin();
  out << row.rows.at(0).at(static_cast<std::size_t>(at)) << "\n";
}

}  // namespace wangge::deploy
