// PostgresStore's inside. Only for storage/postgres_*.cpp.
#pragma once

#include <map>
#include <optional>

#include "dispatcher/core/figures.hpp"
#include "storage/batch.hpp"
#include "storage/chain.hpp"
#include "storage/codec.hpp"
#include "storage/figures.hpp"
#include "storage/pg.hpp"
#include "storage/store.hpp"

namespace wangge::storage {

class PostgresStore : public Store {
 public:
  PostgresStore(std::string url, std::string lane) : url_(std::move(url)), lane_(std::move(lane)) {}

  std::vector<std::string> districts() override;
  DistrictStart take_over(std::string const& district, std::string const& holder) override;
  void join(std::string const& district, std::int64_t epoch) override;
  void renew(std::string const& district, std::int64_t epoch) override;
  std::int64_t epoch(std::string const& district) override;
  std::optional<core::Millis> beat_age(std::string const& district) override;
  void make_ahead() override;
  core::City load_city(std::string const& district) override;
  std::int64_t city_version(std::string const& district) override;
  std::vector<CellShape> load_cells(std::string const& district) override;
  std::vector<RecentCase> load_recent(std::string const& district, core::Instant since) override;
  std::vector<TokenRow> load_tokens(std::int64_t* version) override;
  std::int64_t token_version() override;
  Loaded load(std::string const& district, LoadRequest const& want) override;
  std::int64_t reserve_numbers(std::string const& district, std::int64_t epoch, std::string const& day, std::int64_t count) override;
  void save(Batch const& batch, core::Instant recorded_at) override;
  void set_aside(std::string const& district, std::int64_t epoch, DeadLetter const& letter, std::vector<SpoolMark> const& marks) override;
  std::vector<std::pair<std::string, std::int64_t>> suspended_until(std::string const& district, core::Instant now, int limit) override;
  std::vector<Timer> due_timers(std::string const& district, core::Instant now, int limit) override;
  std::vector<core::Case> running_clocks(std::string const& district,
                                         std::optional<std::pair<core::Instant, std::string>> const& after, int limit) override;
  std::vector<core::Task> unreceived(std::string const& district, core::Instant committed_before, int limit) override;
  void keep_figures(std::string const& district) override;
  bool keep_lists(std::string const& district) override;

 private:
  pg::Session& session();  // connected; a lost connection is replaced here and only here
  template <class F>
  auto on_connection(F&& f);  // standing.cpp speaks pqxx; its errors become ours
  void register_writer(std::string const& district, std::int64_t epoch);
  void check_fence(pg::Session& s, std::string const& district, std::int64_t epoch);
  void load_chain(pg::Session& s, std::string const& district);
  void keep_calendar(std::string const& district);

  void save_cases(pg::Pipeline& p, Batch const& batch);
  std::map<std::string, FigureCase> count_moved(pg::Session& s, Batch const& batch);
  void save_figures(pg::Pipeline& p, Batch const& batch, std::map<std::string, FigureCase> before);
  void save_rules(pg::Pipeline& p, Batch const& batch);
  void save_orders(pg::Pipeline& p, Batch const& batch);
  void load_orders(pg::Session& s, std::string const& district, std::vector<std::string> const& numbers, Loaded& loaded);
  void save_keys(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at);
  void save_people(pg::Pipeline& p, Batch const& batch);
  void save_spans(pg::Pipeline& p, Batch const& batch);
  void save_marks_of(pg::Pipeline& p, Batch const& batch);
  void save_tasks(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at);
  void save_media(pg::Pipeline& p, Batch const& batch);
  void save_commands(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at);
  void save_marks(pg::Pipeline& p, std::string const& district, std::vector<SpoolMark> const& marks);
  // Which transport rows really changed their task; a repeated one is left out of history.
  std::vector<ReceivedSave const*> save_transport(pg::Session& s, Batch const& batch, core::Instant recorded_at);
  void save_alarms(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at);
  // Which rungs were really told; one that another told before, or whose deadline moved, is left out of history.
  std::vector<TimerFired const*> save_fired(pg::Session& s, Batch const& batch, core::Instant recorded_at);
  ChainHead save_history(pg::Pipeline& p, Batch const& batch, std::vector<ReceivedSave const*> const& transport,
                         std::vector<TimerFired const*> const& fired, core::Instant recorded_at);

  std::string url_, lane_;
  std::unique_ptr<pg::Session> session_;
  struct Registered {
    std::int64_t epoch = 0;
    ChainHead head;
    std::int64_t calendar = 0;  // by which `months` are counted
    std::optional<core::Months> months;
    std::int32_t listed = 0;  // the newest month with lists (lists.hpp)
  };
  std::map<std::string, Registered> registered_;  // on this very connection
  std::map<std::string, std::int64_t> calendars_;  // district -> the standing data's version its months are counted by
};

}  // namespace wangge::storage
