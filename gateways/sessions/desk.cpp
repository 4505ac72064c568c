#include "gateways/sessions/desk.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include <spdlog/spdlog.h>

#include "gateways/http/ids.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/http/text.hpp"
#include "gateways/sessions/passwords.hpp"
#include "storage/store.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;
constexpr std::size_t kAgentMost = 200, kAddressMost = 64;
constexpr int kOffset = 480;  // lists of sessions are for people; cases have their district's own zone

json::value or_null(std::string const& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value time(std::optional<core::Instant> const& at) { return at ? json::value(http::format_time(*at, kOffset)) : json::value(nullptr); }

// Whole characters only: an agent string is whatever somebody sends.
std::string shortened(std::string_view text, std::size_t most) {
  if (!http::valid_utf8(text)) return "?";
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return std::string(text.substr(0, most));
}

}  // namespace

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

std::string Desk::address(http::Request const& request) const {
  if (std::ranges::find(options.proxies, request.peer) == options.proxies.end()) return request.peer;
  // The last one is what the proxy saw; those before it are what the caller says of himself.
  std::string_view const list = request.header("x-forwarded-for");
  auto const last = http::trimmed(list.substr(list.find_last_of(',') == std::string_view::npos ? 0 : list.find_last_of(',') + 1));
  return last.empty() ? request.peer : shortened(last, kAddressMost);
}

void Desk::work(http::Request request, http::Reply reply, std::function<http::Response(http::Request const&)> work,
                std::function<void()> undone) {
  auto const lang = request.lang;
  auto const job = std::make_shared<http::Request>(std::move(request));
  bool const taken = crew.post([job, reply, work = std::move(work), undone] {
    try {
      reply(work(*job));
    } catch (storage::Broken const& e) {
      spdlog::warn("signing in found no database: {}", e.what());
      if (undone) undone();
      reply(http::problem(503, "no_database", job->lang));
    }
  });
  if (taken) return;
  if (undone) undone();
  reply(http::problem(429, "too_many_requests", lang));
}

std::string Desk::open_cookie(core::Principal const& who, std::string const& how, http::Request const& request, bool must_change, bool has_totp,
                              storage::SessionRow* row) {
  auto const secret = random_secret();
  storage::SessionRow s;
  s.sha256 = http::sha256_hex(secret);
  s.session_id = random_secret().substr(0, 16);
  s.who = who;
  s.how = how;
  s.address = address(request), s.agent = shortened(request.header("user-agent"), kAgentMost);
  s.opened_at = s.seen_at = now();
  auto const longest = times_of(book.rules(), who.role).longest;
  s.expires_at = s.opened_at + longest;
  s.must_change = must_change, s.has_totp = has_totp;
  logins.open(s);
  book.opened(s);
  deed(who, "sign_in", s.address, how);
  if (row != nullptr) *row = s;
  // Max-Age: a telephone that was switched off is still signed in.
  return std::string(options.secure_cookies ? http::kSecureCookie : http::kCookie) + '=' + secret + "; Path=/; HttpOnly; SameSite=Lax" +
         (options.secure_cookies ? "; Secure" : "") +
         "; Max-Age=" + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(longest).count());
}

http::Response Desk::open(core::Principal const& who, std::string const& how, http::Request const& request, bool must_change, bool has_totp) {
  storage::SessionRow row;
  auto const cookie = open_cookie(who, how, request, must_change, has_totp, &row);
  auto const secret = cookie.substr(cookie.find('=') + 1, cookie.find(';') - cookie.find('=') - 1);
  auto response = http::json(200, json::serialize(me_json(who, request.lang, book, &row, http::csrf_token(secret))));
  response.headers.emplace_back("Set-Cookie", cookie);
  return response;
}

std::string Desk::no_cookie() const {
  return std::string(options.secure_cookies ? http::kSecureCookie : http::kCookie) + "=; Path=/; HttpOnly; SameSite=Lax" +
         (options.secure_cookies ? "; Secure" : "") + "; Max-Age=0";
}

void Desk::deed(core::Principal const& who, std::string_view what, std::string subject, std::string detail) const {
  deed_({who.district, who.name, std::string(core::id(who.role)), std::string(what), std::move(subject), std::move(detail)});
}

void Desk::refused(std::string const& name, std::vector<storage::Login> const& found, std::string_view why, std::string const& address) const {
  auto const district = found.empty() ? home_() : found.front().district;
  if (district.empty()) return;
  auto const role = found.empty() || found.front().roles.empty() ? std::string_view() : core::id(found.front().roles.front().role);
  deed_({district, name, std::string(role), "sign_in_refused", address, std::string(why)});
}

json::object me_json(core::Principal const& who, std::string_view lang, Book const& book, storage::SessionRow const* session,
                     std::string const& csrf) {
  auto const& role = core::info(who.role);
  json::array sources;
  for (auto const& source : who.sources) sources.emplace_back(source);
  json::object out{{"name", who.name},
                   {"role", role.id},
                   {"role_name", lang == "en" ? role.en : role.zh},
                   {"district", who.district},
                   {"street", or_null(who.street)},
                   {"unit", or_null(who.unit)},
                   {"squad", or_null(who.squad)},
                   {"sources", std::move(sources)},
                   {"backdate", who.backdate}};
  if (session == nullptr) {
    out["signed_in"] = json::object{{"how", "token"}};
    return out;
  }
  json::array must;
  for (auto const duty : duties(book.rules(), *session)) must.emplace_back(duty);
  auto const idle = std::chrono::duration_cast<std::chrono::minutes>(times_of(book.rules(), who.role).idle).count();
  out["signed_in"] = json::object{{"how", session->how},
                                  {"session_id", session->session_id},
                                  {"opened_at", time(session->opened_at)},
                                  {"expires_at", time(session->expires_at)},
                                  {"idle_minutes", idle},
                                  {"totp", session->has_totp},
                                  {"totp_required", book.rules().totp_required && of_center(who.role)}};
  out["must"] = std::move(must);
  out["csrf"] = csrf;
  return out;
}

json::object session_json(storage::SessionRow const& s, std::string const& present) {
  auto const& role = core::info(s.who.role);
  return {{"session_id", s.session_id},       {"role", role.id},
          {"how", s.how},                     {"address", or_null(s.address)},
          {"agent", or_null(s.agent)},        {"opened_at", time(s.opened_at)},
          {"seen_at", time(s.seen_at)},       {"expires_at", time(s.expires_at)},
          {"ended_at", time(s.ended_at)},     {"ended_why", or_null(s.ended_why)},
          {"present", s.session_id == present}};
}

http::Response wait_answer(core::Millis left, std::string_view lang) {
  auto response = http::problem(429, "too_many_tries", lang);
  auto const seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(left).count());
  for (auto& [name, value] : response.headers)
    if (name == "Retry-After") value = seconds;
  return response;
}

}  // namespace wangge::sessions
