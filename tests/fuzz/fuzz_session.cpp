// Any bytes as what signing in reads: the body of POST /session and its sisters, the Cookie header, a one-time code, a
// sealed key. The first byte says which.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateways/http/text.hpp"
#include "gateways/sessions/key_seal.hpp"
#include "gateways/sessions/one_time.hpp"
#include "gateways/sessions/passwords.hpp"
#include "gateways/sessions/sign_in_form.hpp"

namespace {

using namespace wangge;

void demand(bool fact) {
  if (!fact) std::abort();
}

std::size_t characters(std::string const& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

void body(std::string_view bytes) {
  http::Request request;
  request.headers = {{"content-type", "application/json; charset=utf-8"}};
  request.body = std::string(bytes);
  sessions::SignInForm form;
  if (auto const answer = sessions::read_sign_in(request, form)) {
    demand(answer->status == 400 || answer->status == 413 || answer->status == 422);
  } else {
    demand(!form.name.empty() && !form.password.empty());
    for (auto const* text : {&form.name, &form.password, &form.code, &form.role, &form.district})
      demand(http::valid_utf8(*text));
    demand(characters(form.name) <= sessions::kNameMost && characters(form.password) <= sessions::kPasswordMost &&
           characters(form.code) <= sessions::kCodeMost);
    sessions::password_fault(form.password, form.name);
  }
  std::string password, code;
  if (!sessions::read_texts(request, {{"password", &password}, {"code", &code}}))
    demand(!password.empty() && characters(code) <= sessions::kCodeMost);
}

void cookies(std::string_view bytes) {
  for (std::string_view const name : {http::kCookie, http::kSecureCookie, std::string_view("a")}) {
    auto const value = http::cookie(bytes, name);
    demand(value.empty() ||
           (value.data() >= bytes.data() && value.data() + value.size() <= bytes.data() + bytes.size()));
    demand(value.find(';') == std::string_view::npos);
  }
}

void code(std::string_view bytes) {
  auto const plain = sessions::plain_code(bytes);
  demand(plain.size() <= bytes.size() && sessions::plain_code(plain) == plain);
  std::string const key = "12345678901234567890";
  core::Instant const now{core::Millis{1'234'567'890'000}};
  auto const step = sessions::step_of(now);
  if (auto const found = sessions::step_for(key, plain, now, 0))
    demand(plain.size() == 6 && std::abs(*found - step) <= sessions::kStepsAside);
}

void seal(std::string_view bytes) {
  static sessions::KeySeal const seal(std::string(sessions::KeySeal::kSize, 'k')), none;
  auto const opened = seal.open("d/wang", bytes);
  if (sessions::KeySeal::is_sealed(bytes))
    demand(opened.empty() && none.open("d/wang", bytes).empty());  // nobody guesses a proof
  else
    demand(opened == bytes);
  demand(seal.open("d/wang", seal.close("d/wang", bytes)) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      body(bytes);
      break;
    case 1:
      cookies(bytes);
      break;
    case 2:
      code(bytes);
      break;
    default:
      seal(bytes);
      break;
  }
  return 0;
}
