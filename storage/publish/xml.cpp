#include "storage/publish/xml.hpp"

#include <sstream>

namespace wangge::storage {

pugi::xml_document parse_part(PackagePart const& part) {
  pugi::xml_document document;
  // Every space as it stands; no document type is ever read, so no entity of one either.
  auto const how = pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_declaration;
  auto const parsed = document.load_buffer(part.bytes.data(), part.bytes.size(), how);
  if (!parsed) throw BadTemplate(part.name + " of the template is no XML: " + parsed.description());
  return document;
}

std::string print_part(pugi::xml_document const& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw);
  return std::move(out).str();
}

std::string clean_xml(std::string_view text) {
  std::string out;
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\t') out += c;
    else if (c == '\n') out += ' ';
  }
  return out;
}

std::string trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Value row_value(BulletinWords& words, Sheet const& sheet, std::vector<Cell> const& row, std::int64_t number, std::string_view asked,
                std::string_view each) {
  if (asked == each) return {Cell::of(""), false};
  auto const all = placeholder_words(asked);
  if (all.size() == 1) {
    if (all[0] == "number_of_row") return {Cell::count(number), false};
    auto const column = sheet.column(all[0]);
    if (column < row.size()) return {row[column], sheet.columns[column].percent};
  }
  return words.value(asked);
}

}  // namespace wangge::storage
