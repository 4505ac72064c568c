// A certificate of its own, so that phones on the same network get camera, place and offline (they want HTTPS).
#pragma once

#include <filesystem>

namespace wangge::deploy {

struct Certificate {
  std::filesystem::path certificate, key;
};
// Made with openssl when it is missing or ends within 30 days; names localhost and this machine. Throws
// EnvironmentError.
Certificate self_made_certificate(std::filesystem::path const& folder);

}  // namespace wangge::deploy
