// See backup_files.hpp.
#include "deploy/backup_files.hpp"

#include <sqlite3.h>

#include <boost/json.hpp>
#include <fstream>
#include <memory>

#include "deploy/errors.hpp"
#include "deploy/layout.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

struct CloseSqlite {
  void operator()(sqlite3* db) const { sqlite3_close(db); }
};
using Sqlite = std::unique_ptr<sqlite3, CloseSqlite>;

constexpr int kBusyMs = 30000;  // a gateway's commit takes milliseconds

Sqlite open_sqlite_file(fs::path const& file, int flags) {
  sqlite3* db = nullptr;
  int const code = sqlite3_open_v2(file.c_str(), &db, flags, nullptr);
  Sqlite held(db);
  if (code != SQLITE_OK) throw EnvironmentError("cannot open " + file.string() + ": " + sqlite3_errstr(code));
  sqlite3_busy_timeout(db, kBusyMs);
  return held;
}

bool is_sqlite_side_file(fs::path const& file) {
  auto const name = file.filename().string();
  return name.ends_with("-wal") || name.ends_with("-shm") || name.ends_with("-journal");
}

// What a rescue set aside for people to look at (gateways/spool): its head may still be SQLite's, the rest is not.
bool is_set_aside(fs::path const& file) {
  return file.filename().string().find(".damaged-") != std::string::npos;
}

void make_parent(fs::path const& file) {
  fs::create_directories(file.parent_path());
}

// False when it vanished meanwhile, which is nobody's fault.
bool copy_plain(fs::path const& from, fs::path const& to) {
  std::error_code error;
  make_parent(to);
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error == std::errc::no_such_file_or_directory) return false;
  if (error) throw EnvironmentError("cannot copy " + from.string() + ": " + error.message());
  return true;
}

std::int64_t number(json::object const& o, char const* name) {
  auto const* v = o.if_contains(name);
  return v && v->is_number() ? v->to_number<std::int64_t>() : 0;
}
std::string text(json::object const& o, char const* name) {
  auto const* v = o.if_contains(name);
  return v && v->is_string() ? std::string(v->as_string()) : std::string{};
}

}  // namespace

void write_manifest(fs::path const& folder, Manifest const& m) {
  json::array files;
  for (auto const& [path, fact] : m.files)
    files.push_back(
        json::object{{"path", path}, {"size", static_cast<std::int64_t>(fact.size)}, {"sha256", fact.sha256}});
  json::object const o{{"format", 1},
                       {"version", m.version},
                       {"started_at", m.started_at},
                       {"finished_at", m.finished_at},
                       {"database_at", m.database_at},
                       {"data", m.data},
                       {"wal_archive", m.wal_archive},
                       {"wal_live", m.wal_live},
                       {"bytes", static_cast<std::int64_t>(m.bytes)},
                       {"files", std::move(files)}};
  write_file(folder / "manifest.json", json::serialize(o) + "\n", 0640);
}

Manifest read_manifest(fs::path const& folder) {
  auto const content = read_file(folder / "manifest.json");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) throw UsageError("there is no backup in " + folder.string() + ": no such folder");
  if (content.empty()) throw DamageError(folder.string() + " is no finished backup: it has no manifest.json");
  boost::system::error_code error;
  auto const value = json::parse(content, error);
  if (error || !value.is_object() || number(value.as_object(), "format") != 1)
    throw DamageError((folder / "manifest.json").string() + " cannot be read");
  auto const& o = value.as_object();
  Manifest m;
  m.version = text(o, "version");
  m.started_at = number(o, "started_at");
  m.finished_at = number(o, "finished_at");
  m.database_at = number(o, "database_at");
  m.data = text(o, "data");
  m.wal_archive = text(o, "wal_archive");
  m.wal_live = text(o, "wal_live");
  m.bytes = static_cast<std::uint64_t>(number(o, "bytes"));
  if (auto const* files = o.if_contains("files"); files && files->is_array())
    for (auto const& entry : files->as_array())
      if (entry.is_object())
        m.files[text(entry.as_object(), "path")] = {static_cast<std::uint64_t>(number(entry.as_object(), "size")),
                                                    text(entry.as_object(), "sha256")};
  return m;
}

bool is_sqlite(fs::path const& file) {
  if (is_set_aside(file)) return false;
  std::ifstream in(file, std::ios::binary);
  std::string head(16, '\0');
  in.read(head.data(), 16);
  return in.gcount() == 16 && head == std::string("SQLite format 3\0", 16);
}

// One read transaction: what was committed at one moment, the write-ahead log included.
void copy_sqlite(fs::path const& from, fs::path const& to) {
  make_parent(to);
  fs::remove(to);
  auto const source = open_sqlite_file(from, SQLITE_OPEN_READWRITE);
  auto const target = open_sqlite_file(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  auto* copy = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  int code = copy ? sqlite3_backup_step(copy, -1) : sqlite3_errcode(target.get());
  if (copy && code == SQLITE_DONE) code = SQLITE_OK;
  int const end = copy ? sqlite3_backup_finish(copy) : code;
  if (code != SQLITE_OK || end != SQLITE_OK)
    throw EnvironmentError("cannot copy " + from.string() + ": " + sqlite3_errstr(code != SQLITE_OK ? code : end));
}

std::string sqlite_problem(fs::path const& file) {
  auto const db = open_sqlite_file(file, SQLITE_OPEN_READONLY);
  std::string answer;
  auto const keep = [](void* out, int, char** values, char**) {
    *static_cast<std::string*>(out) += values[0] ? values[0] : "";
    return 0;
  };
  int const code = sqlite3_exec(db.get(), "PRAGMA quick_check(3)", keep, &answer, nullptr);
  if (code != SQLITE_OK) return sqlite3_errmsg(db.get());
  return answer == "ok" ? "" : answer;
}

void copy_tree(fs::path const& from, fs::path const& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return;
  for (auto const& entry : fs::recursive_directory_iterator(from, fs::directory_options::skip_permission_denied)) {
    if (!entry.is_regular_file(error) || (is_sqlite_side_file(entry.path()) && !is_set_aside(entry.path()))) continue;
    auto const target = to / fs::relative(entry.path(), from);
    if (is_sqlite(entry.path()))
      copy_sqlite(entry.path(), target);
    else
      copy_plain(entry.path(), target);
  }
}

void link_tree(fs::path const& from, fs::path const& to, fs::path const& previous) {
  std::error_code error;
  if (!fs::exists(from, error)) return;
  for (auto const& entry : fs::recursive_directory_iterator(from)) {
    if (!entry.is_regular_file(error)) continue;
    auto const inside = fs::relative(entry.path(), from);
    auto const target = to / inside;
    make_parent(target);
    auto const older = previous / inside;
    auto const size = entry.file_size(error);
    if (error) continue;
    if (!previous.empty() && fs::exists(older, error) && fs::file_size(older, error) == size) {
      fs::create_hard_link(older, target, error);
      if (!error) continue;
    }
    fs::create_hard_link(entry.path(), target, error);
    if (error) copy_plain(entry.path(), target);
  }
}

}  // namespace wangge::deploy
