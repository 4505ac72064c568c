// Small work on text that every door needs: UTF-8, percent signs, languages. Touches nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wangge::http {

// Whole and shortest-form UTF-8 without surrogates.
bool valid_utf8(std::string_view text);
// Unicode code points of valid UTF-8: what a person would count as characters.
std::size_t count_characters(std::string_view text);
// %XX decoded; nullopt when a percent sign is not followed by two hex digits, or the result is not UTF-8 or holds U+0000.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// "en" when the header prefers English to Chinese, else "zh".
std::string_view preferred_language(std::string_view accept_language);
// Nothing that a reader would see: empty, or white space alone, also the full-width space of Chinese keyboards.
bool blank(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string lower(std::string_view text);
std::string_view trimmed(std::string_view text);
// The value of one cookie of a Cookie header; "" when it is not there.
std::string_view cookie(std::string_view header, std::string_view name);

}  // namespace wangge::http
