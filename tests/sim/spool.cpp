#include "tests/sim/spool.hpp"

#include <algorithm>

namespace wangge::sim {

using spool::Record;
using spool::RecordState;
using spool::Word;

namespace {
constexpr std::int64_t kPruneAtOnce = 5000;

bool has_word(std::optional<Word> const& word) {
  return word && !word->again && word->state != RecordState::queued;
}
}  // namespace

void SimSpool::need_room() const {
  if (!room) throw spool::Full("the simulated disk is full");
}

Record SimSpool::view(Row const& row) const {
  Record r = row.record;
  r.state = row.word && !row.word->again ? row.word->state
            : row.placeholder            ? RecordState::dead_letter
                                         : RecordState::queued;
  if (row.word) {
    r.case_no = row.word->case_no;
    r.case_state = row.word->case_state;
    r.place_unusable = row.word->place_unusable;
  }
  r.refused = row.word && row.word->state == RecordState::refused;
  auto const d = districts_.find(r.district);
  r.answered = !r.refused && ((d != districts_.end() && r.seq <= d->second.last_at_open) || !r.case_no.empty());
  return r;
}

SimSpool::Row const* SimSpool::holder_of_key(Record const& r) const {
  auto const d = districts_.find(r.district);
  if (d == districts_.end()) return nullptr;
  Row const* holder = nullptr;
  for (auto const& [seq, row] : d->second.rows) {
    if (row.placeholder || row.record.principal != r.principal || row.record.key != r.key) continue;
    if (row.record.body_hash == r.body_hash) return &row;
    bool const refused = row.word && row.word->state == RecordState::refused;
    if (!refused && !holder) holder = &row;
  }
  return holder;
}

std::vector<spool::Store::Appended> SimSpool::append(std::vector<Record> records) {
  need_room();
  std::vector<Appended> out;
  for (auto& r : records) {
    if (auto const* held = holder_of_key(r)) {
      bool const same = held->record.body_hash == r.body_hash;
      out.push_back({same ? Appended::Kind::same : Appended::Kind::conflict, view(*held)});
      continue;
    }
    auto& d = districts_[r.district];
    r.seq = ++d.last;
    r.state = RecordState::queued;
    r.answered = false;
    d.rows[r.seq] = {r, false, std::nullopt};
    reports_.insert(r.report_id);
    out.push_back({Appended::Kind::stored, r});
  }
  unsynced_.clear();  // one log: what was settled before is on the disk with it
  return out;
}

void SimSpool::settle(std::vector<Outcome> const& outcomes) {
  need_room();
  for (auto const& o : outcomes) {
    auto const d = districts_.find(o.district);
    if (d == districts_.end()) continue;
    auto const row = d->second.rows.find(o.seq);
    if (row == d->second.rows.end()) continue;
    Word const word{o.state, false, o.case_no, o.case_state, o.place_unusable};
    if (row->second.word == word) continue;
    unsynced_.push_back({o.district, o.seq, row->second.word});
    row->second.word = word;
  }
  if (std::any_of(outcomes.begin(), outcomes.end(), [](auto const& o) { return o.state == RecordState::refused; }))
    unsynced_.clear();
}

std::vector<Record> SimSpool::queued(std::string const& district, std::int64_t after_seq, int limit) {
  std::vector<Record> out;
  auto const d = districts_.find(district);
  if (d == districts_.end()) return out;
  for (auto it = d->second.rows.upper_bound(after_seq);
       it != d->second.rows.end() && out.size() < static_cast<std::size_t>(limit); ++it)
    if (!has_word(it->second.word)) out.push_back(view(it->second));
  return out;
}

std::vector<std::string> SimSpool::districts() {
  std::vector<std::string> out;
  for (auto const& [code, d] : districts_) out.push_back(code);
  return out;
}

std::int64_t SimSpool::requeue_after(std::string const& district, std::int64_t cursor) {
  need_room();
  auto const d = districts_.find(district);
  if (d == districts_.end()) return 0;
  std::int64_t n = 0;
  for (auto it = d->second.rows.upper_bound(cursor); it != d->second.rows.end(); ++it) {
    if (!has_word(it->second.word)) continue;
    it->second.word->again = true;
    ++n;
  }
  unsynced_.clear();
  return n;
}

std::optional<Record> SimSpool::find_report(std::string const& report_id) {
  for (auto const& [code, d] : districts_)
    for (auto const& [seq, row] : d.rows)
      if (!row.placeholder && row.record.report_id == report_id) return view(row);
  return std::nullopt;
}

std::optional<Record> SimSpool::find_key(std::string const& district, std::string const& principal,
                                         std::string const& key) {
  auto const d = districts_.find(district);
  if (d == districts_.end()) return std::nullopt;
  std::optional<Record> refused;
  for (auto const& [seq, row] : d->second.rows) {
    if (row.placeholder || row.record.principal != principal || row.record.key != key) continue;
    auto found = view(row);
    if (!found.refused) return found;
    if (!refused) refused = std::move(found);
  }
  return refused;
}

std::int64_t SimSpool::settled_below(std::string const& district) {
  auto const first = queued(district, 0, 1);
  return first.empty() ? last(district) + 1 : first.front().seq;
}

std::int64_t SimSpool::prune(std::string const& district, Instant before, std::int64_t below) {
  auto const d = districts_.find(district);
  if (d == districts_.end()) return 0;
  need_room();
  std::int64_t n = 0;
  std::erase_if(d->second.rows, [&](auto const& entry) {
    auto const& [seq, row] = entry;
    bool const goes = n < kPruneAtOnce && seq < below && row.record.received_at < before && has_word(row.word) &&
                      row.word->state != RecordState::dead_letter;
    n += goes ? 1 : 0;
    return goes;
  });
  unsynced_.clear();
  return n;
}

spool::Store::Health SimSpool::health() {
  Health h;
  h.damaged = damaged_;
  h.full = !room;
  for (auto const& [code, d] : districts_)
    for (auto const& [seq, row] : d.rows) {
      h.committed += has_word(row.word) && row.word->state == RecordState::committed ? 1 : 0;
      if (has_word(row.word)) continue;
      ++h.queued;
      if (!h.oldest_queued || row.record.received_at < *h.oldest_queued) h.oldest_queued = row.record.received_at;
    }
  return h;
}

void SimSpool::open() {
  for (auto& [code, d] : districts_) d.last_at_open = d.last;
}

void SimSpool::crash(Chance& chance) {
  auto const lost = unsynced_.empty() ? 0 : chance.between(0, static_cast<std::int64_t>(unsynced_.size()));
  for (std::int64_t i = 0; i < lost; ++i) {
    auto const& u = unsynced_[unsynced_.size() - 1 - static_cast<std::size_t>(i)];
    auto& row = districts_.at(u.district).rows.at(u.seq);
    if (row.word && !row.word->case_no.empty()) forgotten_numbers_.insert(row.record.report_id);
    row.word = u.before;
  }
  unsynced_.clear();
  // A word that was heard, and perhaps told, and lay in memory yet.
  for (auto const& [code, d] : districts_)
    for (auto const& [seq, row] : d.rows)
      if (!row.word || row.word->case_no.empty()) forgotten_numbers_.insert(row.record.report_id);
}

void SimSpool::renew(std::string id) {
  id_ = std::move(id);
  for (auto& [code, d] : districts_) {
    auto const old = std::exchange(d.rows, {});
    d.last = 0;
    for (auto const& [seq, row] : old) {
      if (row.placeholder) continue;
      auto moved = row;
      moved.record.seq = ++d.last;
      if (moved.word) moved.word->again = true;
      d.rows[moved.record.seq] = std::move(moved);
    }
  }
  unsynced_.clear();
}

Record SimSpool::damage(std::string const& district, std::int64_t seq) {
  auto& row = districts_.at(district).rows.at(seq);
  auto const was = view(row);
  Record placeholder;
  placeholder.district = district;
  placeholder.seq = seq;
  placeholder.report_id = row.word ? row.record.report_id : "lost-" + id_ + "-" + std::to_string(seq);
  placeholder.key = "damaged-" + placeholder.report_id;
  row.record = placeholder;
  row.placeholder = true;
  ++damaged_;
  unsynced_.clear();
  return was;
}

std::int64_t SimSpool::last(std::string const& district) const {
  auto const d = districts_.find(district);
  return d == districts_.end() ? 0 : d->second.last;
}

}  // namespace wangge::sim
