// Hotline orders in the writer's transaction: few, so one statement an order.
#include "storage/order_codec.hpp"
#include "storage/postgres_writer.hpp"

namespace wangge::storage {

core::HotlineOrder read_order(std::string const& district, pqxx::row const& row) {
  core::HotlineOrder o;
  o.district = district;
  o.order_no = pg::text(row[0]);
  o.version = pg::number(row[1]);
  core::Changes fields = core::order_fields(o);
  int at = 2;
  for (auto& [name, text] : fields) text = pg::text(row[at++]);
  core::order_patch(o, fields);
  return o;
}

void PostgresStore::load_orders(pg::Session& s, std::string const& district, std::vector<std::string> const& numbers,
                                Loaded& loaded) {
  for (auto const& row : s.run(queries::hotline_order_load, pg::Params().text(district).array(numbers))) {
    auto o = read_order(district, row);
    auto const number = o.order_no;
    loaded.orders.emplace(number, std::move(o));
  }
}

void PostgresStore::save_orders(pg::Pipeline& p, Batch const& batch) {
  for (auto const& save : batch.orders) {
    auto const& o = save.after;
    auto params = pg::Params().text(batch.district).text(o.order_no).number(o.version);
    if (save.version_before != 0) params.number(save.version_before);
    for (auto const& [name, text] : core::order_fields(o)) params.text(text);
    p.send(save.version_before == 0 ? queries::hotline_order_insert : queries::hotline_order_update, params,
           [number = o.order_no](std::size_t rows) {
             if (rows != 1) throw Conflict("order " + number + " moved since it was loaded");
           });
    if (save.version_before == 0 && !(save.caller_name.empty() && save.caller_phone.empty()))
      p.send(queries::hotline_order_put_caller,
            pg::Params().text(batch.district).text(o.order_no).text(save.caller_name).text(save.caller_phone));
  }
}

}  // namespace wangge::storage
