// JSON from outside, read strictly: one reading only, whoever reads it. And its one canonical text, for body hashes.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace wangge::http {

inline constexpr std::size_t kJsonDepth = 16;

// The parsed body, or nothing (the answer is then 400 `bad_json`; `why` says what was wrong in English). Refused: trailing
// bytes, duplicate member names, deeper than 16, UTF-8 that is not well-formed, lone surrogates, U+0000 (PostgreSQL text
// cannot hold it), NaN and Infinity. A number beyond a double (1e400) is read as an infinity, so that an unknown member may
// hold one: `Fields` and whoever keeps numbers refuse it by its field (`all_finite`).
std::optional<boost::json::value> parse_json(std::string_view text, std::string* why = nullptr);

// No number below is an infinity.
bool all_finite(boost::json::value const& value);

// Members sorted by name, no white space, numbers in one form (1, 1.0 and 1e0 are the same text): two bodies that parse
// to the same document have the same canonical text.
std::string canonical(boost::json::value const& value);

// One JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace wangge::http
