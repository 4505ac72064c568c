// `wangge user`: bearer tokens and accounts. The database keeps the SHA-256 of a token and the argon2id of a password,
// never either of them.
#pragma once

#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::deploy {

struct TokenRequest {
  std::string name, role;
  std::string district = "370871";
  std::string street, unit, squad;
  std::vector<std::string> sources;  // reporters: the sources they may use
  bool backdate = false;
  int days = 90;
};

// Says what is wrong with the request (unknown role, source, …); empty when nothing.
std::string check(TokenRequest const& request);
// Writes the token's hash and returns the token: the only time it is seen. Throws std::invalid_argument with check()'s
// words (also when the district, street, unit or squad is not loaded), storage::Broken when the database is away.
std::string make_token(std::string const& url, TokenRequest const& request);
std::int64_t revoke_tokens(std::string const& url, std::string const& district, std::string const& name);

// Creates or changes an account; returns the password: the given one, or, when empty, a new random one that must be changed at the first
// sign-in.
std::string put_account(std::string const& url, TokenRequest const& request, std::string password = "");

std::string random_token();                      // "wg_" and 43 characters of base64url
std::string token_hash(std::string_view token);  // SHA-256, 32 raw bytes

}  // namespace wangge::deploy
