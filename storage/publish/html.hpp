// Text into HTML. Data becomes text only.
#pragma once

#include <string>
#include <string_view>

namespace wangge::storage {

std::string html_text(std::string_view text);  // <, >, &, " and ' as entities

}  // namespace wangge::storage
