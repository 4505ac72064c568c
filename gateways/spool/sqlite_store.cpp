// See sqlite_store.hpp. Here: rows, transactions, what callers and the sender do. Opening and repairing are in
// sqlite_open.cpp; going back, dropping and counting in sqlite_upkeep.cpp.
#include "gateways/spool/sqlite_store.hpp"

#include <sodium.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace wangge::spool {
namespace {

std::int64_t millis(core::Instant at) { return at.time_since_epoch().count(); }
std::int64_t number(RecordState state) { return static_cast<std::int64_t>(state); }

}  // namespace

Sum SqliteStore::sum_of_district(std::string const& code, District const& d) {
  return checksum_.text("district").text(code).number(d.number).number(d.last).number(d.pruned).done();
}

// ---------------------------------------------------------------------------------------------------------------
// Rows

RecordState SqliteStore::state_of(std::optional<Word> const& word, std::int64_t flags) {
  if (word && !word->again) return word->state;
  return (flags & kPlaceholder) != 0 ? RecordState::dead_letter : RecordState::queued;
}

SqliteStore::Row SqliteStore::read(Statement const& s) {
  Row row;
  row.id = s.integer(0);
  Record& r = row.record;
  r.district = s.string(1);
  r.seq = seq_of(row.id);
  r.report_id = s.string(2);
  r.principal = s.string(3);
  r.key = s.string(4);
  r.body_hash = s.string(5);
  r.received_at = core::Instant(core::Millis(s.integer(6)));
  row.flags = s.integer(7);
  r.payload = s.string(8);
  row.sound = s.view(9) == view(sum_of(checksum_, r, row.flags));
  if (!s.null(10)) {
    Word word{static_cast<RecordState>(s.integer(10) & 3), s.integer(11) != 0, s.string(12), s.string(13), s.integer(14) != 0};
    row.word_sound = s.integer(10) <= 3 && s.view(15) == view(sum_of(checksum_, word, r.report_id));
    if (row.word_sound) row.word = std::move(word);
  }
  r.state = state_of(row.word, row.flags);
  if (row.word) {
    r.case_no = row.word->case_no;
    r.case_state = row.word->case_state;
    r.place_unusable = row.word->place_unusable;
  }
  r.refused = row.word && row.word->state == RecordState::refused;
  auto const d = districts_.find(r.district);
  r.answered = !r.refused && ((d != districts_.end() && r.seq <= d->second.last_at_open) || !r.case_no.empty());
  return row;
}

std::optional<SqliteStore::Row> SqliteStore::row_at(std::int64_t id) {
  Use use{sql_.select_row};
  if (!sql_.select_row.bind(1, id).step()) return std::nullopt;
  return read(sql_.select_row);
}

std::optional<Record> SqliteStore::record_at(std::int64_t id) {
  auto row = row_at(id);
  if (!row) return std::nullopt;
  if (row->sound) return std::move(row->record);
  set_aside({id});
  return std::nullopt;
}

std::uint64_t SqliteStore::hash(std::string_view a, std::string_view b, std::string_view c) const {
  static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == 8);
  std::string text;
  text.reserve(a.size() + b.size() + c.size() + 2);
  text.append(a).append(1, '\0').append(b).append(1, '\0').append(c);
  unsigned char out[8];
  crypto_shorthash(out, reinterpret_cast<unsigned char const*>(text.data()), text.size(), hash_key_.data());
  std::uint64_t value;
  std::memcpy(&value, out, sizeof value);
  return value;
}

template <class IsIt>
std::int64_t SqliteStore::find_row(std::string const& district, std::string const& principal, std::string const& key, IsIt&& is_it) {
  return by_key_.find(hash(district, principal, key), [&](std::int64_t id) {
    {
      Use use{sql_.select_key};
      bool const found = sql_.select_key.bind(1, id).step() && sql_.select_key.view(0) == district &&
                         sql_.select_key.view(1) == principal && sql_.select_key.view(2) == key;
      if (!found) return false;
    }
    return is_it(id);
  });
}

std::optional<SqliteStore::Row> SqliteStore::holder_of_key(Record const& r) {
  std::optional<Row> holder;
  find_row(r.district, r.principal, r.key, [&](std::int64_t id) {
    auto row = row_at(id);
    if (!row) return false;
    bool const same = row->sound && row->record.body_hash == r.body_hash;
    // An unsound row is replaced by whoever comes with its key; a refused body holds no key.
    if (same || !row->sound || (!row->record.refused && !holder)) holder = std::move(row);
    return same;
  });
  return holder;
}

