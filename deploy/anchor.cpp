// Signing and reading back. See anchor.hpp.
#include "deploy/anchor.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <ctime>
#include <set>
#include <tuple>

#include "deploy/errors.hpp"
#include "deploy/layout.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

using Heads = std::vector<storage::ChainState>;

// What is signed: our own text, so that no JSON writer's habits matter.
std::string signed_text(std::string const& time, Heads const& heads) {
  std::string text = "wangge audit anchor 1\n" + time + "\n";
  for (auto const& h : heads) text += h.district + " " + h.chain + " " + std::to_string(h.seq) + " " + h.hash + "\n";
  return text;
}

std::string hex(unsigned char const* bytes, std::size_t size) {
  std::string out(size * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, size);
  out.pop_back();
  return out;
}

template <std::size_t N>
bool unhex(std::string const& text, std::array<unsigned char, N>& out) {
  std::size_t size = 0;
  return sodium_hex2bin(out.data(), N, text.data(), text.size(), nullptr, &size, nullptr) == 0 && size == N;
}

std::string first_line(fs::path const& file) {
  auto const text = read_file(file);
  return text.substr(0, text.find('\n'));
}

using Secret = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;
using Public = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;

Secret signing_key(fs::path const& keys) {
  auto const file = keys / "audit-ed25519.key";
  Secret secret{};
  if (auto const text = first_line(file); !text.empty()) {
    if (!unhex(text, secret)) throw DamageError(file.string() + " is no key");
    return secret;
  }
  Public open{};
  crypto_sign_keypair(open.data(), secret.data());
  write_file(keys / "audit-ed25519.pub", hex(open.data(), open.size()) + "\n", 0644);
  write_file(file, hex(secret.data(), secret.size()) + "\n", 0600);
  return secret;
}

}  // namespace

std::string sealing_key(fs::path const& keys) {
  auto const file = keys / "totp.key";
  std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> key{};
  if (first_line(file).empty()) {
    // Gateways that start at once must end up with one key: whoever links his first has made it.
    randombytes_buf(key.data(), key.size());
    auto const mine = file.string() + "." + std::to_string(randombytes_random());
    write_file(mine, hex(key.data(), key.size()) + "\n", 0600);
    std::error_code error;
    fs::create_hard_link(mine, file, error);
    fs::remove(mine);
    if (error && error != std::errc::file_exists) throw EnvironmentError("cannot write " + file.string() + ": " + error.message());
  }
  if (!unhex(first_line(file), key)) throw DamageError(file.string() + " is no key");
  return {key.begin(), key.end()};
}

namespace {

struct Anchor {
  std::string time, signature;
  Heads heads;
};

Anchor read_one(std::string const& text) {  // throws when it is not one
  auto const value = json::parse(text);
  auto const& o = value.as_object();
  Anchor a{std::string(o.at("at").as_string()), std::string(o.at("signature").as_string()), {}};
  for (auto const& entry : o.at("heads").as_array()) {
    auto const& h = entry.as_object();
    a.heads.push_back({std::string(h.at("district").as_string()), std::string(h.at("chain").as_string()),
                       h.at("seq").as_int64(), std::string(h.at("hash").as_string())});
  }
  return a;
}

std::string utc_now() {
  std::time_t const t = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&t, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return text;
}

bool moved(Heads const& now, Heads const& then) {
  return !std::ranges::equal(now, then, [](auto const& a, auto const& b) {
    return std::tie(a.district, a.chain, a.seq, a.hash) == std::tie(b.district, b.chain, b.seq, b.hash);
  });
}

}  // namespace

std::string write_anchor(Heads const& heads, AnchorPlace& place, fs::path const& keys) {
  if (auto const newest = place.newest(); !newest.empty()) {
    try {
      if (!moved(heads, read_one(newest).heads)) return {};
    } catch (std::exception const&) {  // unreadable: verify says so; here a new one is written
    }
  }
  auto const secret = signing_key(keys);
  auto const time = utc_now();
  auto const text = signed_text(time, heads);
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<unsigned char const*>(text.data()), text.size(),
                       secret.data());
  json::array list;
  for (auto const& h : heads)
    list.push_back(json::object{{"district", h.district}, {"chain", h.chain}, {"seq", h.seq}, {"hash", h.hash}});
  json::object const o{
      {"at", time}, {"heads", std::move(list)}, {"signature", hex(signature.data(), signature.size())}};
  return place.put("heads-" + time + ".json", json::serialize(o) + "\n");
}

Anchors read_anchors(AnchorPlace& place, fs::path const& keys) {
  Anchors out;
  Public open{};
  auto const files = place.all();
  if (!files.empty() && !unhex(first_line(keys / "audit-ed25519.pub"), open)) {
    out.bad.push_back((keys / "audit-ed25519.pub").string() + " is missing: signatures cannot be checked");
    return out;
  }
  std::set<std::tuple<std::string, std::string, std::int64_t, std::string>> seen;
  for (auto const& [name, content] : files) {
    try {
      auto const a = read_one(content);
      std::array<unsigned char, crypto_sign_BYTES> signature{};
      auto const text = signed_text(a.time, a.heads);
      if (!unhex(a.signature, signature) ||
          crypto_sign_verify_detached(signature.data(), reinterpret_cast<unsigned char const*>(text.data()),
                                      text.size(), open.data()) != 0) {
        out.bad.push_back(name + ": its signature does not fit");
        continue;
      }
      for (auto const& h : a.heads)
        if (seen.emplace(h.district, h.chain, h.seq, h.hash).second) out.heads.push_back(h);
    } catch (std::exception const& error) {
      out.bad.push_back(name + ": " + error.what());
    }
  }
  return out;
}

std::string sign_text(std::string const& text, fs::path const& keys) {
  if (sodium_init() < 0) throw Failure("libsodium does not start");
  auto const secret = signing_key(keys);
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<unsigned char const*>(text.data()), text.size(), secret.data());
  return hex(signature.data(), signature.size());
}

bool signature_fits(std::string const& text, std::string const& signature, fs::path const& keys) {
  if (sodium_init() < 0) throw Failure("libsodium does not start");
  std::array<unsigned char, crypto_sign_BYTES> bytes{};
  Public open{};
  return unhex(first_line(keys / "audit-ed25519.pub"), open) && unhex(signature, bytes) &&
         crypto_sign_verify_detached(bytes.data(), reinterpret_cast<unsigned char const*>(text.data()), text.size(), open.data()) == 0;
}

}  // namespace wangge::deploy
