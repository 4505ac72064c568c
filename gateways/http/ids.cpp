// Digests by OpenSSL; see ids.hpp.
#include "gateways/http/ids.hpp"

#include "gateways/http/http.hpp"

#include <openssl/evp.h>

#include <array>
#include <cctype>
#include <stdexcept>

namespace wangge::http {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// EVP_sha256() looks its algorithm up at every call; a fetched one is looked up once.
EVP_MD const* algorithm(char const* name) {
  EVP_MD const* md = EVP_MD_fetch(nullptr, name, nullptr);
  if (md == nullptr) throw std::runtime_error(std::string("OpenSSL has no ") + name);
  return md;
}

template <std::size_t Size>
std::array<unsigned char, Size> digest(EVP_MD const* md, std::string_view bytes) {
  std::array<unsigned char, Size> out{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, md, nullptr) != 1 || size != Size) {
    throw std::runtime_error("OpenSSL could not compute a digest");
  }
  return out;
}

}  // namespace

std::string csrf_token(std::string_view secret) { return sha256_hex(joined("csrf", secret)); }

std::string sha256_hex(std::string_view bytes) {
  static EVP_MD const* const md = algorithm("SHA256");
  std::string out;
  out.reserve(64);
  for (unsigned char const b : digest<32>(md, bytes)) {
    out += kHex[b >> 4];
    out += kHex[b & 15];
  }
  return out;
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

std::string uuid_v5(std::string_view name_space, std::string_view name) {
  static EVP_MD const* const md = algorithm("SHA1");
  if (!is_uuid(name_space)) throw std::invalid_argument("not a UUID: " + std::string(name_space));
  std::string input;
  input.reserve(16 + name.size());
  for (std::size_t i = 0; i < name_space.size(); ++i) {
    if (name_space[i] == '-') continue;
    input += static_cast<char>(std::stoi(std::string(name_space.substr(i, 2)), nullptr, 16));
    ++i;
  }
  input += name;
  auto bytes = digest<20>(md, input);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x50);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[bytes[i] >> 4];
    out += kHex[bytes[i] & 15];
  }
  return out;
}

}  // namespace wangge::http
