// See salvage.hpp. File format: sqlite.org/fileformat2.html (table leaf cells, overflow pages, log frames).
#include "gateways/spool/salvage.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <tuple>

#include "gateways/spool/sqlite.hpp"

namespace wangge::spool {
namespace {

constexpr std::size_t kPage = 4096, kLogHead = 32, kFrameHead = 24, kFrame = kFrameHead + kPage;
constexpr std::int64_t kLargest = 1 << 20;  // of a row

std::uint32_t big32(std::string_view b, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(b[at + i]);
  return value;
}

// SQLite's variable-length integer; moves `at` on, nullopt at the end of the bytes.
std::optional<std::int64_t> varint(std::string_view b, std::size_t& at) {
  std::uint64_t value = 0;
  for (int i = 0; i < 9; ++i) {
    if (at >= b.size()) return std::nullopt;
    auto const byte = static_cast<unsigned char>(b[at++]);
    if (i == 8) return static_cast<std::int64_t>(value << 8 | byte);
    value = value << 7 | (byte & 0x7f);
    if ((byte & 0x80) == 0) return static_cast<std::int64_t>(value);
  }
  return std::nullopt;
}

struct Frames {
  explicit Frames(std::string_view log) : log(log) {
    // A damaged head would disown all frames; the first frame knows the salts as well.
    if (count() > 0) salts = head_is_sound() ? log.substr(16, 8) : head(0).substr(8, 8);
  }
  std::size_t count() const { return log.size() < kLogHead ? 0 : (log.size() - kLogHead) / kFrame; }
  std::string_view head(std::size_t i) const { return log.substr(kLogHead + i * kFrame, kFrameHead); }
  std::string_view page(std::size_t i) const { return log.substr(kLogHead + i * kFrame + kFrameHead, kPage); }
  std::uint32_t number(std::size_t i) const { return big32(head(i), 0); }
  bool commits(std::size_t i) const { return big32(head(i), 4) != 0; }
  bool of_this_round(std::size_t i) const { return head(i).substr(8, 8) == salts; }
  std::uint32_t word(std::string_view b, std::size_t at) const {  // in the byte order of the checksums
    return (big32(log, 0) & 1) != 0 ? big32(b, at) : __builtin_bswap32(big32(b, at));
  }
  void feed(std::uint32_t& s0, std::uint32_t& s1, std::string_view b) const {
    for (std::size_t at = 0; at + 8 <= b.size(); at += 8) {
      s0 += word(b, at) + s1;
      s1 += word(b, at + 4) + s0;
    }
  }
  bool head_is_sound() const {
    std::uint32_t s0 = 0, s1 = 0;
    feed(s0, s1, log.substr(0, 24));
    return s0 == big32(log, 24) && s1 == big32(log, 28);
  }
  std::string_view log, salts;
};

class Salvage {
 public:
  Salvage(std::string_view database, std::string_view log) : database_(database), frames_(log) {
    for (std::size_t i = 0; i < frames_.count(); ++i) {
      if (frames_.of_this_round(i)) latest_[frames_.number(i)] = i;
    }
  }

  struct Row {
    std::int64_t id = 0, flags = 0;
    Record record;
  };
  struct Said {
    Word word;
    std::string sum;
  };

  // Calls found(Row) for each sound record and heard(id, Said) for each row that may be a word.
  template <class FoundRecord, class FoundWord>
  void search(std::string_view page, FoundRecord&& found, FoundWord&& heard) {
    for (std::size_t at = 0; at + 30 < page.size(); ++at) {
      auto const cell = read_cell(page, at);
      if (!cell) continue;
      if (auto row = as_record(*cell, true)) found(std::move(*row));
      else if (row = as_record(*cell, false); row) found(std::move(*row));
      else if (auto said = as_word(*cell)) heard(cell->id, std::move(*said));
    }
  }

 private:
  struct Cell {
    std::int64_t id = 0;
    std::size_t size = 0, body = 0;  // of the whole row; where the values begin in it
    std::array<std::int64_t, 10> types{};
    std::size_t columns = 0;
    std::string_view here;   // what lies in the page itself
    std::uint32_t overflow = 0;
  };

