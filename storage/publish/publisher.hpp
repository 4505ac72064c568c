// A month as it is published: scores by a scheme, the patrols' settlement, its state and its seal, the whole as a workbook, as a
// page and as a bulletin. Connects on first use; throws Broken, BadFilter as ReadModel does.
#pragma once

#include <functional>

#include "storage/publish/sheets.hpp"

namespace wangge::storage {

struct Evaluation {
  core::Scheme scheme;
  bool standard = false;  // the standard's, not the city's own
  std::string label;
  core::Instant from{}, to{}, as_of{};
  std::chrono::minutes utc_offset{480};
  std::vector<core::Judged> rows;
  std::map<std::string, IndicatorRow> judged;  // the counts behind each row
  std::vector<std::string> outside;            // names of rows that no group judges
  bool ranked = true;                          // false: the reader sees a part of the district, and no rank in it
  std::optional<MonthState> state;
};

struct SettledPerson {
  core::Stretch stretch;
  core::Counts counts;
  std::vector<core::Amount> amounts;  // by the company's tariffs
  std::int64_t total = 0;
};
struct SettledCompany {
  std::string key, name;
  std::vector<core::Tariff> tariffs;
  std::vector<SettledPerson> people;
  core::Counts counts;                // of its people, added
  std::vector<std::int64_t> amounts;
  std::int64_t total = 0;
};
struct Settlement {
  std::string label;
  core::Instant from{}, to{}, as_of{};
  core::LocalDay first{}, behind{};
  std::chrono::minutes utc_offset{480};
  std::vector<SettledCompany> companies;
  std::optional<MonthState> state;
};

// Why a month cannot be sealed: still_running, window_open, appeals_waiting, sealed_already. One word for programs.
struct SealRefused : std::runtime_error {
  SealRefused(std::string c, std::string const& why, std::vector<std::string> waiting = {})
      : std::runtime_error(why), code(std::move(c)), cases(std::move(waiting)) {}
  std::string code;
  std::vector<std::string> cases;  // whose appeals wait
};

// A line that stands in the sealed text or in what is counted now, not in both.
struct SealDifference {
  bool sealed = false;  // false: now
  std::string line;
};
std::vector<SealDifference> seal_differences(std::string const& sealed, std::string const& present);
struct SealCheck {
  std::string month, digest;
  bool digest_fits = false;
  std::optional<bool> signature_fits;  // nullopt: there is no key here to tell
  std::vector<SealDifference> differences;
};

class Publisher {
 public:
  using Sign = std::function<std::string(std::string const& text)>;
  explicit Publisher(std::string const& database_url, int connections = 1, Patience patience = {});
  virtual ~Publisher();  // doors' tests put their own answers in its place

  virtual std::shared_ptr<core::City const> city(std::string const& district);
  // Tables for readers; the whole of the district whatever the request's scope is (a seal, a bulletin): use a leader's.
  virtual ClosureTable closure(ClosureRequest const& request);
  virtual IndicatorTable indicators(ClosureRequest const& request);
  // `scheme`: an id or an object of one (department). Throws BadFilter("scheme") naming those in force.
  virtual Evaluation evaluation(ClosureRequest request, std::string const& scheme);
  virtual Evaluation evaluation(ClosureRequest request, core::Scheme const& scheme, bool standard);
  virtual Settlement settlement(ClosureRequest const& request);

  virtual MonthState month_state(std::string const& district, core::LocalDay first);
  virtual std::vector<std::string> sealed_months(std::string const& district);
  // What was changed of the month's cases after it was sealed, each with the step that did it: none of it moves the
  // month (DECISIONS 155).
  virtual Page corrections(std::string const& district, std::string const& month, std::string const& cursor, int limit);
  // Case numbers whose appeal waits and which the month counts.
  virtual std::vector<std::string> waiting_appeals(std::string const& district, core::LocalDay first);
  // A sealed month counted again as of its T, in the form it was sealed in; nullopt: it is not sealed. `sign`: whoever signs the same
  // text alike has the key it was sealed with (Ed25519).
  virtual std::optional<SealCheck> check_seal(ClosureRequest const& month, Sign const& sign);
  // Digests and signs the month's figures; nothing is backdated into it any more. Throws SealRefused.
  virtual MonthState seal(ClosureRequest const& month, std::string const& who, Sign const& sign);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What is sealed, as lines of text: every grouping of the closure table and of the indicators, and, from form 2 on, the scores
// by every scheme in force and the settlement; from form 3 on, campaigns counted apart are left out. A month sealed by an earlier form is compared in that form.
inline constexpr int kSealForm = 3;
std::string seal_content(Publisher& publisher, ClosureRequest month, int form = kSealForm);
std::string judged_content(Publisher& publisher, ClosureRequest month);  // its scores and settlement alone
int seal_form(std::string const& content);
std::string seal_signed_text(std::string const& district, std::string const& month, std::string const& digest);

std::string evaluation_json(Evaluation const& evaluation, std::string const& lang);
Sheet evaluation_sheet(Evaluation const& evaluation, std::string const& lang);
std::string settlement_json(Settlement const& settlement, std::string const& lang);
// A patroller a row, a company's sum behind its own.
Sheet settlement_sheet(Settlement const& settlement, std::string const& lang);

// Requests of one question: the period itself, the one before, a year ago.
struct Periods {
  ClosureRequest now, before, year_ago;
};
// Every sheet of a published month: closure by each grouping with both comparisons, indicators, scores, settlement, formulas.
std::vector<Sheet> month_book(Publisher& publisher, Periods const& periods, std::string const& lang);
// The bulletin from a template ("" = ours, of that kind). `more`: words of the caller (number, organisation). Throws BadTemplate.
std::string bulletin(Publisher& publisher, Periods const& periods, std::string const& lang, std::string const& template_bytes, bool xlsx,
                     std::map<std::string, std::string> more);

}  // namespace wangge::storage
