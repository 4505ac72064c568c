// The audit anchor: the heads of the audit chains, signed and copied to a folder elsewhere every ten minutes. What was
// anchored cannot be changed afterwards without `wangge audit verify` seeing it, also not by a superuser.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/audit.hpp"

namespace wangge::deploy {

// Writes FOLDER/heads-TIME.json, signed with the Ed25519 key in `keys` (made at first use). Nothing when no head moved
// since the newest one there. Returns the file, or "".
std::filesystem::path write_anchor(std::vector<storage::ChainState> const& heads, std::filesystem::path const& folder,
                                   std::filesystem::path const& keys);

struct Anchors {
  std::vector<storage::ChainState> heads;
  std::vector<std::string> bad;  // files whose signature does not fit or that cannot be read, in words
};
Anchors read_anchors(std::filesystem::path const& folder, std::filesystem::path const& keys);

}  // namespace wangge::deploy