  // A cheap look: would a row of ours begin here?
  static std::optional<Cell> read_cell(std::string_view page, std::size_t at) {
    if (page[at] == 0) return std::nullopt;  // most places by far
    auto const size = varint(page, at);
    if (!size || *size < 20 || *size > kLargest) return std::nullopt;
    auto const id = varint(page, at);
    if (!id || *id >> kSeqBits <= 0) return std::nullopt;
    Cell cell{*id, static_cast<std::size_t>(*size)};
    std::size_t type_at = at;
    auto const head = varint(page, type_at);
    if (!head || *head < 8 || *head > 40 || at + static_cast<std::size_t>(*head) > page.size()) return std::nullopt;
    std::size_t const end = at + static_cast<std::size_t>(*head);
    cell.body = static_cast<std::size_t>(*head);
    std::size_t total = cell.body;
    while (type_at < end && cell.columns < cell.types.size()) {
      auto const type = varint(page, type_at);
      if (!type || *type < 0 || *type > 2 * kLargest) return std::nullopt;
      cell.types[cell.columns++] = *type;
      total += width(*type);
    }
    // The checksum comes last in both tables: 16 bytes.
    if (type_at != end || cell.columns < 7 || cell.types[0] != 0 || cell.types[cell.columns - 1] != 44 || total != cell.size) return std::nullopt;
    std::size_t local = cell.size;
    if (local > kPage - 35) {
      std::size_t const least = (kPage - 12) * 32 / 255 - 23, more = least + (cell.size - least) % (kPage - 4);
      local = more <= kPage - 35 ? more : least;
    }
    if (at + local + (local < cell.size ? 4 : 0) > page.size()) return std::nullopt;
    cell.here = page.substr(at, local);
    if (local < cell.size) cell.overflow = big32(page, at + local);
    return cell;
  }

