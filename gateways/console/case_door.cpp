// Cases read and acted on.
#include "gateways/console/case_door.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "gateways/console/action_form.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/case_json.hpp"
#include "gateways/console/personal.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::console {
namespace {

constexpr std::size_t kReadTogether = 100, kMostAnswered = 4096;
constexpr int kShowing = 2;

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

}  // namespace

bool is_case_no(std::string_view text) {
  return text.size() >= 19 && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void CaseDoor::list(http::Request request, http::Reply reply) {
  if (auto no = without_body(request.who, request.lang)) return reply(std::move(*no));
  reply(reading(request.lang, [&] {
    auto const filter = read_filter(request);
    auto const district = request.arg("district");
    if (!district.empty() && district != request.who.district) return list_answer({"[]", ""});  // nothing of it is his
    return list_answer(reads_.list_cases(request.who, filter));
  }));
}

void CaseDoor::counts(http::Request request, http::Reply reply) {
  if (auto no = without_body(request.who, request.lang)) return reply(std::move(*no));
  reply(reading(request.lang, [&] { return http::json(200, reads_.case_counts(request.who)); }));
}

void CaseDoor::get(http::Request request, http::Reply reply) {
  std::string const case_no(request.params.get("case_no"));
  reply(reading(request.lang, [&] {
    auto const found = is_case_no(case_no) ? reads_.find_case(request.who, case_no) : std::nullopt;
    if (!found) return not_found(request.lang);
    auto const closing = road_.reference()->closing_conditions();
    bool const whole = request.session_id.empty();
    auto response = http::json(200, case_json(*found, {request.who, request.lang, request.received_at, closing, false, whole}));
    response.personal = whole && shows_reporter(*found, request.who);
    return response;
  }));
}

void CaseDoor::unmask(http::Request request, http::Reply reply) {
  reply(console::unmask(request, "reporter", [&]() -> std::optional<Person> {
    std::string const case_no(request.params.get("case_no"));
    auto const found = is_case_no(case_no) ? reads_.find_case(request.who, case_no) : std::nullopt;
    if (!found || !shows_reporter(*found, request.who)) return std::nullopt;
    return Person{found->reporter_name, found->reporter_phone};
  }));
}

void CaseDoor::history(http::Request request, http::Reply reply) {
  std::string const case_no(request.params.get("case_no"));
  reply(reading(request.lang, [&] {
    auto const limit = read_limit(request, kLongPage);
    auto const found = is_case_no(case_no) ? reads_.find_case(request.who, case_no) : std::nullopt;  // the scope
    if (!found) return not_found(request.lang);
    return list_answer(reads_.history(request.who.district, case_no, std::string(request.arg("cursor")), limit));
  }));
}

void CaseDoor::explain(http::Request request, http::Reply reply) {
  std::string const case_no(request.params.get("case_no"));
  reply(reading(request.lang, [&] {
    auto const found = is_case_no(case_no) ? reads_.find_case(request.who, case_no) : std::nullopt;
    if (!found) return not_found(request.lang);
    auto const city = reads_.city(request.who.district);
    auto const rows = reads_.rows_of(request.who.district, case_no);
    return http::json(200, explain_json(found->row, *city, rows, request.received_at, request.lang));
  }));
}

void CaseDoor::escalations(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const all = request.arg("all");
    if (!all.empty() && all != "true" && all != "false") throw storage::BadFilter("all", "true or false");
    auto const limit = read_limit(request);
    return list_answer(reads_.escalations(request.who, all == "true", std::string(request.arg("cursor")), limit));
  }));
}

// The order of checks is CONTRACT 5's: token (the server), action, body; the rest is the dispatcher's, which alone knows
// what commands it has seen. A number that no case of the caller's district can have goes there as none.
void CaseDoor::act(http::Request request, http::Reply reply) {
  auto const lang = request.lang;
  auto const action = core::action_from(request.params.get("action"));
  if (!action || *action == core::Action::report) return reply(http::problem(404, "not_found", lang, "unknown action"));
  std::string why;
  auto const body = http::parse_json(request.body, &why);
  if (!body) return reply(http::problem(400, "bad_json", lang, why));
  auto const closing = road_.reference()->closing_conditions();
  std::string const case_no(request.params.get("case_no"));
  auto read = read_action(*body, {request.who, *action, case_no, request.received_at, closing});
  if (auto const* fault = std::get_if<ActionFault>(&read))
    return reply(http::problem(fault->status, fault->code, lang, "", fault->errors));
  auto command = std::get<core::Command>(std::move(read));
  if (!is_case_no(case_no) || !case_no.starts_with(request.who.district)) command.case_no.clear();
  command.received_at = attempts_.first(command, request.received_at);
  road_.ask(command, [this, command, lang, reply = std::move(reply)](link::CommandOutcome const& outcome) {
    answer(command, lang, outcome, reply);
  });
}

