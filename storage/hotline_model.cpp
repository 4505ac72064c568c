#include "storage/hotline_model.hpp"

#include "storage/order_codec.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {

namespace {
List const kTimeline{"order_history", queries::history_timeline, 5};
constexpr char kOrders[] = "orders";

bool of_unit(core::Role role) {
  return role == core::Role::unit_clerk || role == core::Role::unit_head || role == core::Role::squad_leader ||
         role == core::Role::disposer;
}
}  // namespace

struct HotlineModel::Impl {
  Impl(std::string const& url, int connections, Patience patience) : pool(url, connections, patience) {}
  Pool pool;
};

HotlineModel::HotlineModel(std::string const& url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(url, connections, patience)) {}
HotlineModel::~HotlineModel() = default;

std::optional<HotlineModel::View> HotlineModel::find(core::Principal const& who, std::string const& order_no) {
  if (!core::is_order_no(order_no)) return std::nullopt;
  return impl_->pool.with([&](pg::Session& s) -> std::optional<View> {
    auto const rows = s.run(queries::hotline_order_find, pg::Params().text(who.district).text(order_no));
    if (rows.empty()) return std::nullopt;
    auto const row = rows[0];
    View view;
    view.order = read_order(who.district, row);
    if (!core::sees_order(who, view.order)) return std::nullopt;
    int at = kOrderColumns;
    for (auto* to : {&view.caller_name, &view.caller_phone, &view.cases, &view.told}) *to = pg::text(row[at++]);
    view.utc_offset = std::chrono::minutes{pg::number(row[at])};
    return view;
  });
}

HotlineModel::Orders HotlineModel::list(core::Principal const& who, OrderFilter const& f, core::Instant now) {
  auto const unit =
      of_unit(who.role) ? (who.unit.empty() ? std::string("-") : who.unit) : std::string();  // "-": nobody's
  auto params = pg::Params().text(who.district).text(unit).text(f.state).text(f.open).text(f.late).text(f.case_no);
  params.text(f.told ? core::id(who.role) : "").number(now.time_since_epoch().count());
  if (f.cursor.empty())
    params.null().text("");
  else
    for (auto const& part : read_cursor(f.cursor, kOrders, 2)) params.text(part);
  params.number(f.limit + 1);
  try {
    return impl_->pool.with([&](pg::Session& s) {
      Orders orders;
      std::string last;
      for (auto const& row : s.run(queries::hotline_order_page, params)) {
        if (static_cast<int>(orders.items.size()) == f.limit) {
          orders.next_cursor = make_cursor({kOrders, last, orders.items.back().order.order_no});
          break;
        }
        auto& view = orders.items.emplace_back();
        view.order = read_order(who.district, row);
        view.utc_offset = std::chrono::minutes{pg::number(row[kOrderColumns])};
        last = pg::text(row[kOrderColumns + 1]);
      }
      return orders;
    });
  } catch (Poison const& e) {  // only a cursor brings texts that no database can hold
    throw BadFilter("cursor", e.what());
  }
}

Page HotlineModel::history(core::Principal const& who, std::string const& order_no, std::string const& cursor,
                           int limit) {
  return page(impl_->pool, kTimeline, pg::Params().text(who.district).text(order_no), Start::null, cursor, limit);
}

}  // namespace wangge::storage
