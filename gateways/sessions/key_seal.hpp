// Keys of one-time codes as they lie in the database: sealed (XChaCha20-Poly1305) under a key that lies in a file of
// the program's own, so that who reads the database, or a copy of it, cannot make anybody's codes. Bound to the person:
// a key moved to another's row does not open.
#pragma once

#include <string>
#include <string_view>

namespace wangge::sessions {

class KeySeal {
 public:
  static constexpr std::size_t kSize = 32;
  // "": nothing is sealed (tests, tools); else kSize bytes, or std::invalid_argument.
  explicit KeySeal(std::string key = "");
  std::string close(std::string_view person, std::string_view plain) const;
  // The plain key; a key kept before there was a seal comes back as it is. "": it was sealed under another key, or for
  // somebody else.
  std::string open(std::string_view person, std::string_view kept) const;
  bool closes() const { return !key_.empty(); }
  static bool is_sealed(std::string_view kept);

 private:
  std::string key_;
};

}  // namespace wangge::sessions
