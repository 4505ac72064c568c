// A list of media ids in a body. An id that is not uploaded yet counts; one that is no id does not (CONTRACT 4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateways/http/fields.hpp"

namespace wangge::patrol {

inline constexpr std::size_t kPhotosMost = 9;

std::vector<std::string> read_photos(http::Fields& fields, std::string_view name, std::size_t least,
                                     http::FieldErrors& errors);

}  // namespace wangge::patrol
