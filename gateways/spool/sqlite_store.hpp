// The spool's store on SQLite: how records lie in the file, and the settings only tests and benches turn.
// Records never change; the dispatcher's words stand in a table of their own, so that a settled record costs 60 bytes
// and not its whole page again. The row id is (district number << 40 | seq): the rows of a district lie in seq order.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateways/spool/checksum.hpp"
#include "gateways/spool/identity.hpp"
#include "gateways/spool/key_index.hpp"
#include "gateways/spool/row.hpp"
#include "gateways/spool/spool.hpp"
#include "gateways/spool/sqlite.hpp"

namespace wangge::spool {

struct SqliteOptions {
  std::string dir;
  std::uint64_t free_bytes_floor = 0;
  char const* vfs = nullptr;        // tests: one that crashes
  bool sync = true;                 // tests: false is the planted bug "acknowledge before fsync"
  int checkpoint_idle_pages = 1000;   // settle() moves the WAL into the file past 4 MiB
  int checkpoint_busy_pages = 4000;   // append() does so itself only past 16 MiB
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(SqliteOptions options);
  ~SqliteStore() override;

  std::string spool_id() const override { return spool_id_; }
  std::vector<Appended> append(std::vector<Record> records) override;
  void settle(std::vector<Outcome> const& outcomes) override;
  std::vector<Record> queued(std::string const& district, std::int64_t after_seq, int limit) override;
  std::vector<std::string> districts() override;
  std::int64_t requeue_after(std::string const& district, std::int64_t cursor) override;
  std::optional<Record> find_report(std::string const& report_id) override;
  std::optional<Record> find_key(std::string const& district, std::string const& principal, std::string const& key) override;
  std::int64_t settled_below(std::string const& district) override;
  std::int64_t prune(std::string const& district, core::Instant before, std::int64_t below) override;
  Health health() override;

 private:
  struct District {
    std::int64_t number = 0;        // upper part of the row ids
    std::int64_t last = 0;          // highest seq given
    std::int64_t pruned = 0;        // rows dropped by prune: last - pruned rows must be there
    std::int64_t last_at_open = 0;  // up to here a 2xx may have been said by an earlier run
    std::int64_t low = 1;           // nothing below is queued
    std::int64_t rows = 0;          // counted by the scan at start
  };
  struct Row {
    Record record;
    std::int64_t id = 0, flags = 0;
    std::optional<Word> word;
    bool sound = false, word_sound = true;  // the checksums hold
  };
  static std::int64_t row_of(District const& d, std::int64_t seq) { return d.number << kSeqBits | seq; }

  // opening and repairing (sqlite_open.cpp)
  void open_checked();
  void open_file();
  void close_file();
  void rescue(std::string const& why, std::string const& log);
  void finish_rescue();
  void make_schema();
  void prepare_statements();
  void check_structure();
  std::string read_meta();  // the identity written there
  void read_districts();
  struct Found {
    std::vector<std::int64_t> damaged, bad_words;
    bool gaps = false;
  };
  Found scan();
  void set_aside(std::vector<std::int64_t> const& rows);
  void replace_by_placeholder(std::int64_t id);  // inside a transaction
  void write_meta(std::string const& spool_id);
  std::map<std::int64_t, std::int64_t> last_seqs() const;  // by district number
  void note_damage(std::string_view district, std::int64_t count, std::string_view reason);
  void renew();

  Sum sum_of_district(std::string const& code, District const& d);

  // rows
  Row read(Statement const& row);
  std::optional<Row> row_at(std::int64_t id);
  std::optional<Record> record_at(std::int64_t id);
  std::uint64_t hash(std::string_view a, std::string_view b = {}, std::string_view c = {}) const;
  template <class IsIt>
  std::int64_t find_row(std::string const& district, std::string const& principal, std::string const& key, IsIt&& is_it);
  // What an append of this record finds under its key: the row of the same body, else the one that holds the key.
  std::optional<Row> holder_of_key(Record const& record);
  void insert(std::int64_t id, Record const& record, std::int64_t flags);
  void save(std::string const& code, District const& d);
  void save(std::int64_t id, Word const& word, std::string_view report_id);
  void index(std::int64_t id, Record const& record);
  void unindex(std::int64_t id, Record const& record);
  District& district(std::string const& code);
  std::string const& code_of(std::int64_t row) const;
  void count(std::optional<Word> const& word, int by);
  static RecordState state_of(std::optional<Word> const& word, std::int64_t flags);

  // transactions
  void transaction(std::function<void()> const& work);
  void roll_back() noexcept;
  void sync_commits(bool on);
  void checkpoint_past(int pages) noexcept;
  std::optional<std::uint64_t> room() const;  // bytes left on the disk

  SqliteOptions options_;
  std::string path_;
  std::unique_ptr<FolderLock> lock_;
  std::unique_ptr<Database> db_;
  std::string broken_;  // not empty: why nothing may be stored any more
  std::string spool_id_;
  std::map<std::string, District, std::less<>> districts_;
  KeyIndex by_key_, by_report_;
  std::array<unsigned char, 16> hash_key_{};
  Checksum checksum_;
  bool syncing_ = true;
  int wal_pages_ = 0;
  std::int64_t queued_ = 0, committed_ = 0;
  struct Statements {
    Statement begin, commit, insert_record, insert_word, insert_district, select_row, select_key, select_queued,
        select_after, select_prunable, delete_record, delete_word;
  } sql_;
};

std::unique_ptr<Store> open_sqlite(SqliteOptions options);

}  // namespace wangge::spool
