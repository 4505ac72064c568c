// A life is played from where the case stands: what people did before counts as played.
#include "deploy/lives/life.hpp"

#include <algorithm>
#include <thread>

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

std::string member(json::value const& value, char const* name) {
  auto const* o = value.if_object();
  auto const* found = o == nullptr ? nullptr : o->if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

}  // namespace

Life::Life(Talk& talk, Cast const& cast, std::string key) : talk_(talk), cast_(cast), key_(std::move(key)) {}

std::string Life::text(char const* name) const {
  return member(case_, name);
}

std::string Life::wait_for_case(std::string const& report_id, std::string const& token,
                                std::chrono::milliseconds patience) {
  auto const until = std::chrono::steady_clock::now() + patience;
  for (auto pause = 20ms; std::chrono::steady_clock::now() < until;
       pause = std::min<std::chrono::milliseconds>(pause * 2, 1s)) {
    auto const told = talk_.get("/api/v1/reports/" + report_id, token);
    if (told.status == 200 && told.word("state") == "committed") return told.word("case_no");
    if (told.status != 200 && told.status != 404) return "";
    std::this_thread::sleep_for(pause);
  }
  return "";
}

bool Life::look(std::string const& case_no) {
  auto told = talk_.get("/api/v1/cases/" + case_no, cast_.need("acceptor").token);
  if (told.status != 200) return false;
  case_ = std::move(told.body);
  return true;
}

json::array Life::history(std::string const& case_no) {
  auto const told = talk_.get("/api/v1/cases/" + case_no + "/history", cast_.need("acceptor").token);
  auto const* items = told.body.is_object() ? told.body.as_object().if_contains("items") : nullptr;
  auto const* rows = items != nullptr ? items->if_array() : told.body.if_array();
  return rows == nullptr ? json::array() : *rows;
}

std::string Life::state_when_made(std::string const& case_no) {
  std::string state;
  for (auto const& row : history(case_no)) {
    bool const made = member(row, "action") == "report" || member(row, "role") == "system";
    if (!made) break;
    if (auto to = member(row, "to"); !to.empty()) state = std::move(to);
  }
  return state;
}

// How many rows of the history people made, the report itself aside.
std::size_t Life::already_played(std::string const& case_no) {
  auto const rows = history(case_no);
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](json::value const& row) {
    auto const action = member(row, "action");
    return member(row, "role") != "system" && action != "report" && action != "received" && action != "task_escalated";
  }));
}

Actor const* Life::actor_for(LifeStep const& step) const {
  if (step.role == "patroller") {
    auto const* tasks = case_.is_object() ? case_.as_object().if_contains("tasks") : nullptr;
    if (tasks == nullptr || !tasks->is_array()) return nullptr;
    for (auto const& task : tasks->as_array()) {
      auto const kind = member(task, "kind");
      if (kind == "verify" || kind == "check") return cast_.by_name("patroller", member(task, "holder"));
    }
    return nullptr;
  }
  if (step.role == "disposer" || step.role == "squad_leader") return cast_.by_squad(step.role, text("squad"));
  if (step.role == "unit_clerk" || step.role == "unit_head") return cast_.by_unit(step.role, text("unit"));
  return cast_.first(step.role);
}

LifeResult Life::play(std::string const& case_no, std::vector<LifeStep> const& steps, bool fresh) {
  LifeResult result;
  auto stop = [&](std::string const& at, std::string code, int status) {
    result.stopped_at = at;
    result.code = std::move(code);
    result.status = status;
    return result;
  };
  std::size_t const done = fresh ? 0 : already_played(case_no);
  if (done >= steps.size()) return result;
  if (!look(case_no)) return stop("read", "case_unreadable", 0);
  for (std::size_t i = done; i < steps.size();) {
    auto const& step = steps[i];
    auto const version = std::to_string(case_.at("version").to_number<std::int64_t>());
    auto const* actor = actor_for(step);
    if (actor == nullptr) return stop(step.action, "nobody_for_" + step.role, 403);
    json::object body = step.more;
    body["command_id"] = stable_uuid(key_ + "/" + std::to_string(i) + "/" + version);
    body["version"] = case_.at("version");
    body["at"] = to_rfc3339(step.at);
    auto told = talk_.post("/api/v1/cases/" + case_no + "/actions/" + step.action, actor->token, json::serialize(body));
    if (told.status == 200) {
      ++result.commands;
      ++i;
      case_ = std::move(told.body);
      result.state = text("state");
    } else if (told.status == 409 && told.code() == "stale_version") {
      auto const before = version;
      if (!look(case_no)) return stop(step.action, "case_unreadable", 0);
      // Somebody went on with it meanwhile: not ours any more unless it is only a newer version of the same wait.
      if (std::to_string(case_.at("version").to_number<std::int64_t>()) == before)
        return stop(step.action, told.code(), 409);
    } else {
      return stop(step.action, told.code().empty() ? told.text : told.code(), told.status);
    }
  }
  return result;
}

}  // namespace wangge::deploy
