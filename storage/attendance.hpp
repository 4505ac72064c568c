// On and off duty, roll-calls (点名), visits to a campaign's points: marks and answers of the people who patrol.
// Records beside cases, written by the gateway that takes them, as a seal is (DECISIONS 77): no transition of a case,
// one row each, that no later row changes. Connects on first use; throws Broken and BadFilter as ReadModel does.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "storage/read_model.hpp"

namespace wangge::storage {

inline constexpr std::chrono::hours kDutyHolds{16};  // a mark of on duty that nobody ended; the statements say it too

// Where somebody says he stands, and when by his device: kept beside the door's receipt, never used for order (RULINGS
// 7).
struct Spot {
  std::optional<double> lon, lat, accuracy_m;
  std::optional<core::Instant> device_at;
};

struct DutyMark {
  std::string mark_id;  // UUID of the device: sent twice it is one
  bool on = false;
  Spot spot;
};

struct RollCall {
  std::string roll_call_id;  // UUID of the caller: sent twice it is one call
  std::string street, note;
  std::vector<std::string> people;  // empty: everybody on duty there
  std::chrono::minutes within{3};
};

struct RollAnswer {
  std::string photo, note;
  Spot spot;
};

inline constexpr std::array<std::string_view, 4> kCoverageBy{"person", "street", "community", "district"};
struct CoverageAsked {
  std::string day;     // YYYY-MM-DD of the district; "": today
  std::string by;      // one of kCoverageBy
  std::string person;  // "": all
  std::string walked;  // of cells: true, false, or "" for all
  std::string region;  // of cells: a street or a community; "": all
  std::string rostered;  // of cells: true for those of a roster line, false for those beside it, "" for all
  std::string cursor;
  int limit = 50;
};

// A look at a place that a campaign wants looked at (专项普查).
struct Visit {
  std::string visit_id;                       // UUID of the device: sent twice it is one
  std::string campaign, point, result, note;  // result: one of kVisitResults
  std::vector<std::string> checked, photos;   // lines of the checklist that were gone through
  Spot spot;
};
inline constexpr std::array<std::string_view, 3> kVisitResults{"clean", "found", "unable"};
struct PointsWanted {
  std::string campaign, state;  // "" = every one; open, done
};

class Attendance {
 public:
  explicit Attendance(std::string const& database_url, int connections = 1, Patience patience = {});
  virtual ~Attendance();  // doors' tests put their own answers in its place

  // The mark as it is kept (JSON); nullopt: its id belongs to another deed.
  virtual std::optional<std::string> mark(core::Principal const& who, DutyMark const& mark, core::Instant at);
  // Patrollers with their state and roster of today; a patroller sees himself, a lead of a street that street's.
  virtual Page people(core::Principal const& who, core::Instant now, std::string const& cursor, int limit);
  virtual Page marks(core::Principal const& who, std::string const& person, std::optional<core::Instant> from,
                     std::optional<core::Instant> to, std::string const& cursor, int limit);
  // Cells of the caller's roster lines of today.
  virtual Page cells(core::Principal const& who, core::Instant now, std::string const& cursor, int limit);

  // What was walked on a day: attendance and cells by patroller, or cells by region, each cell once. A cell is walked where a report,
  // a check on site, a verification, a mark or an answer to a roll-call of that day lies in it. Rosters are read as they stand now.
  virtual Page coverage(core::Principal const& who, CoverageAsked const& asked, core::Instant now);
  // The cells behind those numbers, with every trace and its case.
  virtual Page coverage_cells(core::Principal const& who, CoverageAsked const& asked, core::Instant now);

  struct Called {
    std::string json;                 // the roll-call with its answers
    std::vector<std::string> people;  // who is called
    bool existed = false;
  };
  // nullopt: there is nobody to call. Throws BadFilter("roll_call_id") when the id is somebody else's call.
  virtual std::optional<Called> call(core::Principal const& who, RollCall const& call, core::Instant at);
  virtual Page roll_calls(core::Principal const& who, bool waiting, std::string const& cursor, int limit);
  // The roll-call with one's answer; the first answer stands. nullopt: he is not called by it.
  virtual std::optional<std::string> answer(core::Principal const& who, std::string const& roll_call_id,
                                            RollAnswer const& answer, core::Instant at);
  // Points of campaigns with the visits to them; to a patroller those of his roster lines of today, of campaigns that
  // run.
  virtual Page points(core::Principal const& who, PointsWanted const& wanted, core::Instant now,
                      std::string const& cursor, int limit);
  // The visit as it is kept. Nothing and `other`: its id belongs to another visit; nothing alone: no such point now.
  struct Visited {
    std::optional<std::string> json;
    bool other = false;
  };
  virtual Visited visit(core::Principal const& who, Visit const& visit, core::Instant at);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
