// Makes tokens and accounts. Randomness and hashing of passwords are gateways/sessions'; the rows are written by storage.
#include "deploy/tokens.hpp"

#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "gateways/sessions/passwords.hpp"
#include "storage/standing_set.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;

core::Principal principal(TokenRequest const& request) {
  core::Principal who;
  who.name = request.name;
  who.role = *core::role_from(request.role);
  who.district = request.district;
  who.street = request.street;
  who.unit = request.unit;
  who.squad = request.squad;
  who.sources = request.sources;
  who.backdate = request.backdate;
  return who;
}

bool is_name(std::string const& text) {
  if (text.empty() || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != '/' && c != 0x7f; });
}

void check_or_throw(std::string const& url, TokenRequest const& request) {
  if (auto const wrong = check(request); !wrong.empty()) throw std::invalid_argument(wrong);
  if (auto const wrong = standing::scope_error(url, principal(request)); !wrong.empty())
    throw std::invalid_argument(wrong);
}

}  // namespace

std::string check(TokenRequest const& request) {
  auto const role = core::role_from(request.role);
  if (!role || *role == core::Role::system) return "unknown role " + request.role;
  if (!is_name(request.name)) return "a name has 1 to 64 characters, without spaces and slashes";
  if (request.days < 1 || request.days > 3660) return "a token lives 1 to 3660 days";
  for (auto const& source : request.sources) {
    if (std::find(core::kSources.begin(), core::kSources.end(), source) == core::kSources.end()) {
      return "unknown source " + source;
    }
  }
  if (*role == core::Role::reporter && request.sources.empty()) return "a reporter needs --sources";
  bool const of_squad = *role == core::Role::squad_leader || *role == core::Role::disposer;
  if (of_squad && request.squad.empty()) return request.role + " needs --squad";
  bool const of_unit = *role == core::Role::unit_clerk || *role == core::Role::unit_head;
  if (of_unit && request.unit.empty()) return request.role + " needs --unit";
  return "";
}

std::string make_token(std::string const& url, TokenRequest const& request) {
  check_or_throw(url, request);
  auto const token = random_token();
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  standing::add_tokens(url, {{token_hash(token), principal(request), now + std::chrono::days(request.days)}});
  return token;
}

std::int64_t revoke_tokens(std::string const& url, std::string const& district, std::string const& name) {
  return standing::revoke_tokens(url, district, name);
}

std::string put_account(std::string const& url, TokenRequest const& request, std::string password) {
  check_or_throw(url, request);
  auto const given = !password.empty();
  if (!given) password = sessions::random_password();
  standing::put_accounts(url, {{principal(request), sessions::password_hash(password), !given}});
  return password;
}

std::string random_token() { return "wg_" + sessions::random_secret(); }

std::string token_hash(std::string_view token) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<unsigned char const*>(token.data()), token.size());
  return hash;
}

}  // namespace wangge::deploy
