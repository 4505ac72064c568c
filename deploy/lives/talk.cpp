// Sending until there is an answer; nothing here knows cases.
#include "deploy/lives/talk.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <thread>

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;

constexpr auto kOneAnswer = 15s;

bool try_again(int status) {
  return status == 429 || status == 503 || status == 504 || status == 507;
}

std::chrono::milliseconds pause_of(HttpAnswer const& answer, std::chrono::milliseconds usual) {
  auto const text = answer.header("retry-after");
  int seconds = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end == text.data()) return usual;
  return std::clamp<std::chrono::milliseconds>(std::chrono::seconds(seconds), 50ms, 10s);
}

}  // namespace

std::string Told::code() const {
  return word("code");
}

std::string Told::reason() const {
  auto const code = this->code();
  auto const* o = body.if_object();
  auto const* errors = o == nullptr ? nullptr : o->if_contains("errors");
  if (errors == nullptr || !errors->is_array() || errors->get_array().empty()) return code;
  Told first;
  first.body = errors->get_array().front();
  return first.code() == code ? code : code + " (" + first.word("field") + " " + first.code() + ")";
}

std::string Told::word(std::string_view name) const {
  auto const* o = body.if_object();
  auto const* found = o == nullptr ? nullptr : o->if_contains({name.data(), name.size()});
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::int64_t Told::number(std::string_view name) const {
  auto const* o = body.if_object();
  auto const* found = o == nullptr ? nullptr : o->if_contains({name.data(), name.size()});
  return found != nullptr && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

Talk::Talk(std::string const& base_url, std::chrono::milliseconds patience, std::atomic<std::int64_t>& retried,
           std::filesystem::path const& certificate)
    : client_(base_url, kOneAnswer, certificate), patience_(patience), retried_(retried) {}

Told Talk::get(std::string_view target, std::string const& token) {
  return send("GET", target, {{"Authorization", "Bearer " + token}}, "");
}

Told Talk::post(std::string_view target, std::string const& token, std::string const& body,
                HttpClient::Headers headers) {
  headers.emplace_back("Authorization", "Bearer " + token);
  bool const typed =
      std::any_of(headers.begin(), headers.end(), [](auto const& h) { return h.first == "Content-Type"; });
  if (!typed) headers.emplace_back("Content-Type", "application/json");
  return send("POST", target, std::move(headers), body);
}

Told Talk::send(std::string_view method, std::string_view target, HttpClient::Headers headers,
                std::string const& body) {
  auto const until = std::chrono::steady_clock::now() + patience_;
  auto pause = 50ms;
  Told told;
  while (true) {
    auto wait = pause;
    try {
      auto answer = client_.request(method, target, headers, body);
      told.status = answer.status;
      told.replayed = answer.header("idempotency-replayed") == "true";
      boost::json::error_code error;
      told.body = answer.body.empty() ? boost::json::value() : boost::json::parse(answer.body, error);
      if (error) told.text = std::move(answer.body);
      if (!try_again(answer.status)) return told;
      wait = pause_of(answer, pause);
    } catch (HttpBroken const& broken) {
      told = {};
      told.text = broken.what();
    }
    if (std::chrono::steady_clock::now() + wait > until) return told;
    retried_.fetch_add(1, std::memory_order_relaxed);
    std::this_thread::sleep_for(wait);
    pause = std::min<std::chrono::milliseconds>(pause * 2, 2s);
  }
}

std::string stable_uuid(std::string const& name) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<unsigned char const*>(name.data()), name.size());
  hash[6] = static_cast<unsigned char>((hash[6] & 0x0f) | 0x80);
  hash[8] = static_cast<unsigned char>((hash[8] & 0x3f) | 0x80);
  std::string out;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += "0123456789abcdef"[hash[i] >> 4];
    out += "0123456789abcdef"[hash[i] & 15];
  }
  return out;
}

std::string to_rfc3339(core::Instant at) {
  auto const day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day const ymd{day};
  std::chrono::hh_mm_ss const clock{at - day};
  char out[48];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return out;
}

}  // namespace wangge::deploy
