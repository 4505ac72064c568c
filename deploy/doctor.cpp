// One function a check, each a sentence and a remedy. See doctor.hpp.
#include "deploy/doctor.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <sstream>

#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/http_client.hpp"
#include "deploy/up.hpp"
#include "dispatcher/core/switches.hpp"
#include "gateways/console/answered.hpp"
#include "gateways/http/rfc3339.hpp"
#include "storage/figures.hpp"
#include "storage/gap.hpp"
#include "storage/postgres_store.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

using Level = Finding::Level;
using Findings = std::vector<Finding>;

struct Words {
  bool zh;
  std::string operator()(std::string z, std::string e) const { return zh ? std::move(z) : std::move(e); }
};

std::string gib(std::uint64_t bytes) {
  auto const tenths = bytes * 10 / (1ull << 30);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

void check_space(Findings& out, Settings const& s, Layout const& l, Words w, std::string const& lang) {
  std::vector<dev_t> seen;
  for (auto const& [name, folder] : {std::pair{"DATA", l.data},
                                     {"spool", l.spool},
                                     {"media", l.media},
                                     {"postgres", l.postgres},
                                     {"backup", l.backup}}) {
    struct stat at {};
    if (stat(folder.c_str(), &at) != 0 || std::ranges::find(seen, at.st_dev) != seen.end()) continue;
    seen.push_back(at.st_dev);
    std::error_code error;
    auto const space = fs::space(folder, error);
    if (!error)
      out.push_back(judge_space(std::string(name) + " (" + folder.string() + ")", space.available,
                                static_cast<std::uint64_t>(s.gateway.free_floor_mib) << 20, lang));
  }
  struct stat data {
  }, backup{};
  if (stat(l.data.c_str(), &data) == 0 && stat(l.backup.c_str(), &backup) == 0 && data.st_dev == backup.st_dev)
    out.push_back(
        {Level::warn, w("备份位置", "backup place"),
         w("备份与数据在同一磁盘", "the backups lie on the same disk as the data"),
         w("在 wangge.toml 的 [backup] dir 设为另一磁盘", "set [backup] dir in wangge.toml to another disk")});
}

void check_machine(Findings& out, Words w) {
  auto const memory = machine_memory();
  bool const little = memory < (1800ull << 20);
  out.push_back({little ? Level::warn : Level::ok, w("内存", "memory"), gib(memory),
                 little ? w("建议至少 2 GiB", "2 GiB or more are advised") : ""});
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  bool const few = files.rlim_cur < 4096;
  out.push_back({few ? Level::warn : Level::ok, w("文件句柄上限", "open files"), std::to_string(files.rlim_cur),
                 few ? w("提高到 65536（ulimit -n 或 systemd 的 LimitNOFILE）",
                         "raise it to 65536 (ulimit -n, or LimitNOFILE of systemd)")
                     : ""});
}

void check_programs(Findings& out, Settings const& s, Words w) {
  std::vector<std::pair<std::string, std::string>> const wanted{
      {"sqitch", "sqitch"}, {"psql", "postgresql-client-15"}, {"vipsthumbnail", "libvips-tools"}};
  std::string missing;
  for (auto const& [program, package] : wanted) {
    Command which;
    which.argv = {"/bin/sh", "-c", "command -v " + program};
    if (!run(which).ok()) missing += " " + package;
  }
  if (s.database.url.empty()) {
    try {
      postgres_programs();
      database_user();
    } catch (EnvironmentError const&) {
      missing += " postgresql-15 postgresql-15-postgis-3";
    }
  }
  out.push_back({missing.empty() ? Level::ok : Level::bad, w("程序", "programs"),
                 missing.empty() ? w("齐全", "all there") : w("缺少：", "missing:") + missing,
                 missing.empty() ? "" : "apt-get install" + missing});
}

bool running(Layout const& l, char const* name) {
  auto const pid = read_pid(l.pid_file(name));
  return pid && alive(*pid);
}

void check_processes(Findings& out, Settings const& s, Layout const& l, Words w) {
  if (!DataLock::held(l)) {
    out.push_back(
        {Level::warn, w("进程", "processes"), w("未启动", "not running"), "wangge up --data " + l.data.string()});
    auto const problem = port_problem(s.server.address, static_cast<int>(s.server.port));
    out.push_back(
        {problem.empty() ? Level::ok : Level::bad, w("端口", "port"),
         problem.empty() ? std::to_string(s.server.port) : problem,
         problem.empty() ? "" : w("停掉占用者或改 server.port", "stop the other program or change server.port")});
    return;
  }
  for (auto const* name : {"gateway", "dispatcher", "postgres"}) {
    if (std::string_view(name) == "postgres" && !s.database.url.empty()) continue;
    bool const up = running(l, name);
    out.push_back({up ? Level::ok : Level::bad, name, up ? w("运行中", "running") : w("没有运行", "not running"),
                   up ? "" : w("看 ", "see ") + (l.log / (std::string(name) + ".log")).string()});
  }
}

// What the gateway itself says: backlog, damage, whether the dispatcher answers.
void check_doors(Findings& out, Settings const& s, Layout const& l, Words w) {
  if (read_file(l.address).empty()) return;  // not running
  try {
    auto const doors = doors_of(l, s);
    HttpClient client(doors.url, std::chrono::seconds(5), doors.certificate);
    auto const parts = boost::json::parse(client.request("GET", "/readyz").body).at("parts").as_object();
    auto const& spool = parts.at("spool");
    auto const queued = spool.at("queued").to_number<std::int64_t>(),
               damaged = spool.at("damaged").to_number<std::int64_t>();
    constexpr std::int64_t kMany = 1000;
    out.push_back({queued > kMany ? Level::warn : Level::ok, w("待送上报", "reports waiting"), std::to_string(queued),
                   queued > kMany ? w("数据库或调度进程停了？恢复后自行送完",
                                      "is the database or the dispatcher down? They drain by themselves afterwards")
                                  : ""});
    if (damaged)
      out.push_back({Level::bad, w("损坏的上报", "damaged reports"), std::to_string(damaged),
                     w("磁盘有问题：更换磁盘，见 runbook.md“损坏”",
                       "the disk is failing: replace it, see runbook.md, \"Damage\"")});
    for (auto const& [name, part] : parts) {
      auto const status = std::string(part.at("status").as_string());
      if ((name == "dispatcher" || name == "database" || name == "reference") && status != "ok")
        out.push_back({Level::bad, std::string(name), status, w("看日志 ", "see the logs in ") + l.log.string()});
    }
  } catch (std::exception const& error) {
    out.push_back({Level::bad, w("接入", "doors"), error.what(), w("看 ", "see ") + (l.log / "gateway.log").string()});
  }
}

void check_calendars(Findings& out, std::string const& url, Words w) {
  auto const store = storage::open_postgres(url, "doctor");
  auto const districts = store->districts();
  out.push_back(
      {Level::ok, w("数据库", "database"), std::to_string(districts.size()) + w(" 个区县", " districts"), ""});
  if (districts.empty())
    out.push_back({Level::warn, w("区县", "districts"), w("还没有装载", "none is loaded"),
                   "wangge load --demo | wangge load DIR"});
  auto const soon = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + std::chrono::days{60};
  for (auto const& district : districts) {
    if (!storage::figures_stand(url, district))
      out.push_back({Level::warn, w("结案率汇总", "closure rollup"), district + w(" 未建立，统计表较慢", " is not built: tables are slow"),
                     "wangge report recompute --rebuild --district " + district});
    auto const city = store->load_city(district);
    // Every report names the switches it depends on; here are those that are not as the rulings have them.
    auto const now_set = core::switch_values(city.policy), as_ruled = core::switch_values(core::Policy{});
    std::string changed;
    for (std::size_t i = 0; i < now_set.size(); ++i)
      if (now_set[i] != as_ruled[i]) changed += (changed.empty() ? "" : ", ") + now_set[i].first + " = " + now_set[i].second;
    out.push_back({Level::ok, w("城市设置", "city switches"),
                   district + " " + (changed.empty() ? w("均为默认值", "all at their defaults") : changed), ""});
    for (auto const& [name, why] : core::bad_switches(city.policy))
      out.push_back({Level::bad, w("城市设置", "city switches"), district + " " + name + " " + why, "wangge load policy district.toml"});
    for (auto const& [key, calendar] : city.calendars) {
      bool const ends = calendar.last() < soon;
      std::chrono::year_month_day const last{calendar.last()};
      auto const text = district + " " + key + " " + std::to_string(static_cast<int>(last.year())) + "-" +
                        std::to_string(static_cast<unsigned>(last.month())) + "-" +
                        std::to_string(static_cast<unsigned>(last.day()));
      if (ends)
        out.push_back({Level::warn, w("工作日历", "working calendar"), w("即将用完：", "ends soon: ") + text,
                       w("装载下一年的放假安排（wangge load）", "load next year's holidays (wangge load)")});
    }
  }
}

// The folders that may hold notes of done steps: ours, those we were given, and that of the DATA a restore came from.
std::vector<fs::path> noting_spools(Layout const& l, std::vector<fs::path> spools) {
  spools.push_back(l.spool);
  std::istringstream restored(read_file(l.data / "restored-from"));
  std::string line;
  for (int n = 0; n < 4; ++n) std::getline(restored, line);
  if (restored && !line.empty()) spools.push_back(fs::path(line) / "spool");
  std::error_code error;
  for (auto& folder : spools) folder = fs::weakly_canonical(folder, error);
  std::ranges::sort(spools);
  spools.erase(std::unique(spools.begin(), spools.end()), spools.end());
  return spools;
}

// Transitions are not spooled: what a gateway answered as done and the database does not know was lost with a restore
// or a fail-over. One finding a case, so that the desks can look at each.
void check_gap(Findings& out, std::string const& url, std::vector<fs::path> const& spools, Words w) {
  constexpr std::chrono::hours kKept{72};
  auto const since = std::chrono::floor<core::Millis>(std::chrono::system_clock::now()) - kKept;
  std::map<std::pair<std::string, std::string>, console::AnsweredStep> answered;
  for (auto const& folder : spools)
    for (auto& step : console::read_answered(folder, since))
      answered.try_emplace({step.case_no, step.command_id}, step);
  std::vector<storage::KnownStep> known;
  for (auto const& [key, step] : answered) known.push_back({key.first, key.second});
  struct Lost {
    int steps = 0;
    std::int64_t answered = 0, here = 0;
    core::Instant first{};
  };
  std::map<std::string, Lost> cases;
  for (auto const& one : storage::lost_steps(url, known)) {
    auto const& step = answered.at({one.case_no, one.command_id});
    auto& lost = cases[one.case_no];
    if (lost.steps++ == 0 || step.at < lost.first) lost.first = step.at;
    lost.answered = std::max(lost.answered, step.version);
    lost.here = one.version_here;
  }
  for (auto const& [case_no, lost] : cases)
    out.push_back({Level::warn, w("缺口中的案卷", "case in the gap"),
                   case_no + w("：已应答的版本 ", ": answered version ") + std::to_string(lost.answered) +
                       w("，库中版本 ", ", here ") + std::to_string(lost.here) + w("；丢失步数 ", "; steps lost ") +
                       std::to_string(lost.steps) + w("，自 ", ", since ") + http::format_time(lost.first, 480),
                   w("请经办人核对后补做", "let its desk look at it and do them again")});
}

void check_database(Findings& out, Settings const& s, Layout const& l, std::vector<fs::path> const& spools, Words w) {
  auto url = s.database.url;
  if (url.empty()) {
    std::error_code error;
    if (!fs::exists(l.postgres / "cluster" / "PG_VERSION", error)) return;  // never started: nothing to say
    EmbeddedPostgres const postgres(l, s.backup.archive, {});
    if (!postgres.running()) return;
    url = postgres.url();
  }
  try {
    check_calendars(out, url, w);
    check_gap(out, url, noting_spools(l, spools), w);
  } catch (std::exception const& error) {
    out.push_back({Level::bad, w("数据库", "database"), error.what(),
                   w("启动 wangge up，或看 DATA/postgres/log", "start wangge up, or see DATA/postgres/log")});
  }
}

// Segments the archive has not taken: a few are usual, many mean that its disk is away or full.
void check_archive(Findings& out, Settings const& s, Layout const& l, Words w) {
  std::error_code error;
  int waiting = 0;
  for (auto const& entry : fs::directory_iterator(l.postgres / "cluster" / "pg_wal" / "archive_status", error))
    waiting += entry.path().extension() == ".ready";
  if (error || !s.backup.archive || !s.database.url.empty()) return;
  constexpr int kMany = 16;
  auto const place = EmbeddedPostgres(l, true, {}).archive().string();
  out.push_back({waiting > kMany ? Level::bad : Level::ok, w("日志归档", "log archive"),
                 place + (waiting > kMany ? w("：待归档段数 ", ": segments waiting: ") + std::to_string(waiting) : ""),
                 waiting > kMany ? w("该磁盘是否断开或已满？数据库日志会一直堆积",
                                     "is its disk away or full? The database's log piles up until then")
                                 : ""});
}

void check_safety(Findings& out, Settings const& s, Layout const& l, Words w, std::string const& lang) {
  auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  out.push_back(judge_backup(last_backup(l.backup), s.backup.nightly, now, lang));
  if (s.audit.anchor.empty())
    out.push_back({Level::warn, w("审计锚", "audit anchor"),
                   w("没有设置：整条审计链被换掉将无法发现", "none: an audit chain replaced as a whole would not show"),
                   w("在 wangge.toml 的 [audit] anchor 设为别处的文件夹或网址",
                     "set [audit] anchor in wangge.toml to a folder or URL elsewhere")});
  auto const restored = read_file(l.data / "restored-from");
  if (!restored.empty())
    out.push_back(
        {Level::warn, w("恢复缺口", "gap of a restore"), restored.substr(0, restored.find('\n')),
         w("备份之后的流转不在库中（上报会自行补送），下列“缺口中的案卷”为其中已知者；见 runbook.md“恢复之后”",
           "transitions after the backup are not here (reports resend themselves); those known stand as \"case in the "
           "gap\"; see runbook.md, \"After a restore\"")});
  std::error_code error;
  for (auto const& entry : fs::directory_iterator("/var/lib/wangge", error)) {
    auto owner = read_file(entry.path() / "belongs-to");
    while (!owner.empty() && owner.back() == '\n') owner.pop_back();
    if (!owner.empty() && !fs::exists(owner, error))
      out.push_back({Level::warn, w("遗留数据库", "left-over database"),
                     entry.path().string() + " (" + owner + w(" 已不存在)", " is gone)"),
                     "rm -r " + entry.path().string()});
  }
}

}  // namespace

