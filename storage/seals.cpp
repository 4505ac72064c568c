// Months that are closed for good: what their tables said.
#include <sodium.h>

#include "storage/figures.hpp"
#include "storage/pg.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {
std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<unsigned char const*>(text.data()), text.size());
  std::string out(digest.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), digest.data(), digest.size());
  out.pop_back();
  return out;
}

std::optional<Seal> find_seal(std::string const& url, std::string const& district, std::string const& month) {
  pg::Session s(url, pg::Session::Use::batch);
  auto const found = s.run(queries::seal_find, pg::Params().text(district).text(month));
  if (found.empty()) return std::nullopt;
  auto const& row = found[0];
  Seal seal;
  seal.month = month;
  seal.content = pg::text(row[0]);
  seal.digest = pg::text(row[1]);
  seal.signature = pg::text(row[2]);
  seal.sealed_by = pg::text(row[3]);
  seal.sealed_at = *pg::instant(row[4]);
  seal.as_of = *pg::instant(row[5]);
  return seal;
}

void put_seal(std::string const& url, std::string const& district, Seal const& seal) {
  pg::Session s(url, pg::Session::Use::writer);
  s.run(queries::seal_put, pg::Params()
                               .text(district)
                               .text(seal.month)
                               .number(seal.to.time_since_epoch().count())
                               .number(seal.as_of.time_since_epoch().count())
                               .text(seal.content)
                               .text(seal.digest)
                               .text(seal.signature)
                               .text(seal.sealed_by));
}

}  // namespace wangge::storage
