// Beast's basic_parser filling our Request directly, without a Beast message between; see parser.hpp.
#include "gateways/http/parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstring>

#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

namespace bh = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

std::string_view plain(View v) { return {v.data(), v.size()}; }

// A second one of these would let two readers see two different requests.
bool only_once(bh::field f) {
  switch (f) {
    case bh::field::host:
    case bh::field::authorization:
    case bh::field::content_length:
    case bh::field::content_type:
    case bh::field::transfer_encoding:
    case bh::field::expect:
      return true;
    default:
      return false;
  }
}

// "GET / HTTP/3.7" names a version that we do not speak; "GET / x" is no request at all.
bool names_a_version(std::string_view head) {
  std::string_view const line = head.substr(0, head.find("\r\n"));
  auto const space = line.rfind(' ');
  return std::count(line.begin(), line.end(), ' ') == 2 && line.substr(space + 1).substr(0, 5) == "HTTP/";
}

}  // namespace

HeadScan::Found HeadScan::scan(std::string_view bytes) {
  while (at_ < bytes.size()) {
    auto const* const hit = static_cast<char const*>(std::memchr(bytes.data() + at_, '\n', bytes.size() - at_));
    if (hit == nullptr) {
      at_ = bytes.size();
      return Found::more;
    }
    auto const lf = static_cast<std::size_t>(hit - bytes.data());
    if (lf == 0 || bytes[lf - 1] != '\r') return Found::bad;
    if (line_ > 0 && (bytes[line_] == ' ' || bytes[line_] == '\t')) return Found::bad;
    bool const empty = lf - 1 == line_;
    at_ = line_ = lf + 1;
    if (empty) return Found::end;
  }
  return Found::more;
}

struct Parser::Beast final : bh::basic_parser<true> {
  explicit Beast(Request& request) : into(request) {
    header_limit(64 * 1024);   // the session has already held the head to its own limit
    body_limit(boost::none);   // ours counts the bytes that are kept
    eager(true);
  }

  Request& into;
  std::string target;
  std::size_t limit = 0, received = 0;
  bool head_done = false, discard = false, over = false, is_chunked = false, expect = false, old_version = false;
  bool unknown_version = false;
  std::string why;

  void fail(std::string_view reason, error_code& ec) {
    why = reason;
    ec = bh::error::bad_value;
  }
  std::size_t keep(View bytes, error_code& ec) {
    received += bytes.size();
    if (!discard && received > limit) {
      over = true;
      ec = bh::error::body_limit;
    } else if (!discard) {
      into.body.append(bytes.data(), bytes.size());
    }
    return bytes.size();
  }

  void on_request_impl(bh::verb, View method, View uri, int version, error_code& ec) override {
    into.method = plain(method);
    target = plain(uri);
    old_version = version == 10;
    if (version != 10 && version != 11) fail("only HTTP/1.0 and HTTP/1.1", ec);
  }
  void on_response_impl(int, View, int, error_code&) override {}
  void on_field_impl(bh::field field, View name, View value, error_code& ec) override {
    if (head_done) return;  // a trailer must not become a header after the checks were made
    std::string key = lower(plain(name));
    std::string& slot = into.headers[key];
    bool const again = !slot.empty() || (only_once(field) && seen(field));
    if (again && only_once(field)) return fail("the header " + key + " stands twice", ec);
    if (field == bh::field::content_length && plain(value).find(',') != std::string_view::npos) {
      return fail("more than one content-length", ec);
    }
    if (field == bh::field::transfer_encoding) {
      if (old_version) return fail("transfer-encoding in HTTP/1.0", ec);
      if (!equal_ignoring_case(plain(value), "chunked")) return fail("a transfer-encoding other than chunked", ec);
      is_chunked = true;
    }
    if (field == bh::field::expect) expect = true;
    if (again) slot += field == bh::field::cookie ? "; " : ", ";
    slot += plain(value);
  }
  // An empty value leaves its slot empty: remember the single ones by a bit each.
  bool seen(bh::field f) {
    unsigned const bit = f == bh::field::host             ? 1U
                         : f == bh::field::authorization  ? 2U
                         : f == bh::field::content_length ? 4U
                         : f == bh::field::content_type   ? 8U
                         : f == bh::field::expect         ? 16U
                                                          : 32U;
    bool const was = (seen_ & bit) != 0;
    seen_ |= bit;
    return was;
  }
  void on_header_impl(error_code& ec) override {
    head_done = true;
    if (!old_version && (seen_ & 1U) == 0) fail("no host header", ec);
  }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(View bytes, error_code& ec) override { return keep(bytes, ec); }
  void on_chunk_header_impl(std::uint64_t size, View, error_code& ec) override {
    if (!discard && size > limit - std::min(limit, received)) {  // before its first byte is read
      over = true;
      ec = bh::error::body_limit;
    }
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, error_code& ec) override { return keep(bytes, ec); }
  void on_finish_impl(error_code&) override {}

 private:
  unsigned seen_ = 0;
};

Parser::Parser(Request& into) : beast_(std::make_unique<Beast>(into)) {}
Parser::~Parser() = default;

bool Parser::head(std::string_view bytes) {
  error_code ec;
  beast_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  if (ec == bh::error::bad_version) beast_->unknown_version = names_a_version(bytes);
  if (ec && ec != bh::error::need_more) {
    if (beast_->why.empty()) beast_->why = ec.message();
    return false;
  }
  if (!beast_->is_header_done()) {
    beast_->why = "the head is incomplete";
    return false;
  }
  return true;
}

std::size_t Parser::body(std::string_view bytes, bool& good) {
  // Beast insists on five bytes once it has seen a last chunk's first line; no chunked body ends with fewer.
  if (good = true; beast_->is_chunked && bytes.size() < 5) return 0;
  error_code ec;
  std::size_t const used = beast_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
  good = !ec || ec == bh::error::need_more;
  if (!good && beast_->why.empty()) beast_->why = ec.message();
  return used;
}

bool Parser::done() const { return beast_->is_done(); }
void Parser::limit(std::size_t body_bytes) { beast_->limit = body_bytes; }
void Parser::discard_body() { beast_->discard = true; }
bool Parser::over_limit() const { return beast_->over; }
bool Parser::version_unknown() const { return beast_->unknown_version; }
std::string_view Parser::why() const { return beast_->why; }
std::string_view Parser::target() const { return beast_->target; }
bool Parser::keep_alive() const { return beast_->keep_alive(); }
bool Parser::http_1_0() const { return beast_->old_version; }
bool Parser::chunked() const { return beast_->is_chunked; }
bool Parser::expects_continue() const { return beast_->expect; }

std::optional<std::uint64_t> Parser::content_length() const {
  auto const n = beast_->content_length();
  return n ? std::optional<std::uint64_t>(*n) : std::nullopt;
}

}  // namespace wangge::http
