// See response.hpp.
#include "gateways/http/response.hpp"

#include <algorithm>
#include <array>

#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

struct Reason {
  int status;
  std::string_view text;
};

constexpr std::array kReasons{
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{415, "Unsupported Media Type"},
    Reason{416, "Range Not Satisfiable"},
    Reason{417, "Expectation Failed"},
    Reason{422, "Unprocessable Content"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{460, "Checksum Mismatch"},  // tus 1.0
    Reason{500, "Internal Server Error"},
    Reason{501, "Not Implemented"},
    Reason{503, "Service Unavailable"},
    Reason{504, "Gateway Timeout"},
    Reason{505, "HTTP Version Not Supported"},
    Reason{507, "Insufficient Storage"},
};

// Headers a handler may replace; every other of them is always ours.
struct Default {
  std::string_view name, value;
};
constexpr std::array kDefaults{
    Default{"X-Content-Type-Options", "nosniff"},
    Default{"Content-Security-Policy", "default-src 'self'"},
    Default{"Referrer-Policy", "no-referrer"},
    Default{"Cache-Control", "no-store"},
};

bool is_token(std::string_view name) {
  return !name.empty() && name.find_first_not_of("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                 "abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

bool is_framing(std::string_view name) {
  return equal_ignoring_case(name, "content-length") || equal_ignoring_case(name, "transfer-encoding") ||
         equal_ignoring_case(name, "connection");
}

void write_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (char const c : value) out += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? ' ' : c;
  out += "\r\n";
}

// The Date header is the same for a whole second: thousands of answers.
void write_date(std::string& out, std::time_t now) {
  thread_local std::time_t written = -1;
  thread_local char text[64];
  if (now != written) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
    written = now;
  }
  out += text;
}

}  // namespace

std::string_view reason(int status) {
  auto const* const it =
      std::find_if(kReasons.begin(), kReasons.end(), [&](Reason const& r) { return r.status == status; });
  return it == kReasons.end() ? "Status" : it->text;
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

void write_head(std::string& out, Response const& r, HeadOptions options, std::time_t now) {
  out += "HTTP/1.1 ";
  out += std::to_string(r.status);
  out += ' ';
  out += reason(r.status);
  out += "\r\n";
  write_date(out, now);
  if (may_have_body(r.status)) {
    if (!r.content_type.empty()) write_field(out, "Content-Type", r.content_type);
    if (options.framing == Framing::length) write_field(out, "Content-Length", std::to_string(r.file ? r.file_length : r.body.size()));
    if (options.framing == Framing::chunked) out += "Transfer-Encoding: chunked\r\n";
  }
  for (auto const& [name, value] : kDefaults) {
    bool const given = std::any_of(r.headers.begin(), r.headers.end(),
                                   [name = name](auto const& h) { return equal_ignoring_case(h.first, name); });
    if (!given) write_field(out, name, value);
  }
  for (auto const& [name, value] : r.headers) {
    if (is_token(name) && !is_framing(name)) write_field(out, name, value);
  }
  if (!options.keep_alive) {
    out += "Connection: close\r\n";
  } else if (options.http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

namespace {

// One field for each line: a line break in the data cannot begin another field.
void write_lines(std::string& out, std::string_view field, std::string_view text) {
  for (;;) {
    auto const end = std::min(text.find_first_of("\r\n"), text.size());
    out += field;
    out += text.substr(0, end);
    out += '\n';
    if (end == text.size()) return;
    bool const pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    text.remove_prefix(end + (pair ? 2 : 1));
  }
}

}  // namespace

void write_event(std::string& out, std::string_view event, std::string_view data) {
  if (!event.empty()) {
    out += "event: ";
    for (char const c : event) out += c == '\r' || c == '\n' ? ' ' : c;
    out += '\n';
  }
  write_lines(out, "data: ", data);
  out += '\n';
}

void write_comment(std::string& out, std::string_view text) {
  write_lines(out, ": ", text);
  out += '\n';
}

}  // namespace wangge::http
