#include "gateways/sessions/one_time.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "gateways/sessions/passwords.hpp"

namespace wangge::sessions {
namespace {

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (unsigned char const c : text) {
    if (std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == '~') {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += "0123456789ABCDEF"[c >> 4];
      out += "0123456789ABCDEF"[c & 15];
    }
  }
  return out;
}

}  // namespace

std::int64_t step_of(core::Instant at) { return at.time_since_epoch() / kStep; }

std::string code_of(std::string_view key, std::int64_t step, int digits) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) counter[7 - i] = static_cast<unsigned char>(step >> (8 * i));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), mac.data(), &size);
  std::size_t const from = mac[size - 1] & 15;  // RFC 4226 5.3
  std::uint32_t number = (mac[from] & 127u) << 24 | mac[from + 1] << 16 | mac[from + 2] << 8 | mac[from + 3];
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto at = out.rbegin(); at != out.rend(); ++at, number /= 10) *at = static_cast<char>('0' + number % 10);
  return out;
}

std::optional<std::int64_t> step_for(std::string_view key, std::string_view code, core::Instant now, std::int64_t newest_taken) {
  auto const middle = step_of(now);
  std::optional<std::int64_t> found;
  for (auto step = middle - kStepsAside; step <= middle + kStepsAside; ++step)
    if (equal_secrets(code_of(key, step), code) && step > newest_taken) found = step;
  return found;
}

std::string otpauth_uri(std::string_view key, std::string_view name, std::string_view issuer) {
  auto const from = percent_encoded(issuer);
  return "otpauth://totp/" + from + ':' + percent_encoded(name) + "?secret=" + base32(key) + "&issuer=" + from +
         "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace wangge::sessions
