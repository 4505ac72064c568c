// What the center's desk keeps beside the cases: handovers of its shifts, promised replies, saved views, and who looks at which
// case. No transition of a case, so the gateway writes it itself, like a seal (DECISIONS 77, 135). Connects on first use; throws
// Broken as ReadModel does. Writes may be repeated: each says by its key or version what it was meant for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dispatcher/core/desk_shift.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

struct Handover {
  std::int64_t number = 0, version = 0;
  core::DeskShift shift;
  core::Instant opened_at{};
  std::string opened_by, notes;
  std::string outgoing;  // who signed first, over `digest`
  std::optional<core::Instant> outgoing_at;
  std::string digest;
  std::string incoming;  // who signed second
  std::optional<core::Instant> incoming_at;
  std::string remark;
  std::string snapshot{};  // JSON; only of a single one
  core::HandoverState state() const;
};

// What the first signature is over, and what can be computed again from the row at any time.
std::string handover_digest(std::string const& district, Handover const& handover);

struct ShiftPlan {
  std::vector<core::ShiftBegin> begins;  // the district's own, else the standard ones
  std::chrono::minutes utc_offset{480};
  core::Instant since{};  // before it nobody was here to hand anything over
};

struct SavedView {
  std::string view_id, owner, name, query;
  bool shared = false, pinned = false;
};

// Who looks at a case and who works on it: JSON {case_no, people: [{name, role}], lease: {name, role, until, taken_from, reason} | null}.
struct Looked {
  std::string case_no, json;
};

inline constexpr int kEarlierMost = 20;

class DeskRecords {
 public:
  static constexpr std::int64_t kViewsMost = 40;  // a person
  static constexpr int kListed = 100;             // cases in each list of a snapshot

  explicit DeskRecords(std::string const& database_url, Patience patience = {});
  virtual ~DeskRecords();  // doors' tests put their own answers in its place

  virtual ShiftPlan shifts(std::string const& district);
  virtual void set_shifts(std::string const& district, std::vector<core::ShiftBegin> const& begins);

  // The newest shift first, without snapshots; `before`: only of shifts that began earlier.
  virtual std::vector<Handover> handovers(std::string const& district, std::optional<core::Instant> before, int limit);
  virtual std::optional<Handover> handover(std::string const& district, std::int64_t number);
  // The shift's handover; where it has none, one with the desk as it is now. `until`: what becomes red before it is "soon".
  virtual Handover open_handover(core::Principal const& who, core::DeskShift const& shift, core::Instant now, core::Instant until, bool& made);
  // Each gives the new version, or nothing where the version moved, it is signed already, or the signer signed first.
  virtual std::optional<std::int64_t> write_handover(core::Principal const& who, std::int64_t number, std::int64_t version, std::string const& notes,
                                                     std::optional<core::Instant> taken_anew, core::Instant until);
  virtual std::optional<std::int64_t> sign_out(core::Principal const& who, Handover const& seen, core::Instant at);
  virtual std::optional<std::int64_t> sign_in(core::Principal const& who, Handover const& seen, core::Instant at, std::string const& remark);

  virtual void promise(core::Principal const& who, std::string const& report_id, core::Instant until, core::Instant at);

  // What was reported with this telephone number before, at most kEarlierMost, the newest first: a case or hotline order as JSON, and
  // the name it was given under, whole.
  struct Earlier {
    std::string json, name;
  };
  virtual std::vector<Earlier> earlier(core::Principal const& who, std::string const& phone);

  virtual std::vector<SavedView> views(core::Principal const& who);
  virtual bool put_view(core::Principal const& who, SavedView const& view);  // false: another's, or too many
  virtual bool drop_view(core::Principal const& who, std::string const& view_id);

  virtual void look(core::Principal const& who, std::string const& seat, std::string const& case_no);  // "": left
  virtual std::vector<Looked> looked(std::string const& district, std::string const& case_no);         // "": all
  // Whether the lease is one's own now; a reason takes it over, and stays on record.
  virtual bool take_lease(core::Principal const& who, std::string const& case_no, std::string const& reason);
  virtual void drop_lease(core::Principal const& who, std::string const& case_no);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