// On the link's thread: hand on whatever may take long.
void CaseDoor::answer(core::Command const& command, std::string const& lang, link::CommandOutcome const& outcome,
                      http::Reply reply) {
  if (outcome.status == 503 || outcome.status == 504)
    return attempts_.keep(command, [reply = std::move(reply), outcome, lang] { reply(refusal(outcome, lang)); });
  if (outcome.status != 200 && outcome.status != 409) return reply(refusal(outcome, lang));
  bool shown = false;
  {
    std::lock_guard lock(mutex_);
    if (showing_ < kShowing && crew_.post([this] { show_answered(); })) ++showing_;
    shown = showing_ > 0 && answered_.size() < kMostAnswered;  // a full crew may still have somebody at it
    if (shown) answered_.push_back({command, lang, outcome, reply});
  }
  if (!shown) reply(http::problem(504, "outcome_unknown", lang));  // done, but it cannot be shown: the same command_id shows it
}

// The dispatcher answers a batch at once: whatever has come meanwhile is read in one query.
void CaseDoor::show_answered() {
  for (;;) {
    std::vector<Answered> some;
    {
      std::lock_guard lock(mutex_);
      auto const count = std::min(answered_.size(), kReadTogether);
      auto const end = answered_.begin() + static_cast<std::ptrdiff_t>(count);
      some.assign(std::make_move_iterator(answered_.begin()), std::make_move_iterator(end));
      answered_.erase(answered_.begin(), end);
      if (some.empty()) {
        --showing_;
        return;
      }
    }
    show(some);
  }
}

void CaseDoor::show(std::vector<Answered> const& answered) {
  std::vector<storage::ReadModel::CaseAsked> asked;
  for (auto const& one : answered) asked.push_back({one.command.who, one.command.case_no});
  std::vector<Found> found(answered.size());
  bool away = false;
  try {
    found = reads_.find_cases(asked);
  } catch (storage::Broken const&) {
    away = true;
  } catch (std::exception const& e) {  // the replies, dropped with their commands, answer 500
    spdlog::error("cases that commands moved cannot be read: {}", e.what());
    return;
  }
  for (std::size_t i = 0; i < answered.size(); ++i) {
    auto const& one = answered[i];
    try {
      if (away && one.outcome.status == 200) throw storage::Broken("the database is away");
      one.reply(after(one, std::move(found[i])));
    } catch (storage::Broken const&) {
      one.reply(http::problem(504, "outcome_unknown", one.lang));
    } catch (std::exception const& e) {  // as above
      spdlog::error("case {} cannot be shown: {}", one.command.case_no, e.what());
    }
  }
}

// The case as this command left it; for a stale version, the case as it is. Others may have moved it on since, at once or
// long before a repeat: then its history says how it was, so that the same command always gets the same answer.
http::Response CaseDoor::after(Answered const& answered, Found found) {
  auto const& [command, lang, outcome, reply] = answered;
  bool const done = outcome.status == 200;
  std::optional<core::Case> then;
  if (done && (!found || found->row.version != outcome.version))
    then = reads_.case_at(command.who.district, command.case_no, outcome.version);
  if (found && then) {
    found->row = *then;
    found->open_tasks.clear();
  }
  auto const closing = road_.reference()->closing_conditions();
  Viewer const viewer{command.who, lang, now(), closing, then.has_value()};
  http::Response response;
  if (!done) {
    response = refusal(outcome, lang);
    extend(response, "\"version\":" + std::to_string(outcome.version));
    if (found) extend(response, "\"case\":" + case_json(*found, viewer));
  } else if (found) {
    response = http::json(200, case_json(*found, viewer));
  } else {
    // Done, and thereby gone from the caller's scope (handed to another squad): what he did is all he may see.
    core::Case gone;
    gone.case_no = command.case_no;
    gone.version = outcome.version;
    response = http::json(200, brief_json(then ? *then : gone, then.has_value(), lang));
  }
  if (outcome.replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

}  // namespace wangge::console
