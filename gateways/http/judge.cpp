// What is asked, by whom, and whether it may be: from a complete head to the handler. See session.hpp for the order.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include <openssl/crypto.h>

#include "gateways/http/response.hpp"
#include "gateways/http/session.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

// What somebody reaches who has signed in but must first set a password or take up one-time codes.
constexpr std::array<std::string_view, 2> kUnfinished{"/api/v1/me", "/api/v1/session"};

constexpr std::size_t kDiscardAtMost = 64 * 1024;  // a refused body up to this is read, and the connection lives on

std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() || !equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  return trimmed(authorization.substr(kScheme.size()));
}

// "http://host/path" is allowed by RFC 9112 3.2.2; only its path matters here.
std::string_view origin_form(std::string_view target) {
  for (std::string_view const scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    auto const slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

Response unauthorized(std::string_view lang, bool given) {
  Response r = problem(401, "unauthorized", lang);
  r.headers.emplace_back("WWW-Authenticate",
                         given ? "Bearer realm=\"wangge\", error=\"invalid_token\"" : "Bearer realm=\"wangge\"");
  return r;
}

}  // namespace

void Session::judge() {
  ++shared_.requests;
  serial_ = ++shared_.last_serial;
  body_bytes_ = 0;
  repeated_.clear();
  request_ = Request();
  request_.headers.reserve(12);
  request_.peer = peer_;
  parser_ = std::make_unique<Parser>(request_);
  bool const good = parser_->head(bytes().substr(0, scan_.size()));
  begin_ += scan_.size();
  request_.lang = preferred_language(request_.header("accept-language"));
  if (!good) {
    if (parser_->version_unknown()) return abandon(problem(505, "upgrade_required", request_.lang));
    return abandon(problem(400, "bad_request", request_.lang, parser_->why()));
  }
  keep_alive_ = parser_->keep_alive() && !shared_.draining;
  head_only_ = request_.method == "HEAD";
  if (!judge_form()) return;

  auto const match = shared_.router.find(request_.method, request_.path, request_.params);
  route_ = match.route;
  if (match.bad_path) return refuse(problem(400, "bad_request", request_.lang, "the path cannot be decoded"));
  if (route_ == nullptr && match.allow.empty()) return refuse(problem(404, "not_found", request_.lang));
  if (route_ == nullptr) {
    Response r = request_.method == "OPTIONS" ? Response{204, "", "", {}}
                                              : problem(405, "method_not_allowed", request_.lang);
    r.headers.emplace_back("Allow", match.allow);
    return refuse(std::move(r));
  }
  if (!judge_caller(*route_) || !judge_clear() || !judge_size(*route_)) return;
  if (parser_->done()) return dispatch();
  set(Phase::body);
  if (parser_->expects_continue() && begin_ == end_ && !route_->stream) {
    writing_ = true;
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    write(out_, {});
  }
  take_body();
}

// The target's form and what may be expected of us.
bool Session::judge_form() {
  std::string_view const target = origin_form(parser_->target());
  if (target == "*" && request_.method == "OPTIONS") {
    Response r{204, "", "", {}};
    r.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    refuse(std::move(r));
    return false;
  }
  auto const question = std::min(target.find('?'), target.size());
  request_.path = target.substr(0, question);
  if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos ||
      !split_query(target.substr(std::min(question + 1, target.size())), request_.query, &repeated_)) {
    refuse(problem(400, "bad_request", request_.lang, "the request target cannot be decoded"));
    return false;
  }
  if (parser_->expects_continue() && !equal_ignoring_case(request_.header("expect"), "100-continue")) {
    refuse(problem(417, "expectation_failed", request_.lang));
    return false;
  }
  return true;
}

bool Session::judge_caller(Route const& route) {
  if (route.access == Access::public_) return true;
  auto const secret = cookie(request_.header("cookie"), shared_.options.secure_cookies ? kSecureCookie : kCookie);
  bool const browser = request_.header("authorization").empty() && !secret.empty();
  if (!(browser ? judge_browser(secret) : judge_bearer(bearer_of(request_.header("authorization"))))) return false;
  if (route.access == Access::roles &&
      std::find(route.roles.begin(), route.roles.end(), request_.who.role) == route.roles.end()) {
    refuse(problem(403, "not_yours", request_.lang));
    return false;
  }
  return true;
}

