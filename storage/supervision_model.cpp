#include "storage/supervision_model.hpp"

#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

List const kOrders{"orders_of_cases", queries::cases_orders, 3}, kSettled{"settled_orders", queries::history_settled_orders, 3}, kRequests{"requests", queries::cases_requests, 3};

std::string joined(std::vector<std::string> const& words) {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

pg::Params asked_now(core::Principal const& who) {
  auto params = scope(who);
  params.number(read_now().time_since_epoch().count());
  return params;
}

}  // namespace

struct SupervisionModel::Impl {
  Impl(std::string const& u, int connections, Patience patience) : url(u), pool(u, connections, patience) {}
  std::string url;
  Pool pool;
};

SupervisionModel::SupervisionModel(std::string const& url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(url, connections, patience)) {}
SupervisionModel::~SupervisionModel() = default;

Page SupervisionModel::orders(core::Principal const& who, OrdersAsked const& asked) {
  auto params = asked_now(who);
  if (asked.settled) {
    params.text(asked.kind).text(asked.late ? "t" : "f");
    return page(impl_->pool, kSettled, std::move(params), Start::null, asked.cursor, asked.limit);
  }
  params.text(asked.kind).text(asked.waiting).text(asked.late ? "t" : "f");
  return page(impl_->pool, kOrders, std::move(params), Start::null, asked.cursor, asked.limit);
}

Page SupervisionModel::requests(core::Principal const& who, RequestsAsked const& asked) {
  auto params = asked_now(who);
  params.text(asked.kind).text(joined(asked.yours)).text(asked.mine ? "t" : "f");
  return page(impl_->pool, kRequests, std::move(params), Start::null, asked.cursor, asked.limit);
}

std::vector<Look> SupervisionModel::looks(std::string const& district, core::Instant from, core::Instant to) {
  auto const params = pg::Params().text(district).number(from.time_since_epoch().count()).number(to.time_since_epoch().count());
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<Look> out;
    for (auto const& row : s.run(queries::suspicion_look_of_period, params)) {
      auto& one = out.emplace_back();
      int at = 0;
      for (auto* to_text : {&one.pattern, &one.checker, &one.squad, &one.by, &one.at, &one.verdict, &one.note}) *to_text = pg::text(row[at++]);
    }
    return out;
  });
}

void SupervisionModel::look(std::string const& district, core::Instant from, core::Instant to, Look const& look) {
  pg::Session s(impl_->url, pg::Session::Use::writer);
  s.run(queries::suspicion_look_insert, pg::Params()
                                            .text(district)
                                            .text(look.pattern)
                                            .text(look.checker)
                                            .text(look.squad)
                                            .number(from.time_since_epoch().count())
                                            .number(to.time_since_epoch().count())
                                            .text(look.by)
                                            .text(look.verdict)
                                            .text(look.note));
}

}  // namespace wangge::storage
