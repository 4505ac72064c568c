// Any bytes as a request: however the network cuts them, the same head and the same body come out.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateways/http/parser.hpp"
#include "gateways/http/router.hpp"

namespace {

using namespace wangge::http;

void demand(bool fact) {
  if (!fact) std::abort();
}

struct Read {
  bool good = false, done = false;
  std::string method, target, body;
  std::size_t used = 0;
};

HeadScan::Found find_head(std::string_view bytes, std::size_t step, std::size_t& size) {
  HeadScan scan;
  for (std::size_t have = 0; have < bytes.size();) {
    have = std::min(bytes.size(), have + step);
    auto const found = scan.scan(bytes.substr(0, have));
    size = scan.size();
    if (found != HeadScan::Found::more) return found;
  }
  return HeadScan::Found::more;
}

// The body in pieces of `step` bytes; what the parser left is offered again with the next piece, as a session does.
Read read(std::string_view bytes, std::size_t head, std::size_t step) {
  Read out;
  Request request;
  Parser parser(request);
  if (!parser.head(bytes.substr(0, head))) return out;
  parser.limit(64 * 1024);
  out.good = true;
  out.used = head;
  for (std::size_t have = head; out.good && !parser.done() && have < bytes.size();) {
    have = std::min(bytes.size(), have + step);
    while (out.good && !parser.done() && out.used < have) {
      std::size_t const n = parser.body(bytes.substr(out.used, have - out.used), out.good);
      out.used += n;
      if (n == 0) break;
    }
  }
  out.done = parser.done();
  out.method = request.method;
  out.target = parser.target();
  if (out.done) out.body = request.body;
  NameMap query;
  std::vector<std::string> pieces;
  if (split_path(out.target, pieces) == PathForm::good) {
    for (auto const& piece : pieces) demand(piece != ".." && piece.find('/') == std::string::npos);
  }
  split_query(out.target, query);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  std::size_t head = 0, head_slow = 0;
  auto const found = find_head(bytes, std::max<std::size_t>(1, size), head);
  demand(found == find_head(bytes, 1, head_slow));
  if (found != HeadScan::Found::end) return 0;
  demand(head == head_slow);
  Read const whole = read(bytes, head, size);
  for (std::size_t const step : {1, 3, 7}) {
    Read const cut = read(bytes, head, step);
    demand(cut.done == whole.done);
    if (whole.done) demand(cut.good && cut.body == whole.body && cut.target == whole.target && cut.used == whole.used);
  }
  return 0;
}