bool Session::judge_browser(std::string_view secret) {
  Authenticator::Browser browser;
  if (shared_.authenticator.session(secret, now(), request_.header(kQuietHeader).empty(), browser) != Authenticator::State::ok) {
    refuse(unauthorized(request_.lang, true));
    return false;
  }
  request_.csrf = csrf_token(secret);
  bool const reads = request_.method == "GET" || request_.method == "HEAD";
  auto const given = request_.header(kCsrfHeader);
  if (!reads && (given.size() != request_.csrf.size() || CRYPTO_memcmp(given.data(), request_.csrf.data(), given.size()) != 0)) {
    refuse(problem(403, "csrf", request_.lang));
    return false;
  }
  bool const open = std::any_of(kUnfinished.begin(), kUnfinished.end(), [&](auto path) { return request_.path.starts_with(path); });
  if (browser.unfinished && !open) {
    refuse(problem(403, "finish_sign_in", request_.lang));
    return false;
  }
  request_.who = std::move(browser.who);
  request_.session_id = std::move(browser.session_id);
  if (route_->stream) stream_secret_ = secret, stream_by_cookie_ = true;
  return true;
}

bool Session::judge_bearer(std::string_view token) {
  using State = Authenticator::State;
  State const state =
      token.empty() ? State::unknown : shared_.authenticator.authenticate(token, now(), request_.who);
  if (state == State::no_reference) {
    refuse(problem(503, "no_reference", request_.lang));
    return false;
  }
  if (state != State::ok) {
    refuse(unauthorized(request_.lang, !token.empty()));
    return false;
  }
  if (route_->stream) stream_secret_ = token, stream_by_cookie_ = false;
  return true;
}

bool Session::still_welcome() const {
  if (stream_secret_.empty()) return true;
  Authenticator::Browser browser;
  auto const state = stream_by_cookie_ ? shared_.authenticator.session(stream_secret_, now(), false, browser)
                                       : shared_.authenticator.authenticate(stream_secret_, now(), browser.who);
  return state == Authenticator::State::ok || state == Authenticator::State::no_reference;
}

// One reading only: no parameter twice, no body that must first be unpacked.
bool Session::judge_clear() {
  if (!repeated_.empty()) {
    bool const en = request_.lang == "en";
    refuse(problem(422, "bad_query", request_.lang, repeated_ + (en ? " stands twice" : " 重复出现"), {{"/" + repeated_, "repeated"}}));
    return false;
  }
  bool const has_body = request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  auto const encoding = has_body ? trimmed(request_.header("content-encoding")) : std::string_view();
  if (!encoding.empty() && !equal_ignoring_case(encoding, "identity")) {
    refuse(problem(415, "unsupported_encoding", request_.lang, "Content-Encoding: " + std::string(encoding.substr(0, 40))));
    return false;
  }
  return true;
}

// Before the first byte of the body is kept. Large bodies together stay within the server's memory for them.
bool Session::judge_size(Route const& route) {
  if (parser_->done()) return true;
  parser_->limit(route.body_limit);
  auto const length = parser_->content_length();
  if (length && *length > route.body_limit) {
    refuse(problem(413, "too_large", request_.lang));
    return false;
  }
  // Refused before its first byte when there is no room for it now. Memory is counted only as bytes come (body_fits): what
  // somebody announces and does not send must not keep others out.
  if (length && *length > kSmallBody && shared_.body_memory + *length > shared_.options.limits.body_memory) {
    refuse(problem(503, "overloaded", request_.lang));
    return false;
  }
  if (length) request_.body.reserve(static_cast<std::size_t>(*length));  // pages are taken only as bytes come
  return true;
}

void Session::dispatch() {
  request_.received_at = now();
  set(Phase::handling);
  if (route_->stream) return run_stream();
  run_handler();
}

