// Passwords and other secrets: made, hashed, compared. Randomness and argon2id are libsodium's. Hashing takes a tenth of a second and tens of
// MiB on purpose: never on the I/O thread, never unbounded in number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wangge::sessions {

struct Cost {
  unsigned long long passes;
  std::size_t memory;  // bytes
};
// Above OWASP's floor for argon2id (19 MiB, 2 passes); two at once stay within 64 MiB.
inline constexpr Cost kCost{3, 32u << 20};
// For the demo's sixty random passwords; the first sign-in hashes them anew.
inline constexpr Cost kCheap{1, 8u << 10};

std::string password_hash(std::string_view password, Cost cost = kCost);  // throws std::runtime_error without memory
bool password_matches(std::string const& hash, std::string_view password);
bool outdated(std::string const& hash);  // of another cost than kCost

std::string random_secret();    // 256 bits, 43 characters of base64url
std::string random_password();  // 16 characters without look-alikes, read from paper and typed
std::string random_bytes(std::size_t size);
std::string recovery_code();                         // 50 bits: abcde-fghij
std::string plain_code(std::string_view code);       // as typed, without spaces, hyphens and capitals
bool equal_secrets(std::string_view a, std::string_view b);  // in time that says nothing of where they differ
std::string base32(std::string_view bytes);          // RFC 4648 without padding, as authenticator apps read it
std::string base64url(std::string_view bytes);

// What is wrong with a chosen password: too_short, too_long, too_plain (one's own name, few different characters); "" = nothing.
std::string_view password_fault(std::string_view password, std::string_view name);

}  // namespace wangge::sessions
