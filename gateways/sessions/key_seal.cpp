#include "gateways/sessions/key_seal.hpp"

#include <sodium.h>

#include <stdexcept>

namespace wangge::sessions {
namespace {

constexpr char kFirst = 1;  // the form of what follows: nonce, sealed key
constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
                      kProof = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(KeySeal::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

unsigned char const* bytes(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

KeySeal::KeySeal(std::string key) : key_(std::move(key)) {
  if (!key_.empty() && key_.size() != kSize) throw std::invalid_argument("a seal's key has 32 bytes");
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
}

// A plain key has 20 bytes and is random: it can begin like a sealed one, but never be as long.
bool KeySeal::is_sealed(std::string_view kept) {
  return kept.size() >= 1 + kNonce + kProof && kept.front() == kFirst;
}

std::string KeySeal::close(std::string_view person, std::string_view plain) const {
  if (!closes()) return std::string(plain);
  std::string out(1 + kNonce + plain.size() + kProof, kFirst);
  randombytes_buf(bytes(out) + 1, kNonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(out) + 1 + kNonce, nullptr, bytes(plain), plain.size(),
                                             bytes(person), person.size(), nullptr, bytes(out) + 1, bytes(key_));
  return out;
}

std::string KeySeal::open(std::string_view person, std::string_view kept) const {
  if (!is_sealed(kept)) return std::string(kept);
  if (!closes()) return {};
  auto const sealed = kept.substr(1 + kNonce);
  std::string out(sealed.size() - kProof, '\0');
  int const failed =
      crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(out), nullptr, nullptr, bytes(sealed), sealed.size(),
                                                 bytes(person), person.size(), bytes(kept) + 1, bytes(key_));
  return failed != 0 ? std::string() : out;
}

}  // namespace wangge::sessions
