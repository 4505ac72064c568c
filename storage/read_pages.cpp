// Lists in pages: cursors, and everything whose order is a plain key. Cases have more filters: read_list.cpp.
#include "storage/chain.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

int checked(int limit) {
  if (limit < 1 || limit > 200) throw BadFilter("limit", "1 to 200");
  return limit;
}

List const kTimeline{"history", queries::history_timeline, 5}, kTasks{"tasks", queries::task_own_page, 2},
    kGrids{"grids", queries::cell_page, 1}, kComponents{"components", queries::component_page, 1}, kUnits{"units", queries::unit_page, 1},
    kSquads{"squads", queries::squad_page, 1}, kCatalogue{"catalogue", queries::category_page, 3},
    kEscalations{"escalations", queries::escalation_page, 5};

}  // namespace

Page page(Pool& pool, List const& list, pg::Params params, Start start, std::string const& cursor, int limit) {
  if (cursor.empty()) {
    for (std::size_t i = 0; i < list.key; ++i) start == Start::null ? params.null() : params.text("");
  }
  try {
    if (!cursor.empty()) {
      for (auto const& part : read_cursor(cursor, list.name, list.key)) params.text(part);
    }
    params.number(checked(limit) + 1);
    return pool.with([&](pg::Session& s) { return page_of(s.run(list.query, params), limit, list.name); });
  } catch (Poison const& e) {  // only a cursor brings texts that no database can hold
    throw BadFilter("cursor", e.what());
  }
}

std::string make_cursor(std::vector<std::string> const& parts) {
  std::string all;
  for (auto const& part : parts) all += part + '\n';
  return to_hex(all);
}

std::vector<std::string> read_cursor(std::string const& cursor, std::string_view list, std::size_t count) {
  std::vector<std::string> parts;
  try {
    auto const all = from_hex(cursor);
    for (std::size_t from = 0; from < all.size();) {
      auto const end = all.find('\n', from);
      if (end == std::string::npos) break;
      parts.push_back(all.substr(from, end - from));
      from = end + 1;
    }
  } catch (std::invalid_argument const&) {
  }
  if (parts.size() != count + 1 || parts.front() != list) throw BadFilter("cursor", "no cursor of this list");
  parts.erase(parts.begin());
  return parts;
}

Page page_of(pqxx::result const& rows, int limit, std::string const& list) {
  Page page{"[", ""};
  int count = 0;
  for (auto const& row : rows) {
    if (count == limit) {
      auto const last = rows[static_cast<pqxx::result::size_type>(count - 1)];
      std::vector<std::string> key{list};
      for (int column = 1; column < static_cast<int>(last.size()); ++column) key.push_back(pg::text(last[column]));
      page.next_cursor = make_cursor(key);
      break;
    }
    if (count++ != 0) page.items += ',';
    page.items += row[0].c_str();
  }
  page.items += ']';
  return page;
}

Page ReadModel::history(std::string const& district, std::string const& case_no, std::string const& cursor, int limit) {
  return page(impl_->pool, kTimeline, pg::Params().text(district).text(case_no), Start::null, cursor, limit);
}

Page ReadModel::tasks(core::Principal const& who, std::string const& cursor, int limit) {
  return page(impl_->pool, kTasks, scope(who).number(read_now().time_since_epoch().count()), Start::null, cursor, limit);
}

Page ReadModel::escalations(core::Principal const& who, bool all, std::string const& cursor, int limit) {
  auto params = scope(who);
  params.number(read_now().time_since_epoch().count()).text(all ? "t" : "f");
  return page(impl_->pool, kEscalations, std::move(params), Start::null, cursor, limit);
}

Page ReadModel::grids(std::string const& district, std::string const& cursor, int limit) {
  return page(impl_->pool, kGrids, pg::Params().text(district), Start::empty_text, cursor, limit);
}

Page ReadModel::components(std::string const& district, std::string const& cursor, int limit) {
  return page(impl_->pool, kComponents, pg::Params().text(district), Start::empty_text, cursor, limit);
}

Page ReadModel::units(std::string const& district, std::string const& cursor, int limit) {
  return page(impl_->pool, kUnits, pg::Params().text(district), Start::empty_text, cursor, limit);
}

Page ReadModel::squads(std::string const& district, std::string const& cursor, int limit) {
  return page(impl_->pool, kSquads, pg::Params().text(district), Start::empty_text, cursor, limit);
}

Page ReadModel::catalogue(std::string const& district, std::string const& cursor, int limit) {
  return page(impl_->pool, kCatalogue, pg::Params().text(district), Start::empty_text, cursor, limit);
}

}  // namespace wangge::storage
