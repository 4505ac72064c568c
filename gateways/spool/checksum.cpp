// See checksum.hpp.
#include "gateways/spool/checksum.hpp"

#include <algorithm>
#include <stdexcept>

namespace wangge::spool {
namespace {

void require(bool good) {
  if (!good) throw std::runtime_error("SHA-256 is not available in OpenSSL");
}

}  // namespace

Checksum::Checksum() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
  require(algorithm_ != nullptr && context_ != nullptr && EVP_DigestInit_ex(context_, algorithm_, nullptr) == 1);
}

Checksum::~Checksum() {
  EVP_MD_CTX_free(context_);
  EVP_MD_free(algorithm_);
}

Checksum& Checksum::text(std::string_view bytes) {
  number(static_cast<std::int64_t>(bytes.size()));
  if (bytes.size() <= 256) {
    head_.append(bytes);
    return *this;
  }
  require(EVP_DigestUpdate(context_, head_.data(), head_.size()) == 1);
  head_.clear();
  require(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
  return *this;
}

Checksum& Checksum::number(std::int64_t value) {
  char bytes[8];
  auto rest = static_cast<std::uint64_t>(value);
  for (char& byte : bytes) {
    byte = static_cast<char>(rest & 0xff);
    rest >>= 8;
  }
  head_.append(bytes, sizeof bytes);
  return *this;
}

Sum Checksum::done() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  require(EVP_DigestUpdate(context_, head_.data(), head_.size()) == 1);
  head_.clear();
  require(EVP_DigestFinal_ex(context_, digest.data(), nullptr) == 1);
  require(EVP_DigestInit_ex(context_, algorithm_, nullptr) == 1);
  Sum sum;
  std::copy_n(digest.begin(), sum.size(), sum.begin());
  return sum;
}

}  // namespace wangge::spool
