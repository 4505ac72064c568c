// A Response as the bytes of HTTP/1.1, with the headers that every answer carries.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "gateways/http/http.hpp"

namespace wangge::http {

enum class Framing : std::uint8_t { length, chunked, until_close };

struct HeadOptions {
  bool keep_alive = true;
  bool http_1_0 = false;
  Framing framing = Framing::length;
};

// Status line and headers up to the empty line. A header whose name is no token is left out; line breaks in values become
// spaces: no handler can split an answer in two.
void write_head(std::string& out, Response const& response, HeadOptions options, std::time_t now);
bool may_have_body(int status);
std::string_view reason(int status);

// text/event-stream: one event (each line of `data` its own field), one comment.
void write_event(std::string& out, std::string_view event, std::string_view data);
void write_comment(std::string& out, std::string_view text);

}  // namespace wangge::http
