// `/m/{code}`: what the code on a paper holds. The case's number in base 36, which makes a small QR code and can be
// read out; who scans it signed in sees the case, where his scope allows it. Nothing is looked up here, so the link
// tells nobody whether there is such a case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wangge::console {

// "3708712026112800005" -> "S6DGOW4WOLXH"; the number itself where it is too long for 128 bits (38 digits).
std::string link_code(std::string_view case_no);
// The number again; nullopt: no code of a case. Letters of either case; a plain number is taken as it is.
std::optional<std::string> case_of_code(std::string_view code);

}  // namespace wangge::console
