// What the doors read, as an interface: the read model in the running gateway, a fake in tests. Scope is in the SQL
// behind it. Every call may block and may throw storage::Broken while the database is away.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/read_model.hpp"

namespace wangge::console {

class Reads {
 public:
  virtual ~Reads() = default;
  virtual std::optional<storage::ReadModel::CaseView> find_case(core::Principal const& who, std::string const& case_no) = 0;
  virtual std::vector<std::optional<storage::ReadModel::CaseView>> find_cases(
      std::vector<storage::ReadModel::CaseAsked> const& asked) = 0;
  virtual storage::Page list_cases(core::Principal const& who, storage::CaseFilter const& filter) = 0;
  virtual std::string case_counts(core::Principal const& who) = 0;
  virtual std::string light_counts(core::Principal const& who, storage::CaseFilter const& filter) = 0;
  virtual storage::Page history(std::string const& district, std::string const& case_no, std::string const& cursor, int limit) = 0;
  virtual std::optional<core::Case> case_at(std::string const& district, std::string const& case_no, std::int64_t version) = 0;
  virtual std::vector<storage::ReadModel::CaseScope> scopes_of(std::string const& district,
                                                               std::vector<std::string> const& case_nos) = 0;
  virtual std::optional<storage::ReadModel::ReportView> find_report(std::string const& district,
                                                                    std::string const& report_id) = 0;
  virtual storage::Page tasks(core::Principal const& who, std::string const& cursor, int limit) = 0;
  virtual std::vector<storage::TaskPush> pending_pushes(int limit, std::vector<std::string> const& told) = 0;
  virtual std::vector<storage::TaskPush> unreceived_of(core::Principal const& who) = 0;
  virtual bool may_read_media(core::Principal const& who, std::string const& media_id) = 0;
  virtual std::vector<std::string> media_named(std::vector<std::string> const& ids) = 0;
  virtual storage::Page grids(std::string const& district, std::string const& cursor, int limit) = 0;
  virtual storage::Page components(std::string const& district, std::string const& cursor, int limit) = 0;
  virtual storage::Page units(std::string const& district, std::string const& cursor, int limit) = 0;
  virtual storage::Page squads(std::string const& district, std::string const& cursor, int limit) = 0;
  virtual storage::Page catalogue(std::string const& district, std::string const& cursor, int limit) = 0;
  virtual storage::ClosureTable closure(storage::ClosureRequest const& request) = 0;
  virtual storage::IndicatorTable indicators(storage::ClosureRequest const& request) = 0;
  virtual core::Calendar calendar(std::string const& district) = 0;  // the center's own
  virtual storage::Page escalations(core::Principal const& who, bool all, std::string const& cursor, int limit) = 0;
  virtual std::vector<core::Suspicion> suspicions(std::string const& district, core::Instant from, core::Instant to) = 0;
  virtual std::shared_ptr<core::City const> city(std::string const& district) = 0;
  virtual std::vector<core::HistoryRow> rows_of(std::string const& district, std::string const& case_no) = 0;
};

// The read model, connected on first use and again after it could not be, so that doors start without a database.
std::unique_ptr<Reads> read_model(std::string database_url, int connections, storage::Patience patience = {});

}  // namespace wangge::console
