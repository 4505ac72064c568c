// One request's bytes become one Request: Beast's parser behind a plain face, with the strictness it leaves to us.
// In: bytes of one connection. Out: head and body, or the fault's sentence. Knows no routes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateways/http/http.hpp"

namespace wangge::http {

// Finds the end of a head as its bytes arrive and refuses what two readers could read in two ways: a bare LF and a folded
// line. (Beast accepts folded lines.)
class HeadScan {
 public:
  enum class Found : std::uint8_t { more, end, bad };
  // `bytes` begins at the request's first byte; each call brings all of it so far. At `end`, size() bytes are the head.
  Found scan(std::string_view bytes);
  std::size_t size() const { return at_; }

 private:
  std::size_t at_ = 0, line_ = 0;
};

class Parser {
 public:
  explicit Parser(Request& into);
  ~Parser();

  // The whole head at once. False: why() says what is wrong (400; 505 when version_unknown()).
  bool head(std::string_view bytes);
  // Body bytes; returns how many were used, false in `good` when the body is broken or over the limit.
  std::size_t body(std::string_view bytes, bool& good);
  bool done() const;

  void limit(std::size_t body_bytes);
  void discard_body();  // counted, not kept
  bool over_limit() const;
  bool version_unknown() const;
  std::string_view why() const;

  std::string_view target() const;
  bool keep_alive() const;
  bool http_1_0() const;
  bool chunked() const;
  std::optional<std::uint64_t> content_length() const;
  bool expects_continue() const;

 private:
  struct Beast;
  std::unique_ptr<Beast> beast_;
};

}  // namespace wangge::http
