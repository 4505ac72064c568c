// The bytes and the time of a connection; what is asked and answered stands in judge.cpp. See session.hpp.
#include "gateways/http/session.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "gateways/http/response.hpp"

namespace wangge::http {
namespace {

constexpr core::Millis kWelcome{2'000};         // how often whoever listens to a stream is asked for again
constexpr std::size_t kSmallBuffer = 4 * 1024;     // most requests fit
constexpr std::size_t kLargeBuffer = 64 * 1024;    // while a large body comes in
constexpr std::size_t kJoinBody = 16 * 1024;       // shorter bodies travel in one piece with their head
constexpr std::size_t kBodyStep = 256 * 1024;      // what a growing body takes of it at a time
constexpr std::size_t kPiece = 128 * 1024;         // of a file, in memory at a time
constexpr core::Millis kShortLinger{2'000};
constexpr core::Millis kLastLinger{200};  // while the server stops

}  // namespace

Session::Session(Shared& shared, std::uint32_t slot, std::string peer)
    : shared_(shared), slot_(slot), peer_(std::move(peer)), since_(Clock::now()), progress_(since_) {
  ++shared_.connections;
}

Session::~Session() {
  give_back_memory();
  --shared_.connections;
}

void Session::set(Phase phase) {
  phase_ = phase;
  since_ = progress_ = Clock::now();
}

void Session::on_ready() {
  if (phase_ == Phase::closed) return;
  next();
}

// Large buffers go back between requests, so that thousands of quiet connections cost little.
void Session::next() {
  scan_ = HeadScan();
  parser_.reset();
  route_ = nullptr;
  serial_ = 0;
  keep_alive_ = true;
  rest_unread_ = head_only_ = false;
  if (begin_ == end_ && in_.size() > kSmallBuffer) std::vector<char>().swap(in_);
  if (shared_.draining && begin_ == end_) return abort();
  set(begin_ == end_ ? Phase::idle : Phase::head);
  if (begin_ == end_) {
    begin_ = end_ = 0;
    return read();
  }
  advance();
}

void Session::read() {
  if (reading_ || phase_ == Phase::closed) return;
  if (begin_ > 0) {
    std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  std::size_t const wanted = phase_ == Phase::body && reserved_ > 0 ? kLargeBuffer : kSmallBuffer;
  if (in_.size() < wanted) in_.resize(wanted);
  if (end_ == in_.size()) in_.resize(in_.size() * 2);  // only a head grows it, and heads have their limit
  reading_ = true;
  read_some(in_.data() + end_, in_.size() - end_);
}

void Session::on_read(bool good, std::size_t size) {
  reading_ = false;
  if (phase_ == Phase::closed) return;
  if (!good) return abort();
  if (phase_ == Phase::streaming || phase_ == Phase::lingering) return read();  // dropped: nobody asks for it
  progress_ = Clock::now();
  end_ += size;
  advance();
}

void Session::advance() {
  switch (phase_) {
    case Phase::idle:
    case Phase::head:
      if (phase_ == Phase::idle) set(Phase::head);
      if (take_head()) judge();
      break;
    case Phase::body:
    case Phase::discard:
      take_body();
      break;
    default:
      break;
  }
}

bool Session::take_head() {
  HeadScan::Found found{};
  while ((found = scan_.scan(bytes())) == HeadScan::Found::end && scan_.size() == 2) {
    begin_ += 2;  // RFC 9112 2.2: an empty line before a request
    scan_ = HeadScan();
  }
  if (found == HeadScan::Found::bad) {
    abandon(problem(400, "bad_request", "zh", "line endings must be CRLF and header lines must not be folded"));
    return false;
  }
  if (scan_.size() > shared_.options.limits.header_bytes) {
    abandon(problem(431, "header_too_large", "zh"));
    return false;
  }
  if (found == HeadScan::Found::more) read();
  return found == HeadScan::Found::end;
}

void Session::take_body() {
  while (!parser_->done() && begin_ != end_) {
    bool good = true;
    std::size_t const used = parser_->body(bytes(), good);
    begin_ += used;
    body_bytes_ += used;
    if (!good && parser_->over_limit()) return refuse(problem(413, "too_large", request_.lang));
    if (!good) return abandon(problem(400, "bad_request", request_.lang, parser_->why()));
    if (!body_fits()) return abandon(problem(503, "overloaded", request_.lang));
    if (used == 0) break;
  }
  if (parser_->done()) {
    if (phase_ == Phase::discard) {
      Response held = std::move(*held_);
      held_.reset();
      return answer(std::move(held));
    }
    return dispatch();
  }
  if (end_ - begin_ > shared_.options.limits.header_bytes) {  // a chunk's head or trailer that never ends
    return abandon(problem(400, "bad_request", request_.lang, "a chunk's head is too long"));
  }
  read();
}

bool Session::body_fits() {
  std::size_t const size = request_.body.size();
  if (size <= kSmallBody) return true;
  std::size_t const wanted = (size + kBodyStep - 1) / kBodyStep * kBodyStep;
  if (wanted <= reserved_) return true;
  if (shared_.body_memory - reserved_ + wanted > shared_.options.limits.body_memory) return false;
  shared_.body_memory += wanted - reserved_;
  reserved_ = wanted;
  return true;
}

// The head and a short body leave in one piece: one system call, one TLS record. A file follows piece by piece, the next
// one read when the last has left, so that a slow reader holds one piece and no more.
void Session::answer(Response response) {
  if (phase_ == Phase::closed) return;
  if (writing_) {  // "100 Continue" is still on its way
    held_ = std::move(response);
    return set(Phase::writing);
  }
  if (response.status >= 500) {
    ++shared_.errors_5xx;
  } else if (response.status >= 400) {
    ++shared_.errors_4xx;
  }
  give_back_memory();
  if (response.file && !head_only_ && response.file_length > 0) {
    if (shared_.body_memory + kPiece > shared_.options.limits.body_memory) {
      return answer(problem(503, "overloaded", request_.lang));
    }
    shared_.body_memory += reserved_ = kPiece;
    file_ = response.file;
    file_at_ = response.file_from;
    file_left_ = response.file_length;
  }
  keep_alive_ = keep_alive_ && !shared_.draining;
  bool const old = parser_ && parser_->http_1_0();
  out_.clear();
  write_head(out_, response, {keep_alive_, old, Framing::length}, std::time(nullptr));
  out_body_.clear();
  if (!head_only_ && may_have_body(response.status)) {
    if (response.body.size() <= kJoinBody) {
      out_ += response.body;
    } else {
      out_body_ = std::move(response.body);
    }
  }
  set(Phase::writing);
  written_ = in_write_ = 0;
  writing_ = true;
  write(out_, out_body_);
}

// From the page cache as a rule, which the kernel fills ahead: this costs the I/O thread less than a trip to another one.
bool Session::next_piece() {
  if (file_left_ == 0) {
    file_.reset();
    return false;
  }
  out_body_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(file_left_, kPiece)));
  if (file_->read(file_at_, out_body_.data(), out_body_.size()) != out_body_.size()) {  // the promised length is not there
    abort();
    return true;
  }
  file_at_ += out_body_.size();
  file_left_ -= out_body_.size();
  out_.clear();
  writing_ = true;
  write(out_body_, {});
  return true;
}

void Session::on_written(bool good) {
  writing_ = false;
  written_ += out_.size() + out_body_.size();
  in_write_ = 0;
  if (phase_ == Phase::closed) return;
  if (!good) return abort();
  progress_ = Clock::now();
  if (phase_ == Phase::streaming) {
    if (stream_ended_) return finish(false);
    return stream_more_ ? flush_stream() : void();
  }
  if (phase_ != Phase::writing) return;  // that was "100 Continue"
  if (held_) {
    Response held = std::move(*held_);
    held_.reset();
    return answer(std::move(held));
  }
  if (next_piece()) return;
  give_back_memory();
  if (out_body_.capacity() > kLargeBuffer) std::string().swap(out_body_);
  if (!keep_alive_) return finish(rest_unread_);
  request_ = Request();
  next();
}

// Closing with unread bytes would make the kernel reset the connection, and the peer would lose the answer.
void Session::finish(bool rest_unread) {
  core::Millis const most = rest_unread ? shared_.options.limits.linger_time : kShortLinger;
  linger_ = std::min(most, shared_.draining ? kLastLinger : shared_.options.limits.linger_time);
  set(Phase::lingering);
  begin_ = end_ = 0;
  if (end_writing(rest_unread)) read();
}

void Session::abort() {
  if (phase_ == Phase::closed) return;
  auto const self = shared_from_this();
  if (stream_) {
    stream_->lost();
    stream_.reset();
    --shared_.streams;
  }
  phase_ = Phase::closed;
  file_.reset();
  give_back_memory();
  close_socket();
  shared_.release(slot_);
}

void Session::drain() {
  keep_alive_ = false;
  linger_ = std::min(linger_, kLastLinger);
  if (phase_ == Phase::idle || phase_ == Phase::handshake) return abort();
  if (auto const stream = stream_) stream->close();
}

void Session::give_back_memory() {
  shared_.body_memory -= reserved_;
  reserved_ = 0;
}

void Session::sweep(Clock::time_point now) {
  Limits const& limits = shared_.options.limits;
  auto const too_slow = [&](std::uint64_t bytes) {  // honest but slow uploads and readers are fine; a trickle is not
    auto const allowed = limits.body_grace + core::Millis(bytes * 1000 / std::max<std::size_t>(1, limits.body_rate));
    return now - since_ > allowed;
  };
  switch (phase_) {
    case Phase::handshake:
      if (now - since_ > limits.header_time) abort();
      break;
    case Phase::idle:
      if (now - since_ > limits.idle_time) abort();
      break;
    case Phase::head:
      if (now - since_ > limits.header_time) abandon(problem(408, "request_timeout", "zh"));
      break;
    case Phase::body:
      if (too_slow(body_bytes_)) abandon(problem(408, "request_timeout", request_.lang));
      break;
    case Phase::discard:
      if (too_slow(body_bytes_)) abandon(Response(std::move(*held_)));
      break;
    case Phase::writing:
      if (now - progress_ > limits.body_grace || too_slow(written_ + in_write_)) abort();
      break;
    case Phase::streaming:
      if (writing_ && now - progress_ > limits.body_grace) abort();
      if (phase_ == Phase::streaming && stream_ && now - welcomed_ > kWelcome) {
        welcomed_ = now;
        if (still_welcome()) break;
        stream_->close();
        flush_stream();
      }
      break;
    case Phase::lingering:
      if (now - since_ > linger_) abort();
      break;
    case Phase::handling:
    case Phase::closed:
      break;
  }
}

void Session::deliver(Letter&& letter) {
  if (letter.to.serial != serial_ || phase_ == Phase::closed) return;  // a late letter to an earlier request
  if (letter.kind == Letter::Kind::reply) {
    if (phase_ == Phase::handling) answer(std::move(letter.response));
  } else if (phase_ == Phase::streaming) {
    flush_stream();
  }
}

// Everything pending becomes one chunk; while it is being written, more gathers.
void Session::flush_stream() {
  if (!stream_) return;
  if (stream_->overflowed()) return abort();
  if (writing_) {
    stream_more_ = true;
    return;
  }
  stream_more_ = false;
  auto taken = stream_->take();
  if (!taken.bytes.empty() && stream_chunked_) {
    char size[24];
    out_.append(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", taken.bytes.size())));
    out_ += taken.bytes;
    out_ += "\r\n";
  } else {
    out_ += taken.bytes;
  }
  if (taken.end) {
    if (stream_chunked_) out_ += "0\r\n\r\n";
    stream_ended_ = true;
    stream_->lost();
    stream_.reset();
    --shared_.streams;
  }
  if (out_.empty()) return stream_ended_ ? finish(false) : void();
  out_body_.swap(out_);
  out_.clear();
  progress_ = Clock::now();
  writing_ = true;
  write(out_body_, {});
}

}  // namespace wangge::http
