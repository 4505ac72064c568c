// Names computed from content: SHA-256 for bodies, UUIDv5 for report ids. The same input gives the same name anywhere.
#pragma once

#include <string>
#include <string_view>

namespace wangge::http {

std::string sha256_hex(std::string_view bytes);

// RFC 9562 section 5.5. `name_space` is a UUID in text form; throws std::invalid_argument when it is none.
std::string uuid_v5(std::string_view name_space, std::string_view name);

// 8-4-4-4-12 hex digits, any case.
bool is_uuid(std::string_view text);

// The name space of report ids. Never changes: a retry years later must give the same id.
inline constexpr std::string_view kReportNamespace = "5f0cbb1c-7a0e-5c63-9d0e-3d0f6f6a7731";

// Fields joined so that no two different lists give the same text (each with its length before it).
template <class... Fields>
std::string joined(Fields const&... fields) {
  std::string out;
  ((out += std::to_string(std::string_view(fields).size()), out += ':', out += fields), ...);
  return out;
}

}  // namespace wangge::http
