// The audit anchor: the heads of the audit chains, signed and copied elsewhere every ten minutes. What was
// anchored cannot be changed afterwards without `wangge audit verify` seeing it, also not by a superuser.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "deploy/anchor_place.hpp"
#include "storage/audit.hpp"

namespace wangge::deploy {

// Puts heads-TIME.json there, signed with the Ed25519 key in `keys` (made at first use). Nothing when no head moved
// since the newest one there. Returns where it lies, or "".
std::string write_anchor(std::vector<storage::ChainState> const& heads, AnchorPlace& place,
                         std::filesystem::path const& keys);

struct Anchors {
  std::vector<storage::ChainState> heads;
  std::vector<std::string> bad;  // those whose signature does not fit or that cannot be read, in words
};
Anchors read_anchors(AnchorPlace& place, std::filesystem::path const& keys);

// A text signed with the same key, hexadecimal; and whether a signature is this installation's.
// The key that seals what the gateways keep in the database (keys of one-time codes), made at the first asking. Gateways of one city on
// several machines share the file (runbook). Throws DamageError.
std::string sealing_key(std::filesystem::path const& keys);
std::string sign_text(std::string const& text, std::filesystem::path const& keys);
bool signature_fits(std::string const& text, std::string const& signature, std::filesystem::path const& keys);

}  // namespace wangge::deploy
