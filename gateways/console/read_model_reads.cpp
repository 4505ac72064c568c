// The read model behind the doors' interface. Connects on first use: a gateway starts while the database is down.
#include <mutex>

#include "gateways/console/reads.hpp"

namespace wangge::console {
namespace {

class ReadModelReads final : public Reads {
 public:
  ReadModelReads(std::string url, int connections, storage::Patience patience)
      : url_(std::move(url)), connections_(connections), patience_(patience) {}

  std::optional<storage::ReadModel::CaseView> find_case(core::Principal const& who, std::string const& case_no) override {
    return model().find_case(who, case_no);
  }
  std::vector<std::optional<storage::ReadModel::CaseView>> find_cases(
      std::vector<storage::ReadModel::CaseAsked> const& asked) override {
    return model().find_cases(asked);
  }
  storage::Page list_cases(core::Principal const& who, storage::CaseFilter const& filter) override {
    return model().list_cases(who, filter);
  }
  std::string light_counts(core::Principal const& who, storage::CaseFilter const& filter) override { return model().light_counts(who, filter); }
  std::string case_counts(core::Principal const& who) override { return model().case_counts(who); }
  storage::Page history(std::string const& district, std::string const& case_no, std::string const& cursor, int limit) override {
    return model().history(district, case_no, cursor, limit);
  }
  std::optional<core::Case> case_at(std::string const& district, std::string const& case_no, std::int64_t version) override {
    return model().case_at(district, case_no, version);
  }
  std::vector<storage::ReadModel::CaseScope> scopes_of(std::string const& district, std::vector<std::string> const& case_nos) override {
    return model().scopes_of(district, case_nos);
  }
  std::optional<storage::ReadModel::ReportView> find_report(std::string const& district, std::string const& report_id) override {
    return model().find_report(district, report_id);
  }
  storage::Page tasks(core::Principal const& who, std::string const& cursor, int limit) override {
    return model().tasks(who, cursor, limit);
  }
  std::vector<storage::TaskPush> pending_pushes(int limit, std::vector<std::string> const& told) override {
    return model().pending_pushes(limit, told);
  }
  std::vector<storage::TaskPush> unreceived_of(core::Principal const& who) override { return model().unreceived_of(who); }
  bool may_read_media(core::Principal const& who, std::string const& media_id) override {
    return model().may_read_media(who, media_id);
  }
  std::vector<std::string> media_named(std::vector<std::string> const& ids) override { return model().media_named(ids); }
  storage::Page grids(std::string const& district, std::string const& cursor, int limit) override {
    return model().grids(district, cursor, limit);
  }
  storage::Page components(std::string const& district, std::string const& cursor, int limit) override {
    return model().components(district, cursor, limit);
  }
  storage::Page units(std::string const& district, std::string const& cursor, int limit) override {
    return model().units(district, cursor, limit);
  }
  storage::Page squads(std::string const& district, std::string const& cursor, int limit) override {
    return model().squads(district, cursor, limit);
  }
  storage::Page catalogue(std::string const& district, std::string const& cursor, int limit) override {
    return model().catalogue(district, cursor, limit);
  }
  storage::ClosureTable closure(storage::ClosureRequest const& request) override { return model().closure(request); }
  storage::IndicatorTable indicators(storage::ClosureRequest const& request) override { return model().indicators(request); }
  core::Calendar calendar(std::string const& district) override { return model().calendar(district); }
  storage::Page escalations(core::Principal const& who, bool all, std::string const& cursor, int limit) override {
    return model().escalations(who, all, cursor, limit);
  }
  std::vector<core::Suspicion> suspicions(std::string const& district, core::Instant from, core::Instant to) override {
    return model().suspicions(district, from, to);
  }
  std::shared_ptr<core::City const> city(std::string const& district) override { return model().city(district); }
  std::vector<core::HistoryRow> rows_of(std::string const& district, std::string const& case_no) override {
    return model().rows_of(district, case_no);
  }

 private:
  storage::ReadModel& model() {
    std::lock_guard lock(mutex_);
    if (!model_) model_ = std::make_unique<storage::ReadModel>(url_, connections_, patience_);
    return *model_;
  }
  std::string url_;
  int connections_;
  storage::Patience patience_;
  std::mutex mutex_;
  std::unique_ptr<storage::ReadModel> model_;
};

}  // namespace

std::unique_ptr<Reads> read_model(std::string database_url, int connections, storage::Patience patience) {
  return std::make_unique<ReadModelReads>(std::move(database_url), connections, patience);
}

}  // namespace wangge::console