void SqliteStore::insert(std::int64_t id, Record const& r, std::int64_t flags) {
  Sum const sum = sum_of(checksum_, r, flags);
  sql_.insert_record.bind(1, id).text(2, r.district).text(3, r.report_id).text(4, r.principal).text(5, r.key);
  sql_.insert_record.text(6, r.body_hash).bind(7, millis(r.received_at)).bind(8, flags).blob(9, r.payload).blob(10, view(sum)).run();
}

void SqliteStore::save(std::string const& code, District const& d) {
  Sum const sum = sum_of_district(code, d);
  sql_.insert_district.bind(1, d.number).text(2, code).bind(3, d.last).bind(4, d.pruned).blob(5, view(sum)).run();
}

void SqliteStore::save(std::int64_t id, Word const& word, std::string_view report_id) {
  Sum const sum = sum_of(checksum_, word, report_id);
  sql_.insert_word.bind(1, id).bind(2, number(word.state)).bind(3, word.again ? 1 : 0).text(4, word.case_no);
  sql_.insert_word.text(5, word.case_state).bind(6, word.place_unusable ? 1 : 0).blob(7, view(sum)).run();
}

void SqliteStore::index(std::int64_t id, Record const& r) {
  by_key_.add(hash(r.district, r.principal, r.key), id);
  by_report_.add(hash(r.report_id), id);
}

void SqliteStore::unindex(std::int64_t id, Record const& r) {
  by_key_.remove(hash(r.district, r.principal, r.key), id);
  by_report_.remove(hash(r.report_id), id);
}

SqliteStore::District& SqliteStore::district(std::string const& code) {
  auto const [at, fresh] = districts_.try_emplace(code);
  if (fresh) {
    for (auto const& [other, d] : districts_) at->second.number = std::max(at->second.number, d.number + (other == code ? 0 : 1));
    at->second.number = std::max<std::int64_t>(at->second.number, 1);
  }
  return at->second;
}

std::string const& SqliteStore::code_of(std::int64_t row) const {
  for (auto const& [code, d] : districts_) {
    if (d.number == row >> kSeqBits) return code;
  }
  throw Corrupt("row " + std::to_string(row) + " belongs to no district, " + path_);
}

void SqliteStore::count(std::optional<Word> const& word, int by) {
  if (!word || word->again || word->state == RecordState::queued) queued_ += by;
  else if (word->state == RecordState::committed) committed_ += by;
}

// ---------------------------------------------------------------------------------------------------------------
// Transactions

void SqliteStore::transaction(std::function<void()> const& work) {
  if (!broken_.empty()) throw Damaged(broken_);
  try {
    sql_.begin.run();
    work();
    sql_.commit.run();
  } catch (Damaged const& damage) {
    // After a failed write or fsync nobody knows what the disk holds: no second try on the same file.
    broken_ = damage.what();
    roll_back();
    throw;
  } catch (...) {
    roll_back();
    throw;
  }
}

void SqliteStore::roll_back() noexcept {
  try {
    if (db_->in_transaction()) db_->exec("ROLLBACK");
  } catch (std::exception const& failure) {
    if (broken_.empty()) broken_ = failure.what();
  }
}

