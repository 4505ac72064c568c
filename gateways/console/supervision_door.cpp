#include "gateways/console/supervision_door.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "dispatcher/core/lifecycle.hpp"
#include "dispatcher/core/suspicion.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/table_answers.hpp"
#include "gateways/http/body.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using core::Action;

constexpr std::array<std::string_view, 3> kWaiting{"", "answer", "word"};

template <std::size_t N>
std::array<std::string_view, N + 1> or_any(std::array<std::string_view, N> const& words) {
  std::array<std::string_view, N + 1> out{};
  std::copy(words.begin(), words.end(), out.begin() + 1);
  return out;
}

}  // namespace

std::vector<std::string> decided_by(core::Role role) {
  std::vector<std::string> out;
  for (auto const kind : core::kRequestKinds) {
    auto const action = kind == "return" ? Action::approve_return : kind == "void" ? Action::approve_void : Action::approve_request;
    auto const rows = core::rows_of(action);
    bool const his = std::any_of(rows.begin(), rows.end(), [&](core::Row const* row) {
      return std::find(row->who.begin(), row->who.end(), role) != row->who.end() && (action != Action::approve_request || row->outcome == kind);
    });
    if (his) out.emplace_back(kind);
  }
  return out;
}

void SupervisionDoor::requests(http::Request request, http::Reply reply) {
  if (auto refused = without_body(request.who, request.lang)) return reply(std::move(*refused));
  reply(reading(request.lang, [&] {
    storage::RequestsAsked asked;
    asked.kind = word(request, "kind", or_any(core::kRequestKinds), "");
    asked.yours = decided_by(request.who.role);
    asked.mine = word(request, "mine", kYesNo, "false") == "true";
    asked.cursor = request.arg("cursor"), asked.limit = read_limit(request, kPage);
    return list_answer(model_.requests(request.who, asked));
  }));
}

void SupervisionDoor::orders(http::Request request, http::Reply reply) {
  if (auto refused = without_body(request.who, request.lang)) return reply(std::move(*refused));
  reply(reading(request.lang, [&] {
    storage::OrdersAsked asked;
    asked.kind = word(request, "kind", or_any(core::kOrderKinds), "");
    asked.waiting = word(request, "waiting", kWaiting, "");
    asked.late = word(request, "late", kYesNo, "false") == "true";
    asked.settled = word(request, "settled", kYesNo, "false") == "true";
    if (asked.settled && !asked.waiting.empty()) throw storage::BadFilter("waiting", "what is settled waits for nothing");
    asked.cursor = request.arg("cursor"), asked.limit = read_limit(request, kPage);
    return list_answer(model_.orders(request.who, asked));
  }));
}

void SupervisionDoor::looks(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const city = rules_.city(request.who.district);
    auto const read = period_of(request, city->calendar_of(""));
    json::array items;
    for (auto const& l : model_.looks(request.who.district, read.from, read.to))
      items.push_back(json::object{{"pattern", l.pattern}, {"checker", l.checker}, {"squad", l.squad}, {"by", l.by}, {"at", l.at}, {"verdict", l.verdict}, {"note", l.note}});
    return list_answer({json::serialize(items), ""});
  }));
}

void SupervisionDoor::look(http::Request request, http::Reply reply) {
  storage::Look look;
  auto const fault = http::body_fault(request, [&](http::Fields& fields) {
    look.pattern = fields.text("pattern", http::Need::required, 40);
    look.checker = fields.text("checker", http::Need::optional, 100);
    look.squad = fields.text("squad", http::Need::optional, 100);
    look.verdict = fields.one_of("verdict", http::Need::required, storage::kVerdicts);
    look.note = fields.text("note", http::Need::required, 1000);
    look.by = request.who.name;
    if (!look.pattern.empty() && std::find(core::kPatterns.begin(), core::kPatterns.end(), look.pattern) == core::kPatterns.end()) fields.fail("pattern", "unknown_value");
  });
  if (fault) return reply(*fault);
  reply(reading(request.lang, [&] {
    auto const city = rules_.city(request.who.district);
    auto const read = period_of(request, city->calendar_of(""));
    model_.look(request.who.district, read.from, read.to, look);
    return http::json(201, json::serialize(json::object{{"pattern", look.pattern}, {"verdict", look.verdict}}));
  }));
}

}  // namespace wangge::console
