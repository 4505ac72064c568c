// Requests that two readers would read in two ways are refused, and the connection with them.
#include <gtest/gtest.h>

#include "client.hpp"

namespace wangge::http {
namespace {

using namespace std::string_literals;
using test::Client;
using test::Fixture;
using test::route;

struct Form {
  char const* what;
  std::string bytes;
  int status;
};

std::string post(std::string const& headers, std::string const& body) {
  return "POST /echo HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

TEST(Smuggling, FormsWithTwoReadingsAreRefusedAndTheConnectionEnds) {
  int handled = 0;
  Fixture f({route("POST", "/echo",
                   [&](Request r, Reply const& reply) {
                     ++handled;
                     reply(json(200, r.body));
                   }),
             route("GET", "/admin", [&](Request, Reply const& reply) {
               ++handled;
               reply(json(200, "\"admin\""));
             })});
  std::string const hidden = "GET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
  std::string const chunked = "0\r\n\r\n" + hidden;
  for (Form const& form : {
           Form{"length and encoding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunked), 400},
           {"encoding and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunked), 400},
           {"two different lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello" + hidden), 400},
           {"two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello" + hidden), 400},
           {"a list of lengths", post("Content-Length: 5, 5\r\n", "hello" + hidden), 400},
           {"a negative length", post("Content-Length: -5\r\n", "hello"), 400},
           {"a signed length", post("Content-Length: +5\r\n", "hello"), 400},
           {"a hex length", post("Content-Length: 0x5\r\n", "hello"), 400},
           {"a length with letters", post("Content-Length: 5a\r\n", "hello"), 400},
           {"an empty length", post("Content-Length: \r\n", "hello"), 400},
           {"an endless length", post("Content-Length: 18446744073709551617\r\n", "hello"), 400},
           {"two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunked), 400},
           {"an encoding list", post("Transfer-Encoding: gzip, chunked\r\n", chunked), 400},
           {"identity", post("Transfer-Encoding: identity\r\n", chunked), 400},
           {"chunked not last", post("Transfer-Encoding: chunked, gzip\r\n", chunked), 400},
           {"almost chunked", post("Transfer-Encoding: xchunked\r\n", chunked), 400},
           {"quoted chunked", post("Transfer-Encoding: \"chunked\"\r\n", chunked), 400},
           {"vertical tab", post("Transfer-Encoding: \x0b" "chunked\r\n", chunked), 400},
           {"a space before the colon", post("Transfer-Encoding : chunked\r\n", chunked), 400},
           {"a folded encoding", post("Transfer-Encoding:\r\n chunked\r\n", chunked), 400},
           {"a folded header", post("X-A: 1\r\n\tContent-Length: 5\r\n", "hello"), 400},
           {"bare LF", "POST /echo HTTP/1.1\nHost: x\nContent-Length: 0\n\n", 400},
           {"one bare LF", "POST /echo HTTP/1.1\r\nHost: x\r\nX-A: 1\nContent-Length: 0\r\n\r\n", 400},
           {"bare CR", "POST /echo HTTP/1.1\r\nHost: x\rX-A: 1\r\nContent-Length: 0\r\n\r\n", 400},
           {"a zero byte", "POST /echo HTTP/1.1\r\nHost: x\0y\r\nContent-Length: 0\r\n\r\n"s, 400},
           {"no name", post(": x\r\nContent-Length: 0\r\n", ""), 400},
           {"a name with a space", post("X A: x\r\nContent-Length: 0\r\n", ""), 400},
           {"no host", "GET /admin HTTP/1.1\r\n\r\n", 400},
           {"two hosts", "GET /admin HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
           {"two tokens", "GET /admin HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400},
           {"chunked in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked, 400},
           {"no version", "GET /admin\r\n\r\n", 400},
           {"another version", "GET /admin HTTP/2.0\r\nHost: x\r\n\r\n", 505},
           {"HTTP/2's greeting", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
           {"a space in the target", "GET /admin x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           {"not HTTP at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s, 400},
           {"a chunk that is too short", post("Transfer-Encoding: chunked\r\n", "5\r\nhell\r\n0\r\n\r\n" + hidden), 400},
           {"a chunk that is too long", post("Transfer-Encoding: chunked\r\n", "3\r\nhello\r\n0\r\n\r\n" + hidden), 400},
           {"a chunk size with a sign", post("Transfer-Encoding: chunked\r\n", "+5\r\nhello\r\n0\r\n\r\n"), 400},
           {"a chunk size with 0x", post("Transfer-Encoding: chunked\r\n", "0x5\r\nhello\r\n0\r\n\r\n"), 400},
           {"no chunk size", post("Transfer-Encoding: chunked\r\n", "\r\nhello\r\n0\r\n\r\n"), 400},
           {"a chunk ending in LF", post("Transfer-Encoding: chunked\r\n", "5\nhello\n0\n\n\r\n"), 400},
           {"an endless chunk extension",
            post("Transfer-Encoding: chunked\r\n", "5;" + std::string(100'000, 'x')), 400},
       }) {
    Client c(f.port);
    handled = 0;
    auto const a = c.ask(form.bytes);
    EXPECT_EQ(a.status, form.status) << form.what;
    EXPECT_TRUE(c.at_end()) << form.what << ": what follows must not be read as a request";
    EXPECT_EQ(handled, 0) << form.what;
  }
}

TEST(Smuggling, ABodyWithoutALengthIsNoBody) {
  Fixture f({route("POST", "/echo", [](Request r, Reply const& reply) { reply(json(200, "[" + r.body + "]")); })});
  Client c(f.port);
  EXPECT_EQ(c.ask("POST /echo HTTP/1.1\r\nHost: x\r\n\r\n").body, "[]");
  EXPECT_EQ(c.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 000005\r\n\r\nhello").body, "[hello]");
}

TEST(Smuggling, ATrailerNeverBecomesAHeader) {
  std::string seen;
  Fixture f({route("POST", "/echo", [&](Request r, Reply const& reply) {
    seen = r.header("idempotency-key");
    reply(json(200, r.body));
  })});
  Client c(f.port);
  auto const a = c.ask(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nIdempotency-Key: x\r\n\r\n"));
  EXPECT_EQ(a.body, "a");
  EXPECT_EQ(seen, "");
}

}  // namespace
}  // namespace wangge::http
