// The database a subcommand talks to: the given URL, or the embedded cluster (of a running `up`, else started for the
// time of the command under the lock of DATA). And the migrations.
#pragma once

#include <memory>
#include <string>

#include "deploy/embedded_postgres.hpp"
#include "deploy/layout.hpp"
#include "deploy/settings/settings.hpp"

namespace wangge::deploy {

// One program at a time owns a DATA folder: `up`, or a subcommand that starts the database by itself.
class DataLock {
 public:
  // Throws EnvironmentError naming the holder.
  DataLock(Layout const& layout, std::string const& who);
  ~DataLock();
  DataLock(DataLock const&) = delete;
  DataLock& operator=(DataLock const&) = delete;
  static bool held(Layout const& layout);

 private:
  int fd_ = -1;
};

class Database {
 public:
  // `present`: of a DATA that holds one; a mistyped folder is refused (EnvironmentError) and nothing is made in it.
  enum class Wanted : bool { present, made };
  Database(Settings const& settings, Layout const& layout, EmbeddedPostgres::Notice notice, Wanted wanted = Wanted::present);
  ~Database();  // stops what it started
  std::string const& url() const { return url_; }
  std::string const& admin_url() const { return admin_url_; }
  // nullptr when the database is somebody else's.
  EmbeddedPostgres* embedded() { return embedded_.get(); }

 private:
  std::unique_ptr<DataLock> lock_;
  std::unique_ptr<EmbeddedPostgres> embedded_;
  std::string url_, admin_url_;
};

// Brings the schema up to date with sqitch and the lifecycle table with the program's. Cheap when nothing is to do.
// Answers how many changes were deployed.
int migrate(std::string const& url, std::string const& admin_url, EmbeddedPostgres::Notice const& notice);

}  // namespace wangge::deploy
