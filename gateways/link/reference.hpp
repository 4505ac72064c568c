// The Reference snapshot as the doors ask it: token hashes, catalogue keys, districts. Immutable once built; its bytes
// are kept beside the spool so that doors work while dispatcher and database are down.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "gateways/link/link.hpp"
#include "proto/bus/bus.hpp"

namespace wangge::link {

class Snapshot final : public Reference {
 public:
  explicit Snapshot(std::vector<v1::Reference> const& parts);

  std::int64_t version() const override { return version_; }
  Known known(std::string const& district, core::CategoryKey const& category, std::string const& condition,
              core::Instant reported_at) const override;
  bool has_district(std::string const& district) const override { return districts_.contains(district); }
  std::vector<std::string> closing_conditions() const override { return closing_conditions_; }
  State authenticate(std::string_view bearer, core::Instant now, core::Principal& out) const override;

 private:
  struct Token {
    core::Principal who;
    core::Instant expires_at{};
  };
  struct Entry {
    std::optional<core::Instant> valid_to;
    std::unordered_set<std::string> conditions;
  };
  std::int64_t version_ = 0;
  std::unordered_set<std::string> districts_;
  std::unordered_map<std::string, Token> tokens_;   // by the 32 raw bytes of the token's SHA-256
  std::unordered_map<std::string, Entry> entries_;  // by district/standard/kind/code
  std::vector<std::string> closing_conditions_;
};

// Durable copy. save: temp file, fsync, rename, folder fsync. load: nullptr when there is none or it cannot be read.
void save_reference(std::string const& file, std::vector<v1::Reference> const& parts);
std::vector<v1::Reference> load_reference(std::string const& file);

}  // namespace wangge::link
