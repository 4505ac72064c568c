// See sqlite_store.hpp. Here: opening a spool, trusting nothing in it. Every record's checksum is verified, damaged ones
// are set aside with a placeholder that keeps their seq, and a copied folder becomes a spool of its own.
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "gateways/spool/salvage.hpp"
#include "gateways/spool/sqlite_store.hpp"

namespace wangge::spool {
namespace {

constexpr char const* kSchema = R"sql(
CREATE TABLE meta(one INTEGER PRIMARY KEY CHECK(one = 1), format INTEGER NOT NULL, spool_id TEXT NOT NULL,
                  identity TEXT NOT NULL, sum BLOB NOT NULL);
CREATE TABLE district(number INTEGER PRIMARY KEY, code TEXT NOT NULL, last INTEGER NOT NULL, pruned INTEGER NOT NULL,
                      sum BLOB NOT NULL);
CREATE TABLE record(id INTEGER PRIMARY KEY, district TEXT NOT NULL, report_id TEXT NOT NULL, principal TEXT NOT NULL,
                    key TEXT NOT NULL, body_hash TEXT NOT NULL, received_at INTEGER NOT NULL, flags INTEGER NOT NULL,
                    payload BLOB NOT NULL, sum BLOB NOT NULL);
CREATE TABLE outcome(id INTEGER PRIMARY KEY, state INTEGER NOT NULL, again INTEGER NOT NULL, case_no TEXT NOT NULL,
                     case_state TEXT NOT NULL, place_unusable INTEGER NOT NULL, sum BLOB NOT NULL);
CREATE TABLE damaged(number INTEGER PRIMARY KEY, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, records INTEGER NOT NULL,
                     reason TEXT NOT NULL, district TEXT, seq INTEGER, report_id, principal, key, body_hash,
                     received_at, payload, sum);
)sql";

#define WANGGE_ROW                                                                                             \
  "SELECT r.id, r.district, r.report_id, r.principal, r.key, r.body_hash, r.received_at, r.flags, r.payload, " \
  "r.sum, o.state, o.again, o.case_no, o.case_state, o.place_unusable, o.sum "                                 \
  "FROM record r LEFT JOIN outcome o ON o.id = r.id "
constexpr char const* kSelectRow = WANGGE_ROW "WHERE r.id = ?1";
constexpr char const* kSelectAll = WANGGE_ROW "ORDER BY r.id";
constexpr char const* kSelectQueued = WANGGE_ROW
    "WHERE r.id > ?1 AND r.id <= ?2 AND (o.state IS NULL OR o.state = 0 OR o.again) ORDER BY r.id LIMIT ?3";
constexpr char const* kSelectAfter = WANGGE_ROW "WHERE r.id > ?1 AND r.id <= ?2 AND o.state > 0 AND NOT o.again ORDER BY r.id";
constexpr char const* kSelectPrunable = WANGGE_ROW
    "WHERE r.id > ?1 AND r.id <= ?2 AND r.received_at < ?3 AND o.state IN (1, 2) AND NOT o.again ORDER BY r.id LIMIT ?4";
#undef WANGGE_ROW

constexpr std::int64_t kFormat = 1;

}  // namespace

SqliteStore::SqliteStore(SqliteOptions options) : options_(std::move(options)), path_(options_.dir + "/spool.sqlite") {
  if (RAND_bytes(hash_key_.data(), static_cast<int>(hash_key_.size())) != 1) throw std::runtime_error("no random bytes from OpenSSL");
  make_folder(options_.dir);
  lock_ = std::make_unique<FolderLock>(options_.dir);
  finish_rescue();
  make_file(options_.dir, path_);
  std::string const log = read_through(options_.vfs, path_ + "-wal", true);
  try {
    open_checked();
    if (log_lost_records(log, last_seqs())) throw Corrupt("the log of the spool " + path_ + " breaks off before acknowledged records");
  } catch (Corrupt const& damage) {
    rescue(damage.what(), log);
    open_checked();
  }
  for (auto& [code, d] : districts_) d.last_at_open = d.last;
}