Finding judge_backup(std::optional<LastBackup> const& last, bool nightly, Seconds now, std::string const& lang) {
  Words const w{lang == "zh"};
  constexpr std::chrono::hours kNight{26};
  if (!last)
    return {Level::warn, w("备份", "backup"), w("还没有备份", "there is none yet"),
            nightly ? w("今夜自动备份，或 wangge backup DIR", "one is made tonight, or: wangge backup DIR")
                    : "wangge backup DIR"};
  auto const hours = std::chrono::duration_cast<std::chrono::hours>(now - last->finished);
  auto const text = std::to_string(hours.count()) + w(" 小时前", " hours ago") + " (" + last->path + ")";
  if (nightly && hours > kNight)
    return {Level::bad, w("备份", "backup"), text,
            w("夜间备份失败：看 up.log，核对备份盘空间",
              "the nightly backup failed: see up.log, check the room of its disk")};
  return {Level::ok, w("备份", "backup"), text, ""};
}

Finding judge_space(std::string const& what, std::uint64_t free_bytes, std::uint64_t floor_bytes,
                    std::string const& lang) {
  Words const w{lang == "zh"};
  auto const text = what + ": " + gib(free_bytes) + w(" 可用", " free");
  if (free_bytes < floor_bytes)
    return {Level::bad, w("磁盘", "disk"), text,
            w("上报正被拒绝（507）：立即腾出空间", "reports are being refused (507): make room now")};
  if (free_bytes < (5ull << 30))
    return {Level::warn, w("磁盘", "disk"), text, w("腾出空间，或把备份移走", "make room, or move the backups")};
  return {Level::ok, w("磁盘", "disk"), text, ""};
}

std::vector<Finding> examine(Settings const& s, Layout const& l, std::string const& lang,
                             std::vector<fs::path> const& spools) {
  Words const w{lang == "zh"};
  Findings out;
  check_programs(out, s, w);
  check_machine(out, w);
  check_space(out, s, l, w, lang);
  check_processes(out, s, l, w);
  check_doors(out, s, l, w);
  check_database(out, s, l, spools, w);
  check_archive(out, s, l, w);
  check_safety(out, s, l, w, lang);
  return out;
}

}  // namespace wangge::deploy
