// backup, restore: a city's insurance.
#include <spdlog/spdlog.h>

#include <iostream>

#include "deploy/backup.hpp"
#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/output.hpp"

namespace wangge::deploy {
namespace {

void tell(std::string const& text) {
  spdlog::info("{}", text);
}

void print_backup(Context const& c, LastBackup const& done) {
  Listing table{{"path", "bytes", "seconds"}, {}, {}, {"bytes", "seconds"}};
  if (c.lang == "zh") table.titles = {"位置", "字节", "秒"};
  table.rows.push_back({done.path, std::to_string(done.bytes), std::to_string((done.finished - done.started).count())});
  print(table, style_for_stdout(c.json), std::cout);
}

int run_backup(Context& c, std::string const& folder, bool nightly, std::string const& verify) {
  if (!verify.empty()) {
    verify_backup(verify);
    Listing table{{"path", "verdict"}, {}, {{verify, "sound"}}};
    if (c.lang == "zh") table.titles = {"位置", "结论"};
    print(table, style_for_stdout(c.json), std::cout);
    return kOk;
  }
  if (nightly == !folder.empty()) throw UsageError("backup wants either a folder or --nightly");
  Database database(c.settings, c.layout, tell);
  BackupSource source{c.settings, c.layout, database.admin_url(), {}, {}};
  if (auto* embedded = database.embedded()) {
    source.wal_archive = embedded->archive();
    source.wal_live = embedded->cluster() / "pg_wal";
  }
  auto const done =
      nightly ? nightly_backup(source, tell) : make_backup(source, std::filesystem::absolute(folder), {}, tell);
  print_backup(c, done);
  return kOk;
}

}  // namespace

void add_backup(CLI::App& app, Context& c) {
  auto* sub =
      app.add_subcommand("backup", "Copy everything into a new folder while the system runs, and check the copy");
  struct Flags {
    std::string folder, verify;
    bool nightly = false;
  };
  auto const flags = std::make_shared<Flags>();
  sub->add_option("DIR", flags->folder, "The new folder");
  sub->add_flag("--nightly", flags->nightly,
                "Into backup.dir, keeping the newest backup.keep (what `up` does each night)");
  sub->add_option("--verify", flags->verify, "Only check the backup in this folder (exit code 4: damaged)");
  sub->callback(
      [&c, flags] { c.run = [&c, flags] { return run_backup(c, flags->folder, flags->nightly, flags->verify); }; });
}

void add_restore(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("restore", "Make a new data folder from a backup: restore DIR --data NEW");
  auto const options = std::make_shared<RestoreOptions>();
  sub->add_option("DIR", options->backup, "The backup")->required();
  sub->add_option("--until", options->until,
                  "As of this moment (after the backup's end), e.g. 2026-11-24T10:30:00+08:00");
  sub->add_option("--wal", options->wal,
                  "Where the archived log lies, when it is not where the backup says; may be repeated");
  sub->callback([&c, options] {
    c.run = [&c, options] {
      options->data = c.layout.data;
      options->backup = std::filesystem::absolute(options->backup);
      restore(*options, tell);
      Listing table{{"data", "start"}, {}, {{c.layout.data.string(), "wangge up --data " + c.layout.data.string()}}};
      if (c.lang == "zh") table.titles = {"已恢复到", "启动"};
      print(table, style_for_stdout(c.json), std::cout);
      return static_cast<int>(kOk);
    };
  });
}

}  // namespace wangge::deploy
