#include "gateways/link/desk.hpp"

#include <algorithm>

namespace wangge::link {

namespace {

constexpr std::chrono::milliseconds kSettleAgain{1000};

ReportOutcome queued(std::string report_id) {
  ReportOutcome out;
  out.kind = ReportOutcome::Kind::queued;
  out.report_id = std::move(report_id);
  return out;
}

ReportOutcome refused(ReportOutcome::Kind kind) {
  ReportOutcome out;
  out.kind = kind;
  return out;
}

void take(spool::Record& record, spool::Store::Outcome const& said) {
  record.state = said.state;
  record.refused = said.state == spool::RecordState::refused;
  record.case_no = said.case_no;
  record.case_state = said.case_state;
  record.place_unusable = said.place_unusable;
}

}  // namespace

void Desk::appended(spool::GroupCommit::Result result, core::Instant until, bool at_once, Done done) {
  using Kind = spool::GroupCommit::Result::Kind;
  using Stored = spool::Store::Appended::Kind;
  switch (result.kind) {
    case Kind::full: return done(refused(ReportOutcome::Kind::spool_full));
    case Kind::overloaded: return done(refused(ReportOutcome::Kind::overloaded));
    case Kind::broken: return done(refused(ReportOutcome::Kind::broken));
    case Kind::appended: break;
  }
  auto& record = result.appended.record;
  bool const fresh = result.appended.kind == Stored::stored;
  if (fresh) sender_.on_appended(record);
  if (auto const said = said_.find({record.district, record.seq}); said != said_.end()) take(record, said->second.outcome);
  if (result.appended.kind == Stored::conflict) {
    // The body that holds the key is refused, which the spool does not know yet: it will in a moment.
    return done(refused(record.refused ? ReportOutcome::Kind::overloaded : ReportOutcome::Kind::key_conflict));
  }
  if (auto const it = refusing_.find({record.district, record.seq}); it != refusing_.end())
    return it->second.push_back({std::move(done), until, !fresh, record.report_id});
  // Its caller was told of the conflict, and so is every retry: no case comes of it.
  if (record.refused) return done(refused(ReportOutcome::Kind::key_conflict));
  if (record.state == spool::RecordState::committed) {
    auto out = queued(record.report_id);
    out.kind = ReportOutcome::Kind::committed;
    out.replayed = !fresh;
    out.case_no = record.case_no;
    out.case_state = record.case_state;
    out.place_unusable = record.place_unusable;
    return done(out);
  }
  if (at_once || record.state == spool::RecordState::dead_letter) {
    sender_.mark_answered(record.district, record.seq, false);
    return done(queued(record.report_id));
  }
  waiters_[{record.district, record.seq}].push_back({std::move(done), until, !fresh, record.report_id});
}

void Desk::on_answer(v1::ReportAnswer const& a) {
  if (a.spool_id() != spool_id_) return;
  auto const waiting = waiters_.find({a.district(), a.seq()});
  bool const conflict = a.outcome() == v1::ReportAnswer::KEY_CONFLICT;
  bool const known = sender_.refused(a.district(), a.seq());  // was refused before, and is again
  if (conflict && !known) {
    if (refusing_.contains({a.district(), a.seq()})) return;  // the second answer to two sendings
    if (waiting == waiters_.end() || sender_.answered(a.district(), a.seq()))
      return sender_.mark_answered(a.district(), a.seq(), true);  // its 202 is out: it becomes a case of its own
    auto callers = std::move(waiting->second);
    waiters_.erase(waiting);
    return begin_refusal(a, std::move(callers));
  }
  if (conflict && !a.refused()) return;  // a second answer to what was sent before the refusal
  auto const times = sender_.times_sent(a.district(), a.seq());
  if (!sender_.on_settled(a.district(), a.seq())) return;
  auto const state = conflict                                            ? spool::RecordState::refused
                     : a.outcome() == v1::ReportAnswer::DEAD_LETTER      ? spool::RecordState::dead_letter
                                                                         : spool::RecordState::committed;
  say({a.district(), a.seq(), state, a.case_no(), a.case_state(), a.place_unusable()});
  if (waiting == waiters_.end()) return;
  auto out = queued(a.report_id());
  out.case_no = a.case_no();
  out.case_state = a.case_state();
  out.place_unusable = a.place_unusable();
  if (state == spool::RecordState::committed) out.kind = ReportOutcome::Kind::committed;
  auto const callers = std::move(waiting->second);
  waiters_.erase(waiting);
  for (auto const& w : callers) {
    // Our own second sending is no retry of the caller's.
    out.replayed = w.retry || (a.outcome() == v1::ReportAnswer::REPLAYED && times <= 1);
    w.done(out);
  }
}

void Desk::say(spool::Store::Outcome outcome) {
  auto& said = said_[{outcome.district, outcome.seq}];
  said.outcome = outcome;
  ++said.under_way;
  outcomes_.push_back(std::move(outcome));
}

void Desk::begin_refusal(v1::ReportAnswer const& a, std::vector<Waiter> callers) {
  sender_.hold(a.district(), a.seq());
  refusing_[{a.district(), a.seq()}] = std::move(callers);
  say({a.district(), a.seq(), spool::RecordState::refused, "", "", false});
}

void Desk::end_refusal(std::string const& district, std::int64_t seq, bool settled) {
  auto const it = refusing_.find({district, seq});
  if (it == refusing_.end()) return;
  auto const callers = std::move(it->second);
  refusing_.erase(it);
  if (settled) sender_.confirm_refused(district, seq);
  else sender_.mark_answered(district, seq, true);
  for (auto const& w : callers) w.done(settled ? refused(ReportOutcome::Kind::key_conflict) : queued(w.report_id));
}

void Desk::on_welcome(std::map<std::string, std::int64_t> const& cursors, std::int64_t credit_bytes) {
  auto const gone = [&](spool::Store::Outcome const& o) {
    auto const it = cursors.find(o.district);
    // A refusal that our callers wait for is ours to say; all else was another life's word.
    return it != cursors.end() && o.seq > it->second && !refusing_.contains({o.district, o.seq});
  };
  std::erase_if(outcomes_, gone);
  std::erase_if(said_, [&](auto const& s) { return gone(s.second.outcome); });
  sender_.on_welcome(cursors, credit_bytes);
}

void Desk::on_page(Sender::Page const& asked, std::vector<spool::Record> records) {
  auto const whole = records.size() == static_cast<std::size_t>(Sender::kPage);
  std::erase_if(records, [&](auto const& r) { return said_.contains({r.district, r.seq}); });
  sender_.on_page(asked, std::move(records), whole);
}

std::vector<spool::Store::Outcome> Desk::take_outcomes(core::Instant now) {
  if (now < outcomes_at_) return {};
  return std::exchange(outcomes_, {});
}

void Desk::noted(std::vector<spool::Store::Outcome> const& outcomes, bool settled, core::Instant now) {
  if (!settled) outcomes_at_ = now + kSettleAgain;
  for (auto const& o : outcomes) {
    auto const it = said_.find({o.district, o.seq});
    if (it == said_.end()) continue;
    bool const refusing = refusing_.contains(it->first);
    if (!settled && !refusing) {
      outcomes_.push_back(it->second.outcome);  // the newest word, should there be two
    } else if (--it->second.under_way == 0) {
      said_.erase(it);
      end_refusal(o.district, o.seq, settled);
    }
  }
}

void Desk::time_out(core::Instant now) {
  for (auto it = waiters_.begin(); it != waiters_.end();) {
    auto& list = it->second;
    std::erase_if(list, [&](Waiter& w) {
      if (w.until > now) return false;
      sender_.mark_answered(it->first.first, it->first.second, false);
      w.done(queued(w.report_id));
      return true;
    });
    it = list.empty() ? waiters_.erase(it) : std::next(it);
  }
}

void Desk::release() {
  for (auto& [id, list] : waiters_)
    for (auto& w : list) w.done(queued(w.report_id));
  waiters_.clear();
}

}  // namespace wangge::link