void SqliteStore::sync_commits(bool on) {
  if (!options_.sync || on == syncing_) return;
  db_->exec(on ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  syncing_ = on;
}

void SqliteStore::checkpoint_past(int pages) noexcept {
  if (wal_pages_ <= pages || !broken_.empty()) return;
  int in_log = 0, done = 0;
  int const code = sqlite3_wal_checkpoint_v2(db_->get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &done);
  wal_pages_ = 0;  // the next commit tells how long the log is then
  if (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_FULL) return;  // all is still in the log: later
  try {
    raise(db_->get(), code);
  } catch (Full const&) {
  } catch (std::exception const& failure) {
    broken_ = failure.what();
  }
}

std::optional<std::uint64_t> SqliteStore::room() const {
  struct statvfs disk {};
  if (::statvfs(options_.dir.c_str(), &disk) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

// ---------------------------------------------------------------------------------------------------------------
// The store's verbs

std::vector<Store::Appended> SqliteStore::append(std::vector<Record> records) {
  if (!broken_.empty()) throw Damaged(broken_);
  if (auto const left = room(); left && *left < options_.free_bytes_floor)
    throw Full("only " + std::to_string(*left >> 20) + " MiB left on the disk of the spool " + options_.dir);
  sync_commits(true);
  std::vector<Appended> results;
  results.reserve(records.size());
  auto const districts_before = districts_;
  std::vector<std::pair<std::int64_t, std::size_t>> stored;  // row and its place in results
  try {
    transaction([&] {
      for (auto& record : records) {
        if (auto old = holder_of_key(record)) {
          if (old->sound) {
            auto const kind = old->record.body_hash == record.body_hash ? Appended::Kind::same : Appended::Kind::conflict;
            results.push_back({kind, std::move(old->record)});
            continue;
          }
          replace_by_placeholder(old->id);  // the retry brings what the disk lost
        }
        auto& d = district(record.district);
        record.seq = ++d.last;
        record.state = RecordState::queued;
        record.answered = false;
        insert(row_of(d, record.seq), record, 0);
        index(row_of(d, record.seq), record);
        stored.emplace_back(row_of(d, record.seq), results.size());
        results.push_back({Appended::Kind::stored, std::move(record)});
      }
      for (auto const& [code, d] : districts_) {
        auto const before = districts_before.find(code);
        if (before == districts_before.end() || before->second.last != d.last) save(code, d);
      }
    });
  } catch (...) {
    for (auto const& [id, place] : stored) unindex(id, results[place].record);
    districts_ = districts_before;
    throw;
  }
  queued_ += static_cast<std::int64_t>(stored.size());
  checkpoint_past(options_.checkpoint_busy_pages);
  return results;
}

void SqliteStore::settle(std::vector<Outcome> const& outcomes) {
  if (outcomes.empty()) return;
  // A refusal is told to the caller once it is here: it may not be forgotten.
  sync_commits(std::any_of(outcomes.begin(), outcomes.end(), [](auto const& o) { return o.state == RecordState::refused; }));
  std::vector<std::pair<std::optional<Word>, Word>> changed;
  transaction([&] {
    for (auto const& outcome : outcomes) {
      auto const d = districts_.find(outcome.district);
      if (d == districts_.end()) continue;
      auto row = row_at(row_of(d->second, outcome.seq));
      if (!row) continue;
      Word word{outcome.state, false, outcome.case_no, outcome.case_state, outcome.place_unusable};
      if (row->word == word) continue;
      save(row->id, word, row->record.report_id);
      changed.emplace_back(std::move(row->word), std::move(word));
    }
  });
  for (auto const& [before, after] : changed) {
    count(before, -1);
    count(after, 1);
  }
  checkpoint_past(options_.checkpoint_idle_pages);
}

std::vector<Record> SqliteStore::queued(std::string const& code, std::int64_t after_seq, int limit) {
  auto const at = districts_.find(code);
  if (at == districts_.end()) return {};
  District& d = at->second;
  bool const from_lowest = after_seq < d.low;
  std::vector<Record> records;
  std::vector<std::int64_t> damaged;
  {
    Use use{sql_.select_queued};
    sql_.select_queued.bind(1, row_of(d, from_lowest ? d.low - 1 : after_seq)).bind(2, row_of(d, d.last)).bind(3, limit);
    while (sql_.select_queued.step()) {
      Row row = read(sql_.select_queued);
      if (!row.sound) damaged.push_back(row.id);
      records.push_back(std::move(row.record));
    }
  }
  if (from_lowest && limit > 0) d.low = records.empty() ? d.last + 1 : records.front().seq;
  if (damaged.empty()) return records;
  set_aside(damaged);
  return queued(code, after_seq, limit);
}

std::vector<std::string> SqliteStore::districts() {
  std::vector<std::string> codes;
  for (auto const& [code, d] : districts_) codes.push_back(code);
  return codes;
}

std::optional<Record> SqliteStore::find_report(std::string const& report_id) {
  auto const id = by_report_.find(hash(report_id), [&](std::int64_t row) {
    Use use{sql_.select_key};
    return sql_.select_key.bind(1, row).step() && sql_.select_key.view(3) == report_id;
  });
  return id != 0 ? record_at(id) : std::nullopt;
}

std::optional<Record> SqliteStore::find_key(std::string const& district, std::string const& principal, std::string const& key) {
  // The one that holds the key, else the first that was refused under it.
  std::int64_t refused = 0;
  auto const id = find_row(district, principal, key, [&](std::int64_t row) {
    auto const found = row_at(row);
    bool const is_it = found && !(found->sound && found->record.refused);
    if (!is_it && refused == 0) refused = row;
    return is_it;
  });
  return id != 0 ? record_at(id) : refused != 0 ? record_at(refused) : std::nullopt;
}

}  // namespace wangge::spool
