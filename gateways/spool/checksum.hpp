// The spool's own checksum: 16 bytes of SHA-256 over fields, each with its length before it. It does not trust the
// database file to notice a flipped bit, for SQLite checks structure and not content.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace wangge::spool {

using Sum = std::array<char, 16>;
inline std::string_view view(Sum const& sum) { return {sum.data(), sum.size()}; }

class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(Checksum const&) = delete;
  Checksum& operator=(Checksum const&) = delete;

  Checksum& text(std::string_view bytes);
  Checksum& number(std::int64_t value);
  Sum done();  // and begins anew

 private:
  EVP_MD* algorithm_ = nullptr;
  EVP_MD_CTX* context_ = nullptr;
  std::string head_;  // the short fields, gathered so that the digest is fed few times
};

}  // namespace wangge::spool
