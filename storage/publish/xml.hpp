// What both fillers share of XML: parsing a part of a template, writing it back, and the row of an {{each}}. Only for
// storage/publish.
#pragma once

#include <pugixml.hpp>

#include "storage/publish/bulletin.hpp"

namespace wangge::storage {

pugi::xml_document parse_part(PackagePart const& part);  // throws BadTemplate
std::string print_part(pugi::xml_document const& document);
// Without the control characters that no XML may hold; markup is escaped by the writer.
std::string clean_xml(std::string_view text);
std::string trimmed(std::string_view text);
// A placeholder inside a repeated row: a column of the table, `number_of_row`, else what it says everywhere. `each` itself is "".
Value row_value(BulletinWords& words, Sheet const& sheet, std::vector<Cell> const& row, std::int64_t number, std::string_view asked,
                std::string_view each);

}  // namespace wangge::storage