  static std::size_t width(std::int64_t type) {
    constexpr std::array<std::size_t, 12> small{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return type < 12 ? small[static_cast<std::size_t>(type)] : static_cast<std::size_t>((type - 12) / 2);
  }

  // The whole row, following overflow pages in the log or only in the file.
  std::optional<std::string> whole(Cell const& cell, bool with_log) const {
    std::string bytes(cell.here);
    for (std::uint32_t next = cell.overflow; bytes.size() < cell.size;) {
      auto const page = page_of(next, with_log);
      if (page.size() != kPage) return std::nullopt;
      bytes.append(page.substr(4, std::min(kPage - 4, cell.size - bytes.size())));
      next = big32(page, 0);
    }
    return bytes;
  }
  std::string_view page_of(std::uint32_t number, bool with_log) const {
    auto const found = with_log ? latest_.find(number) : latest_.end();
    if (found != latest_.end()) return frames_.page(found->second);
    if (number == 0 || std::uint64_t{number} * kPage > database_.size()) return {};
    return database_.substr((number - 1) * kPage, kPage);
  }

  // The values one after the other.
  struct Values {
    std::string const& bytes;
    Cell const& cell;
    std::size_t column = 0, at = 0;
    std::string text() {
      auto const size = width(cell.types[column++]);
      at += size;
      return bytes.substr(at - size, size);
    }
    std::int64_t integer() {
      auto const type = cell.types[column];
      if (type == 8 || type == 9) return ++column, type - 8;
      std::string const raw = text();
      std::uint64_t value = !raw.empty() && static_cast<signed char>(raw[0]) < 0 ? ~std::uint64_t{0} : 0;
      for (char const c : raw) value = value << 8 | static_cast<unsigned char>(c);
      return static_cast<std::int64_t>(value);
    }
  };

  std::optional<Row> as_record(Cell const& cell, bool with_log) {
    if (cell.columns != 10) return std::nullopt;
    auto const bytes = whole(cell, with_log);
    if (!bytes) return std::nullopt;
    Values values{*bytes, cell, 1, cell.body};
    Row row{cell.id};
    Record& r = row.record;
    r.seq = seq_of(cell.id);
    r.district = values.text();
    r.report_id = values.text();
    r.principal = values.text();
    r.key = values.text();
    r.body_hash = values.text();
    r.received_at = core::Instant(core::Millis(values.integer()));
    row.flags = values.integer();
    r.payload = values.text();
    return values.text() == view(sum_of(checksum_, r, row.flags)) ? std::optional(std::move(row)) : std::nullopt;
  }

  std::optional<Said> as_word(Cell const& cell) const {
    if (cell.columns != 7) return std::nullopt;
    auto const bytes = whole(cell, true);
    if (!bytes) return std::nullopt;
    Values values{*bytes, cell, 1, cell.body};
    Said said;
    auto const state = values.integer();
    if (state < 0 || state > 3) return std::nullopt;
    said.word.state = static_cast<RecordState>(state);
    said.word.again = values.integer() != 0;
    said.word.case_no = values.text();
    said.word.case_state = values.text();
    said.word.place_unusable = values.integer() != 0;
    said.sum = values.text();
    return said;
  }

  std::string_view database_;
  Frames frames_;
  std::map<std::uint32_t, std::size_t> latest_;  // page number to its newest frame
  Checksum checksum_;
};

// How many frames SQLite accepts: the checksum of each goes on from the one before.
std::size_t sound_frames(Frames const& frames) {
  if (frames.count() == 0 || !frames.head_is_sound()) return 0;
  std::uint32_t s0 = big32(frames.log, 24), s1 = big32(frames.log, 28);
  for (std::size_t i = 0; i < frames.count(); ++i) {
    frames.feed(s0, s1, frames.head(i).substr(0, 8));
    frames.feed(s0, s1, frames.page(i));
    if (!frames.of_this_round(i) || s0 != big32(frames.head(i), 16) || s1 != big32(frames.head(i), 20)) return i;
  }
  return frames.count();
}

}  // namespace

std::vector<Salvaged> salvage(std::string_view database, std::string_view log) {
  Salvage file(database, log);
  std::map<std::tuple<std::string, std::string, std::string, std::string>, Salvage::Row> records;
  std::multimap<std::int64_t, Salvage::Said> words;
  auto const search = [&](std::string_view page) {
    file.search(
        page,
        [&](Salvage::Row row) {
          if ((row.flags & kPlaceholder) != 0) return;
          auto const key = std::tuple(row.record.district, row.record.principal, row.record.key, row.record.body_hash);
          auto const [at, fresh] = records.try_emplace(key, row);
          if (!fresh && at->second.id < row.id) at->second = std::move(row);
        },
        [&](std::int64_t id, Salvage::Said said) { words.emplace(id, std::move(said)); });
  };
  for (std::size_t at = 0; at < database.size(); at += kPage) search(database.substr(at, kPage));
  Frames const frames(log);
  for (std::size_t i = 0; i < frames.count(); ++i) search(frames.page(i));

  Checksum checksum;
  std::vector<Salvaged> all;
  for (auto& [key, row] : records) {
    Salvaged one{std::move(row.record), {}};
    for (auto [at, end] = words.equal_range(row.id); at != end; ++at) {
      auto const& said = at->second;
      bool const better = !one.word || one.word->case_no.empty();
      if (better && said.sum == view(sum_of(checksum, said.word, one.record.report_id))) one.word = said.word;
    }
    all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](Salvaged const& a, Salvaged const& b) {
    return std::tie(a.record.district, a.record.seq, a.record.received_at) < std::tie(b.record.district, b.record.seq, b.record.received_at);
  });
  return all;
}

bool log_lost_records(std::string_view log, std::map<std::int64_t, std::int64_t> const& last) {
  Frames const frames(log);
  std::size_t const sound = sound_frames(frames);
  std::size_t last_commit = 0;
  for (std::size_t i = 0; i < frames.count(); ++i) {
    if (frames.of_this_round(i) && frames.commits(i)) last_commit = i;
  }
  Salvage file({}, log);
  bool unknown = false;  // in the transaction being read
  for (std::size_t i = 0; i < frames.count() && i <= last_commit; ++i) {
    if (!frames.of_this_round(i)) continue;
    file.search(
        frames.page(i),
        [&](Salvage::Row const& row) {
          auto const known = last.find(row.id >> kSeqBits);
          unknown |= known == last.end() || seq_of(row.id) > known->second;
        },
        [](std::int64_t, Salvage::Said const&) {});
    if (!frames.commits(i)) continue;
    if (unknown && (i < sound || i < last_commit)) return true;
    unknown = false;
  }
  return false;
}

std::string read_through(char const* vfs_name, std::string const& path, bool log) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name);
  int there = 0;
  std::string const base = log ? path.substr(0, path.size() - 4) : path;
  char const* name = sqlite3_create_filename(base.c_str(), (base + "-journal").c_str(), (base + "-wal").c_str(), 0, nullptr);
  char const* wanted = log ? sqlite3_filename_wal(name) : name;
  std::string bytes;
  std::vector<std::uint64_t> room(static_cast<std::size_t>(vfs->szOsFile) / sizeof(std::uint64_t) + 1);
  auto* file = reinterpret_cast<sqlite3_file*>(room.data());
  int const flags = log ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL : SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_DB;
  if (vfs->xAccess(vfs, wanted, SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK && there != 0) {
    int code = vfs->xOpen(vfs, wanted, file, flags, nullptr);
    sqlite3_int64 size = 0;
    if (code == SQLITE_OK) code = file->pMethods->xFileSize(file, &size);
    bytes.resize(static_cast<std::size_t>(size));
    constexpr sqlite3_int64 kAtOnce = 1 << 20;
    for (sqlite3_int64 at = 0; at < size && code == SQLITE_OK; at += kAtOnce) {
      code = file->pMethods->xRead(file, bytes.data() + at, static_cast<int>(std::min(kAtOnce, size - at)), at);
    }
    if (file->pMethods != nullptr) file->pMethods->xClose(file);
    if (code != SQLITE_OK) bytes.clear(), there = -1;
  }
  sqlite3_free_filename(name);
  if (there < 0) throw Damaged("cannot read " + path);
  return bytes;
}

}  // namespace wangge::spool
