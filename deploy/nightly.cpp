// Slots of local time and two small files. See nightly.hpp.
#include "deploy/nightly.hpp"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <ctime>

#include "deploy/layout.hpp"

namespace wangge::deploy {
namespace {

constexpr std::chrono::minutes kSettleFirst{5};  // after a start, before a missed night is made up
constexpr std::chrono::minutes kWriteAgain{1};

Seconds clock_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::int64_t count(Seconds t) { return t.time_since_epoch().count(); }

}  // namespace

std::optional<LastBackup> last_backup(std::filesystem::path const& folder) {
  auto const text = read_file(folder / "last.json");
  if (text.empty()) return std::nullopt;
  boost::system::error_code error;
  auto const value = boost::json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  auto const& o = value.as_object();
  auto const number = [&](char const* name) -> std::int64_t {
    auto const* v = o.if_contains(name);
    return v && v->is_int64() ? v->as_int64() : 0;
  };
  LastBackup last;
  last.started = Seconds(std::chrono::seconds(number("started_at")));
  last.finished = Seconds(std::chrono::seconds(number("finished_at")));
  last.bytes = static_cast<std::uint64_t>(number("bytes"));
  if (auto const* path = o.if_contains("path"); path && path->is_string()) last.path = path->as_string().c_str();
  return last;
}

void note_backup(std::filesystem::path const& folder, LastBackup const& done) {
  boost::json::object const o{{"started_at", count(done.started)}, {"finished_at", count(done.finished)}, {"path", done.path},
                              {"bytes", static_cast<std::int64_t>(done.bytes)}};
  std::filesystem::create_directories(folder);
  write_file(folder / "last.json", boost::json::serialize(o) + "\n", 0644);
}

Seconds last_slot(std::string const& at, Seconds now) {
  std::time_t const t = count(now);
  std::tm local{};
  localtime_r(&t, &local);
  local.tm_hour = std::atoi(at.substr(0, 2).c_str());
  local.tm_min = std::atoi(at.substr(3, 2).c_str());
  local.tm_sec = 0;
  local.tm_isdst = -1;
  auto slot = std::mktime(&local);
  if (slot > t) {
    local.tm_mday -= 1;
    local.tm_isdst = -1;
    slot = std::mktime(&local);
  }
  return Seconds(std::chrono::seconds(slot));
}

Nightly::Nightly(std::filesystem::path folder, std::string at, bool on, Now now)
    : folder_(std::move(folder)), at_(std::move(at)), on_(on), now_(now ? std::move(now) : Now(clock_now)), begun_(now_()) {}

bool Nightly::due() {
  if (!on_) return false;
  auto const now = now_();
  if (now - begun_ < kSettleFirst) return false;
  if (!written_ && now - tried_ >= kWriteAgain) write();
  auto const text = last_ ? std::string{} : read_file(folder_ / "last-attempt");
  if (!last_ && text.empty()) {  // a fresh DATA: its first backup is that of the coming night
    attempted();
    return false;
  }
  return last_.value_or(Seconds(std::chrono::seconds(std::atoll(text.c_str())))) < last_slot(at_, now);
}

void Nightly::attempted() {
  last_ = now_();
  write();
}

void Nightly::write() {
  tried_ = now_();
  auto const before = written_;
  try {
    std::filesystem::create_directories(folder_);
    write_file(folder_ / "last-attempt", std::to_string(count(*last_)) + "\n", 0644);
    written_ = true;
  } catch (std::exception const& error) {
    written_ = false;
    if (before) spdlog::error("the time of the nightly backup cannot be kept: {}", error.what());
  }
}

}  // namespace wangge::deploy
