#include "gateways/sessions/passwords.hpp"

#include <sodium.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace wangge::sessions {
namespace {

constexpr std::size_t kShortest = 10, kLongest = 128, kDifferent = 5;

void ready() {
  static bool const good = sodium_init() >= 0;
  if (!good) throw std::runtime_error("libsodium cannot start: no randomness");
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string drawn(std::string_view letters, int count) {
  ready();
  std::string out;
  for (int i = 0; i < count; ++i) out += letters[randombytes_uniform(static_cast<std::uint32_t>(letters.size()))];
  return out;
}

}  // namespace

std::string password_hash(std::string_view password, Cost cost) {
  ready();
  std::string out(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("not enough memory to hash a password");
  out.resize(out.find('\0'));
  return out;
}

bool password_matches(std::string const& hash, std::string_view password) {
  ready();
  return !hash.empty() && crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool outdated(std::string const& hash) { return crypto_pwhash_str_needs_rehash(hash.c_str(), kCost.passes, kCost.memory) != 0; }

std::string random_bytes(std::size_t size) {
  ready();
  std::string out(size, '\0');
  randombytes_buf(out.data(), size);
  return out;
}

std::string random_secret() { return base64url(random_bytes(32)); }

std::string random_password() { return drawn("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 16); }

std::string recovery_code() {
  auto out = drawn("abcdefghijkmnpqrstuvwxyz23456789", 10);
  return out.insert(5, "-");
}

std::string plain_code(std::string_view code) {
  auto out = lower(code);
  std::erase_if(out, [](char c) { return c == ' ' || c == '-'; });
  return out;
}

bool equal_secrets(std::string_view a, std::string_view b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

std::string base32(std::string_view bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (unsigned char const byte : bytes) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 5; held -= 5) out += kLetters[bits >> (held - 5) & 31];
  }
  if (held > 0) out += kLetters[bits << (5 - held) & 31];
  return out;
}

std::string base64url(std::string_view bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.resize(out.find('\0'));
  return out;
}

std::string_view password_fault(std::string_view password, std::string_view name) {
  auto const characters = std::ranges::count_if(password, [](unsigned char c) { return (c & 0xc0) != 0x80; });
  if (characters < static_cast<std::ptrdiff_t>(kShortest)) return "too_short";
  if (characters > static_cast<std::ptrdiff_t>(kLongest)) return "too_long";
  bool const holds_name = name.size() >= 3 && lower(password).find(lower(name)) != std::string::npos;
  if (holds_name || std::set<char>(password.begin(), password.end()).size() < kDifferent) return "too_plain";
  return "";
}

}  // namespace wangge::sessions