void SqliteStore::open_checked() {
  open_file();
  std::string const written = read_meta();
  read_districts();
  check_structure();
  Found found = scan();
  if (!found.damaged.empty() || !found.bad_words.empty()) {
    set_aside(found.damaged);
    transaction([&] {
      for (auto const id : found.bad_words) sql_.delete_word.bind(1, id).run();
      if (!found.bad_words.empty()) note_damage("", static_cast<std::int64_t>(found.bad_words.size()), "outcome: asked again");
    });
    found.gaps = scan().gaps;
  }
  // A folder that a restore wrote says so itself: the same inode may hold an older state.
  std::string const restored = options_.dir + "/restored";
  if (written != identity_of(path_) || ::access(restored.c_str(), F_OK) == 0 || found.gaps) {
    renew();
    ::unlink(restored.c_str());
    scan();
  }
}

SqliteStore::~SqliteStore() = default;

void SqliteStore::open_file() {
  db_ = std::make_unique<Database>(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, options_.vfs);
  db_->exec("PRAGMA busy_timeout=5000; PRAGMA page_size=4096; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000");
  if (db_->ask("PRAGMA journal_mode=WAL") != "wal") throw Damaged("SQLite refuses a write-ahead log for " + path_);
  db_->exec(options_.sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
  db_->exec("PRAGMA wal_autocheckpoint=0");
  sqlite3_wal_hook(
      db_->get(),
      [](void* self, sqlite3*, char const*, int pages) {
        static_cast<SqliteStore*>(self)->wal_pages_ = pages;
        return SQLITE_OK;
      },
      this);
  // What a failed fsync left in the page cache may read well and yet not be on the disk. Moving the log into the file
  // writes those pages anew and syncs them, so that everything found at start is durable.
  db_->exec("PRAGMA wal_checkpoint(TRUNCATE)");
  if (db_->ask("SELECT count(*) FROM sqlite_schema") == "0") {
    if (path_ == options_.dir + "/spool.sqlite" && ::access((options_.dir + "/made").c_str(), F_OK) == 0) {
      throw Corrupt("the spool " + path_ + " is empty though it was made before");
    }
    make_schema();
  }
  prepare_statements();
}

void SqliteStore::make_schema() {
  db_->exec("BEGIN IMMEDIATE");
  db_->exec(kSchema);
  write_meta(random_uuid());
  db_->exec("COMMIT");
  make_file(options_.dir, options_.dir + "/made");  // an empty file is never taken for a new one again
}

void SqliteStore::close_file() {
  sql_ = {};
  db_.reset();
  broken_.clear();
  districts_.clear();
  syncing_ = true;
  wal_pages_ = 0;
}

std::map<std::int64_t, std::int64_t> SqliteStore::last_seqs() const {
  std::map<std::int64_t, std::int64_t> last;
  for (auto const& [code, d] : districts_) last[d.number] = d.last;
  return last;
}

void SqliteStore::write_meta(std::string const& spool_id) {
  std::string const identity = identity_of(path_);
  Sum const sum = checksum_.text("meta").number(kFormat).text(spool_id).text(identity).done();
  auto meta = db_->prepare("INSERT OR REPLACE INTO meta VALUES(1, ?1, ?2, ?3, ?4)");
  meta.bind(1, kFormat).text(2, spool_id).text(3, identity).blob(4, view(sum)).run();
}

void SqliteStore::prepare_statements() {
  sql_.begin = db_->prepare("BEGIN");
  sql_.commit = db_->prepare("COMMIT");
  sql_.insert_record = db_->prepare("INSERT INTO record VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
  sql_.insert_word = db_->prepare("INSERT OR REPLACE INTO outcome VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  sql_.insert_district = db_->prepare("INSERT OR REPLACE INTO district VALUES(?1, ?2, ?3, ?4, ?5)");
  sql_.select_row = db_->prepare(kSelectRow);
  sql_.select_key = db_->prepare("SELECT district, principal, key, report_id FROM record WHERE id = ?1");
  sql_.select_queued = db_->prepare(kSelectQueued);
  sql_.select_after = db_->prepare(kSelectAfter);
  sql_.select_prunable = db_->prepare(kSelectPrunable);
  sql_.delete_record = db_->prepare("DELETE FROM record WHERE id = ?1");
  sql_.delete_word = db_->prepare("DELETE FROM outcome WHERE id = ?1");
}

void SqliteStore::check_structure() {
  std::string const answer = db_->ask("PRAGMA quick_check(1)");
  if (answer != "ok") throw Corrupt("the spool " + path_ + " is damaged: " + answer);
}

std::string SqliteStore::read_meta() {
  auto row = db_->prepare("SELECT format, spool_id, identity, sum FROM meta");
  if (!row.step()) throw Corrupt("the spool " + path_ + " does not say which spool it is");
  std::int64_t const format = row.integer(0);
  spool_id_ = row.string(1);
  std::string identity = row.string(2);
  if (row.view(3) != view(checksum_.text("meta").number(format).text(spool_id_).text(identity).done())) {
    throw Corrupt("the spool " + path_ + " does not say which spool it is: checksum");
  }
  if (format != kFormat) {
    throw std::runtime_error("the spool " + path_ + " has format " + std::to_string(format) + ", this program reads " +
                             std::to_string(kFormat) + ": start the newer program again");
  }
  return identity;
}

void SqliteStore::read_districts() {
  districts_.clear();
  auto row = db_->prepare("SELECT number, code, last, pruned, sum FROM district");
  while (row.step()) {
    District d{row.integer(0), row.integer(2), row.integer(3)};
    std::string const code = row.string(1);
    if (row.view(4) != view(sum_of_district(code, d))) throw Corrupt("the spool " + path_ + " lost count of a district: checksum");
    districts_[code] = d;
  }
}

// Verifies every record, counts, and fills the indexes.
SqliteStore::Found SqliteStore::scan() {
  Found found;
  by_key_.clear();
  by_report_.clear();
  queued_ = committed_ = 0;
  for (auto& [code, d] : districts_) {
    d.rows = 0;
    d.low = 1;
  }
  auto all = db_->prepare(kSelectAll);
  while (all.step()) {
    Row const row = read(all);
    auto const at = districts_.find(code_of(row.id));
    if (row.record.seq < 1 || row.record.seq > at->second.last) throw Corrupt("a record beyond its district's last, " + path_);
    ++at->second.rows;
    if (!row.sound || row.record.district != at->first) {
      found.damaged.push_back(row.id);
      continue;
    }
    if (!row.word_sound) found.bad_words.push_back(row.id);
    if ((row.flags & kPlaceholder) == 0) index(row.id, row.record);
    count(row.word, 1);
  }
  for (auto const& [code, d] : districts_) found.gaps |= d.rows != d.last - d.pruned;
  return found;
}

// The bytes move to `damaged` for people to look at; in their place stands a dead letter with the same seq, so that the
// sender can report it and the dispatcher's contiguous cursor goes on.
void SqliteStore::set_aside(std::vector<std::int64_t> const& rows) {
  if (rows.empty()) return;
  sync_commits(true);
  transaction([&] {
    for (auto const id : rows) replace_by_placeholder(id);
  });
}

void SqliteStore::replace_by_placeholder(std::int64_t id) {
  auto const row = row_at(id);
  if (!row) return;
  Record placeholder;
  placeholder.district = code_of(id);
  placeholder.seq = seq_of(id);
  // A sound outcome proves the report id it speaks of.
  placeholder.report_id = row->word ? row->record.report_id : random_uuid();
  placeholder.key = "damaged-" + placeholder.report_id;
  auto keep = db_->prepare(
      "INSERT INTO damaged(records, reason, district, seq, report_id, principal, key, body_hash, received_at, payload, sum) "
      "SELECT 1, 'record: checksum', ?2, ?3, report_id, principal, key, body_hash, received_at, payload, sum FROM record WHERE id = ?1");
  keep.bind(1, id).text(2, placeholder.district).bind(3, placeholder.seq).run();
  sql_.delete_record.bind(1, id).run();
  if (!row->word) sql_.delete_word.bind(1, id).run();
  insert(id, placeholder, kPlaceholder);
}

void SqliteStore::note_damage(std::string_view district, std::int64_t count, std::string_view reason) {
  auto note = db_->prepare("INSERT INTO damaged(records, reason, district) VALUES(?1, ?2, ?3)");
  note.bind(1, count).text(2, reason).text(3, district).run();
}

// This spool becomes another one: a new id, its records counted anew from 1 without gaps, all of them to be sent again
// with what had been answered. The dispatcher knows them by their keys.
void SqliteStore::renew() {
  sync_commits(true);
  auto fresh = districts_;
  std::string const id = random_uuid();
  transaction([&] {
    for (auto& [code, d] : fresh) {
      if (auto const lost = d.last - d.pruned - d.rows; lost > 0) note_damage(code, lost, "record: missing");
      d.last = d.pruned = 0;
    }
    auto all = db_->prepare("SELECT id FROM record ORDER BY id");
    std::vector<std::int64_t> ids;
    while (all.step()) ids.push_back(all.integer(0));
    all.reset();
    for (auto const old_id : ids) {
      auto row = row_at(old_id);
      if (!row) continue;
      sql_.delete_record.bind(1, old_id).run();
      sql_.delete_word.bind(1, old_id).run();
      if ((row->flags & kPlaceholder) != 0) continue;  // it is in `damaged`, and no seq needs it any more
      auto& d = fresh.at(row->record.district);
      row->record.seq = ++d.last;
      insert(row_of(d, row->record.seq), row->record, row->flags);
      if (!row->word) continue;
      row->word->again = true;
      save(row_of(d, row->record.seq), *row->word, row->record.report_id);
    }
    for (auto const& [code, d] : fresh) save(code, d);
    write_meta(id);
  });
  districts_ = fresh;
  spool_id_ = id;
}

// The file makes no sense as a database. Whatever sound records lie in its bytes go into a new one, under a new spool id;
// the old file is kept beside as *.damaged-N for people to look at. A crash at any point leaves either the old file or
// the finished new one.
void SqliteStore::rescue(std::string const& why, std::string const& log) {
  std::int64_t expected = 0;
  for (auto const& [code, d] : districts_) expected += d.last - d.pruned;
  close_file();
  std::string const old_path = path_;
  std::string aside;
  for (int n = 1; aside.empty() || ::access(aside.c_str(), F_OK) == 0; ++n) aside = old_path + ".damaged-" + std::to_string(n);
  auto const saved = salvage(read_through(options_.vfs, old_path, false), log);
  std::error_code unused;
  std::filesystem::create_hard_link(old_path, aside, unused);
  if (!log.empty()) std::ofstream(aside + "-wal", std::ios::binary) << log;

  path_ = old_path + ".new";
  for (char const* suffix : {"", "-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
  make_file(options_.dir, path_);
  open_file();
  transaction([&] {
    for (auto const& [record, word] : saved) {
      auto& d = district(record.district);
      Record again = record;
      again.seq = ++d.last;
      insert(row_of(d, again.seq), again, 0);
      if (!word) continue;
      Word repeated = *word;
      repeated.again = true;
      save(row_of(d, again.seq), repeated, again.report_id);
    }
    for (auto const& [code, d] : districts_) save(code, d);
    std::int64_t const lost = expected - static_cast<std::int64_t>(saved.size());
    note_damage("", std::max<std::int64_t>(lost, 1), why + "; " + std::to_string(saved.size()) + " records saved; the old file is " + aside);
  });
  close_file();  // moves its log into the file
  path_ = old_path;
  std::filesystem::rename(old_path + ".new", old_path + ".rescued");
  sync_folder(options_.dir);
  finish_rescue();
}

void SqliteStore::finish_rescue() {
  std::string const rescued = path_ + ".rescued";
  if (::access(rescued.c_str(), F_OK) != 0) return;
  // The old log would be replayed over the new file.
  for (char const* suffix : {"-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
  std::filesystem::rename(rescued, path_);
  sync_folder(options_.dir);
}

std::unique_ptr<Store> open_sqlite(SqliteOptions options) { return std::make_unique<SqliteStore>(std::move(options)); }

std::unique_ptr<Store> open_sqlite(std::string const& dir, std::uint64_t free_bytes_floor) {
  return open_sqlite(SqliteOptions{.dir = dir, .free_bytes_floor = free_bytes_floor});
}

}  // namespace wangge::spool
