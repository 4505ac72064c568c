#include "gateways/link/sender.hpp"

#include <algorithm>

namespace wangge::link {

namespace {
constexpr std::chrono::milliseconds kLookEvery{1000}, kAskAgain{1000};
}

std::int64_t Sender::weight(spool::Record const& r) { return static_cast<std::int64_t>(r.payload.size()) + 200; }

void Sender::on_welcome(std::map<std::string, std::int64_t> const& cursors, std::int64_t credit_bytes) {
  for (auto const& [name, cursor] : cursors) {
    auto& d = districts_[name];
    d.connected = true;
    d.credit = credit_bytes;
    begin(d, cursor);
    ground(d);
  }
}

void Sender::begin(District& d, std::int64_t cursor) {
  d.caught_up = false;
  d.page_asked = false;
  d.requeue = d.cursor = cursor;
  d.loaded = 0;
  ++d.welcome;
}

void Sender::ground(District& d) {
  d.in_flight_bytes = 0;
  for (auto& [seq, w] : d.window) {
    w.in_flight = false;
    if (!w.held) d.idle.insert(seq);
  }
}

void Sender::recall(District& d, std::int64_t seq, Waiting& w) {
  if (!w.in_flight) return;
  w.in_flight = false;
  d.in_flight_bytes -= weight(w.record);
  d.idle.insert(seq);
}

void Sender::on_lost(std::string const& district) {
  auto const it = districts_.find(district);
  if (it == districts_.end()) return;
  it->second.connected = false;
  ground(it->second);
}

void Sender::put(District& d, spool::Record record) {
  auto const seq = record.seq;
  d.loaded = std::max(d.loaded, seq);
  auto [it, fresh] = d.window.try_emplace(seq);
  if (fresh) {
    it->second.record = std::move(record);
    d.idle.insert(seq);
  } else {
    auto& known = it->second.record;
    known.refused |= record.refused;
    known.answered = !known.refused && (known.answered || record.answered);
    if (known.case_no.empty()) known.case_no = record.case_no;
  }
}

void Sender::on_appended(spool::Record const& record) {
  auto& d = districts_[record.district];
  if (!d.connected || !d.caught_up) return;  // a page will bring it
  if (d.window.size() >= kWindow) {
    d.caught_up = false;
    return;
  }
  put(d, record);
}

void Sender::on_page(Page const& asked, std::vector<spool::Record> records, bool more) {
  auto& d = districts_[asked.district];
  if (asked.welcome != d.welcome) return;  // asked before a newer welcome: its successor comes
  d.page_asked = false;
  if (!more) d.caught_up = true;
  for (auto& r : records) {
    r.answered = !r.refused;
    put(d, std::move(r));
  }
}

void Sender::on_page_failed(Page const& asked, core::Instant now) {
  auto& d = districts_[asked.district];
  if (asked.welcome != d.welcome) return;
  d.page_asked = false;
  d.ask_at = now + kAskAgain;
}

void Sender::on_requeue_failed(Requeue const& asked, core::Instant now) {
  auto& d = districts_[asked.district];
  if (asked.welcome != d.welcome) return;
  begin(d, asked.cursor);  // pages that came meanwhile passed by what was to be requeued
  d.ask_at = now + kAskAgain;
}

bool Sender::on_settled(std::string const& district, std::int64_t seq) {
  auto const it = districts_.find(district);
  if (it == districts_.end()) return false;
  auto& d = it->second;
  auto const w = d.window.find(seq);
  if (w == d.window.end()) return false;
  recall(d, seq, w->second);
  d.idle.erase(seq);
  d.window.erase(w);
  return true;
}

void Sender::mark_answered(std::string const& district, std::int64_t seq, bool again) {
  auto const [d, w] = find(district, seq);
  if (!w) return;
  w->record.answered = true;
  if (again) recall(*d, seq, *w);
  if (again && std::exchange(w->held, false)) d->idle.insert(seq);
}

void Sender::hold(std::string const& district, std::int64_t seq) {
  auto const [d, w] = find(district, seq);
  if (!w) return;
  recall(*d, seq, *w);
  d->idle.erase(seq);
  w->held = true;
}

void Sender::confirm_refused(std::string const& district, std::int64_t seq) {
  auto const [d, w] = find(district, seq);
  if (!w) return;
  w->record.refused = true;
  w->record.answered = false;
  w->held = false;
  d->idle.insert(seq);
}

std::pair<Sender::District*, Sender::Waiting*> Sender::find(std::string const& district, std::int64_t seq) {
  auto const it = districts_.find(district);
  if (it == districts_.end()) return {};
  auto const w = it->second.window.find(seq);
  return {&it->second, w == it->second.window.end() ? nullptr : &w->second};
}

Sender::Waiting const* Sender::find(std::string const& district, std::int64_t seq) const {
  auto const it = districts_.find(district);
  if (it == districts_.end()) return nullptr;
  auto const w = it->second.window.find(seq);
  return w == it->second.window.end() ? nullptr : &w->second;
}

bool Sender::answered(std::string const& district, std::int64_t seq) const {
  auto const* w = find(district, seq);
  return w && w->record.answered;
}

bool Sender::refused(std::string const& district, std::int64_t seq) const {
  auto const* w = find(district, seq);
  return w && w->record.refused;
}

int Sender::times_sent(std::string const& district, std::int64_t seq) const {
  auto const* w = find(district, seq);
  return w ? w->sent : 0;
}

Sender::Todo Sender::todo(core::Instant now) {
  Todo out;
  for (auto& [name, d] : districts_) {
    if (!d.connected) continue;
    if (now >= d.ask_at) {
      if (d.requeue) out.requeues.push_back({name, *std::exchange(d.requeue, std::nullopt), d.welcome});
      if (!d.caught_up && !d.page_asked && d.window.size() + kPage <= kWindow) {
        d.page_asked = true;
        out.pages.push_back({name, d.loaded, d.welcome});
      }
    }
    if (now >= d.look_at) {
      d.look_at = now + kLookEvery;
      for (auto& [seq, w] : d.window)
        if (now - w.sent_at >= kResendAfter) recall(d, seq, w);
    }
    while (!d.idle.empty()) {  // oldest first, so that the dispatcher's contiguous cursor moves
      auto const seq = *d.idle.begin();
      auto& w = d.window.at(seq);
      if (d.in_flight_bytes > 0 && d.in_flight_bytes + weight(w.record) > d.credit) break;
      d.idle.erase(d.idle.begin());
      w.in_flight = true;
      w.sent_at = now;
      ++w.sent;
      d.in_flight_bytes += weight(w.record);
      out.send.push_back({name, w.record});
    }
  }
  return out;
}

std::int64_t Sender::passed_below(std::string const& district) const {
  auto const it = districts_.find(district);
  if (it == districts_.end() || !it->second.connected) return 1;
  auto const& d = it->second;
  auto const known = std::max(d.loaded, d.cursor) + 1;
  return d.window.empty() ? known : std::min(known, d.window.begin()->first);
}

std::size_t Sender::window_size() const {
  std::size_t n = 0;
  for (auto const& [name, d] : districts_) n += d.window.size();
  return n;
}

}  // namespace wangge::link