std::function<void(Response const&)> Session::noting() const {
  auto const& note = shared_.options.audit;
  if (!note || route_->access == Access::public_) return {};
  std::string query;
  for (auto const& [name, value] : request_.query) query += (query.empty() ? "" : "&") + name + '=' + value;
  return [&note, route = route_, who = request_.who, method = request_.method, path = request_.path, query](Response const& r) {
    bool const by_class = (route->audit == "read" || route->audit == "admin") && r.status < 300;
    if (!by_class && !r.personal) return;
    auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
    note({r.personal ? "personal" : std::string_view(route->audit), who, method, path, r.note.empty() ? query : r.note, now});
  };
}

void Session::run_handler() {
  std::string what = request_.method + ' ' + request_.path;
  auto reply = make_reply(shared_.mailbox, {slot_, serial_}, request_.lang, what);
  if (auto note = noting()) {
    reply = [note = std::move(note), answer = std::move(reply)](Response r) {
      note(r);
      answer(std::move(r));
    };
  }
  auto call = [route = route_, what = std::move(what)](Request request, Reply const& reply) {
    std::string const lang = request.lang;
    try {
      route->handle(std::move(request), reply);
    } catch (std::exception const& e) {
      spdlog::error("http: {} failed: {}", what, e.what());
      reply(problem(500, "internal", lang));
    }
  };
  if (route_->where == Where::inline_) return call(std::move(request_), reply);
  std::string const lang = request_.lang;
  auto job = std::make_shared<Request>(std::move(request_));
  auto& group = route_->where == Where::heavy ? *shared_.heavy : *shared_.workers;
  if (!group.push([call, job, reply] { call(std::move(*job), reply); })) {
    reply(problem(503, "overloaded", lang));
  }
}

void Session::run_stream() {
  if (head_only_) {
    Response r;
    r.content_type = "text/event-stream";
    return answer(std::move(r));
  }
  if (shared_.draining) return answer(problem(503, "overloaded", request_.lang));
  auto state = std::make_shared<StreamState>(shared_.mailbox, Address{slot_, serial_}, shared_.options.limits.stream_queue);
  auto handle = make_stream(state);
  auto call = [route = route_, handle](Request request) {
    try {
      route->stream(std::move(request), handle);
    } catch (std::exception const& e) {
      spdlog::error("http: a stream of {} failed: {}", route->path, e.what());
      handle->close();
    }
  };
  bool const old = parser_->http_1_0();
  auto job = std::make_shared<Request>(std::move(request_));
  if (route_->where != Where::inline_ && !shared_.workers->push([call, job]() mutable { call(std::move(*job)); })) {
    return answer(problem(503, "overloaded", job->lang));
  }
  Response head;
  head.content_type = "text/event-stream";
  head.headers.emplace_back("X-Accel-Buffering", "no");  // a proxy in front must not hold events back
  keep_alive_ = false;
  stream_chunked_ = !old;
  stream_ended_ = stream_more_ = false;
  out_.clear();
  write_head(out_, head, {false, old, old ? Framing::until_close : Framing::chunked}, std::time(nullptr));
  stream_ = std::move(state);
  ++shared_.streams;
  set(Phase::streaming);
  if (route_->where == Where::inline_) call(std::move(*job));
  if (phase_ == Phase::streaming) flush_stream();
  if (phase_ == Phase::streaming) read();  // the only way to learn that the client has gone
}

// A refusal before the body was read. A short body is read and dropped, so that the connection lives on.
void Session::refuse(Response response) {
  if (parser_->done()) return answer(std::move(response));
  auto const length = parser_->content_length();
  bool const short_body = length && *length <= kDiscardAtMost && !parser_->expects_continue() && !writing_;
  if (!short_body || parser_->over_limit()) return abandon(std::move(response));
  parser_->discard_body();
  held_ = std::move(response);
  set(Phase::discard);
  take_body();
}

void Session::abandon(Response response) {
  keep_alive_ = false;
  rest_unread_ = true;
  held_.reset();
  answer(std::move(response));
}

}  // namespace wangge::http
