// See sqlite_store.hpp. Here: what is done to an open spool. Opening and repairing are in sqlite_open.cpp.
#include "gateways/spool/sqlite_store.hpp"

#include <sodium.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cstring>
#include <utility>

namespace wangge::spool {
namespace {

std::int64_t millis(core::Instant at) { return at.time_since_epoch().count(); }
std::int64_t number(RecordState state) { return static_cast<std::int64_t>(state); }

// Resets a statement however the scope is left: a statement left in the middle would hold the WAL.
struct Use {
  Statement& statement;
  ~Use() { statement.reset(); }
};

// One call of prune stops appends for some 50 ms; the caller comes again.
constexpr std::int64_t kPruneAtOnce = 5000;

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
  // A refused record got no 2xx, so the dispatcher may refuse it again.
  auto const d = districts_.find(r.district);
  r.answered = ((d != districts_.end() && r.seq <= d->second.last_at_open) || !r.case_no.empty()) &&
               !(row.word && row.word->state == RecordState::refused);
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

std::int64_t SqliteStore::find_row(std::string const& district, std::string const& principal, std::string const& key) {
  return by_key_.find(hash(district, principal, key), [&](std::int64_t id) {
    Use use{sql_.select_key};
    return sql_.select_key.bind(1, id).step() && sql_.select_key.view(0) == district && sql_.select_key.view(1) == principal &&
           sql_.select_key.view(2) == key;
  });
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

void SqliteStore::require_room() const {
  struct statvfs disk {};
  if (::statvfs(options_.dir.c_str(), &disk) != 0) return;
  std::uint64_t const left = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  if (left < options_.free_bytes_floor) {
    throw Full("only " + std::to_string(left >> 20) + " MiB left on the disk of the spool " + options_.dir);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// The store's verbs

std::vector<Store::Appended> SqliteStore::append(std::vector<Record> records) {
  if (!broken_.empty()) throw Damaged(broken_);
  require_room();
  sync_commits(true);
  std::vector<Appended> results;
  results.reserve(records.size());
  auto const districts_before = districts_;
  std::vector<std::pair<std::int64_t, std::size_t>> stored;  // row and its place in results
  try {
    transaction([&] {
      for (auto& record : records) {
        if (auto const id = find_row(record.district, record.principal, record.key); id != 0) {
          if (auto old = row_at(id); old && old->sound) {
            auto const kind = old->record.body_hash == record.body_hash ? Appended::Kind::same : Appended::Kind::conflict;
            results.push_back({kind, std::move(old->record)});
            continue;
          }
          replace_by_placeholder(id);  // the retry brings what the disk lost
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
  sync_commits(false);
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

std::int64_t SqliteStore::requeue_after(std::string const& code, std::int64_t cursor) {
  auto const at = districts_.find(code);
  if (at == districts_.end()) return 0;
  District& d = at->second;
  sync_commits(true);
  std::vector<Row> rows;
  transaction([&] {
    Use use{sql_.select_after};
    sql_.select_after.bind(1, row_of(d, std::max<std::int64_t>(cursor, 0))).bind(2, row_of(d, d.last));
    while (sql_.select_after.step()) {
      Row row = read(sql_.select_after);
      row.record.payload.clear();
      if (row.word) rows.push_back(std::move(row));
    }
    for (auto const& row : rows) {
      Word word = *row.word;
      word.again = true;
      save(row.id, word, row.record.report_id);
    }
  });
  for (auto& row : rows) {
    count(row.word, -1);
    row.word->again = true;
    count(row.word, 1);
    d.low = std::min(d.low, row.record.seq);
  }
  return static_cast<std::int64_t>(rows.size());
}

std::optional<Record> SqliteStore::find_report(std::string const& report_id) {
  auto const id = by_report_.find(hash(report_id), [&](std::int64_t row) {
    Use use{sql_.select_key};
    return sql_.select_key.bind(1, row).step() && sql_.select_key.view(3) == report_id;
  });
  return id != 0 ? record_at(id) : std::nullopt;
}

std::optional<Record> SqliteStore::find_key(std::string const& district, std::string const& principal, std::string const& key) {
  auto const id = find_row(district, principal, key);
  return id != 0 ? record_at(id) : std::nullopt;
}

std::int64_t SqliteStore::prune(core::Instant before) {
  sync_commits(true);
  std::int64_t dropped = 0;
  for (auto& [code, d] : districts_) {
    std::vector<Row> rows;
    transaction([&] {
      {
        Use use{sql_.select_prunable};
        sql_.select_prunable.bind(1, row_of(d, 0)).bind(2, row_of(d, d.last)).bind(3, millis(before)).bind(4, kPruneAtOnce - dropped);
        while (sql_.select_prunable.step()) {
          rows.push_back(read(sql_.select_prunable));
          rows.back().record.payload.clear();
        }
      }
      for (auto const& row : rows) {
        sql_.delete_record.bind(1, row.id).run();
        sql_.delete_word.bind(1, row.id).run();
      }
      District after = d;
      after.pruned += static_cast<std::int64_t>(rows.size());
      if (!rows.empty()) save(code, after);
    });
    for (auto const& row : rows) {
      unindex(row.id, row.record);
      count(row.word, -1);
    }
    d.pruned += static_cast<std::int64_t>(rows.size());
    dropped += static_cast<std::int64_t>(rows.size());
  }
  checkpoint_past(options_.checkpoint_idle_pages);
  return dropped;
}

Store::Health SqliteStore::health() {
  Health health{queued_, committed_};
  health.damaged = std::stoll("0" + db_->ask("SELECT coalesce(sum(records), 0) FROM damaged"));
  for (char const* suffix : {"", "-wal"}) {
    struct stat file {};
    if (::stat((path_ + suffix).c_str(), &file) == 0) health.bytes += file.st_size;
  }
  for (auto const& [code, d] : districts_) {
    for (auto const& first : queued(code, 0, 1)) {
      if (!health.oldest_queued || first.received_at < *health.oldest_queued) health.oldest_queued = first.received_at;
    }
  }
  return health;
}

}  // namespace wangge::spool
