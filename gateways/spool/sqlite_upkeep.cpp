// See sqlite_store.hpp. Here: going back to a cursor, dropping what is no longer needed, counting.
#include <sys/stat.h>

#include <algorithm>

#include "gateways/spool/sqlite_store.hpp"

namespace wangge::spool {
namespace {

// One call of prune stops appends for some 50 ms; the caller comes again.
constexpr std::int64_t kPruneAtOnce = 5000;

}  // namespace

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

std::int64_t SqliteStore::settled_below(std::string const& code) {
  auto const at = districts_.find(code);
  if (at == districts_.end()) return 1;
  auto const first = queued(code, 0, 1);
  return first.empty() ? at->second.last + 1 : first.front().seq;
}

std::int64_t SqliteStore::prune(std::string const& code, core::Instant before, std::int64_t below) {
  auto const at = districts_.find(code);
  if (at == districts_.end()) return 0;
  District& d = at->second;
  sync_commits(true);
  std::vector<Row> rows;
  transaction([&] {
    {
      Use use{sql_.select_prunable};
      auto const last = std::min(below - 1, d.last);
      sql_.select_prunable.bind(1, row_of(d, 0))
          .bind(2, row_of(d, last))
          .bind(3, before.time_since_epoch().count())
          .bind(4, kPruneAtOnce);
      while (last > 0 && sql_.select_prunable.step()) {
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
  checkpoint_past(options_.checkpoint_idle_pages);
  return static_cast<std::int64_t>(rows.size());
}

Store::Health SqliteStore::health() {
  if (!broken_.empty()) throw Damaged(broken_);
  Health health{queued_, committed_};
  if (auto const left = room()) health.full = *left < options_.free_bytes_floor;
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
