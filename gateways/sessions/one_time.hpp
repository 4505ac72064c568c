// One-time codes by the clock (TOTP, RFC 6238 over RFC 4226): SHA-1, 30 s, six digits, as every authenticator app makes them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dispatcher/core/types.hpp"

namespace wangge::sessions {

inline constexpr core::Millis kStep{30'000};
inline constexpr int kStepsAside = 1;  // a telephone's clock may be half a minute off, either way

std::int64_t step_of(core::Instant at);
std::string code_of(std::string_view key, std::int64_t step, int digits = 6);
// The step whose code this is, newer than `newest_taken`; nothing when it is none of those around `now`, or was taken already.
std::optional<std::int64_t> step_for(std::string_view key, std::string_view code, core::Instant now, std::int64_t newest_taken);
// What a QR code for the app holds.
std::string otpauth_uri(std::string_view key, std::string_view name, std::string_view issuer);

}  // namespace wangge::sessions
