#include "storage/rule_model.hpp"

#include "storage/reader.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {

namespace {
List const kDesk{"desk", queries::cases_desk, 2}, kVersions{"versions", queries::standing_version_page, 2},
    kAreas{"areas", queries::area_page, 2}, kList{"responsibilities", queries::responsibility_page, 1},
    kClosing{"closing", queries::closing_condition_page, 1}, kCampaigns{"campaigns", queries::campaign_report, 1},
    kPlans{"plans", queries::plan_page, 1};
}  // namespace

struct RuleModel::Impl {
  Impl(std::string const& url, int connections, Patience patience) : pool(url, connections, patience) {}
  Pool pool;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<core::City const>> cities;

  Page list(List const& which, std::string const& district, std::string const& cursor, int limit) {
    return page(pool, which, pg::Params().text(district), Start::empty_text, cursor, limit);
  }
};

RuleModel::RuleModel(std::string const& url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(url, connections, patience)) {}
RuleModel::~RuleModel() = default;

std::shared_ptr<core::City const> RuleModel::city(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) {
    return s.guarded([&] {
      auto const version = standing::city_version(s.raw(), district);
      {
        std::lock_guard lock(impl_->mutex);
        auto const known = impl_->cities.find(district);
        if (known != impl_->cities.end() && known->second->version == version) return known->second;
      }
      auto city = std::make_shared<core::City const>(standing::read_city(s.raw(), district));
      std::lock_guard lock(impl_->mutex);
      return impl_->cities[district] = std::move(city);
    });
  });
}

std::vector<std::string> RuleModel::streets(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<std::string> out;
    for (auto const& row : s.run(queries::street_codes, pg::Params().text(district))) out.push_back(pg::text(row[0]));
    return out;
  });
}

RuleModel::Past RuleModel::past_cases(std::string const& district, core::Instant from, core::Instant to, int limit) {
  auto const params = pg::Params()
                          .text(district)
                          .number(from.time_since_epoch().count())
                          .number(to.time_since_epoch().count())
                          .number(limit + 1);
  return impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
    Past past;
    for (auto const& row : s.run(queries::cases_routed, params)) {
      if (static_cast<int>(past.cases.size()) == limit) {
        past.more = true;
        break;
      }
      auto& one = past.cases.emplace_back();
      auto& c = one.c;
      int at = 0;
      for (auto* to_text : {&c.case_no, &c.standard, &c.kind, &c.code, &c.class_code, &c.condition, &c.grid,
                            &c.community, &c.street, &c.area_level, &c.source, &c.campaign, &c.component_id})
        *to_text = pg::text(row[at++]);
      if (!row[at].is_null()) c.lon = row[at].as<double>();
      if (!row[at + 1].is_null()) c.lat = row[at + 1].as<double>();
      one.at = *pg::instant(row[at + 2]);
      if (pg::yes(row[at + 5]))
        one.component = core::ComponentFact{c.component_id, pg::text(row[at + 3]), pg::text(row[at + 4])};
    }
    return past;
  });
}

std::vector<RuleModel::Accuracy> RuleModel::accuracy(std::string const& district, core::Instant from, core::Instant to,
                                                     std::string const& by) {
  auto const params = pg::Params()
                          .text(district)
                          .number(from.time_since_epoch().count())
                          .number(to.time_since_epoch().count())
                          .text(by);
  return impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
    std::vector<Accuracy> out;
    for (auto const& row : s.run(queries::history_accuracy, params))
      out.push_back({pg::text(row[0]), pg::number(row[1]), pg::number(row[2])});
    return out;
  });
}

Page RuleModel::desk(core::Principal const& who, std::string const& cursor, int limit) {
  return page(impl_->pool, kDesk, pg::Params().text(who.district).text(who.street), Start::empty_text, cursor, limit);
}
Page RuleModel::versions(std::string const& district, std::string const& cursor, int limit) {
  return impl_->list(kVersions, district, cursor, limit);
}
Page RuleModel::areas(std::string const& district, std::string const& cursor, int limit) {
  return impl_->list(kAreas, district, cursor, limit);
}
Page RuleModel::responsibilities(std::string const& district, std::string const& cursor, int limit) {
  return impl_->list(kList, district, cursor, limit);
}
Page RuleModel::closing_conditions(std::string const& district, std::string const& cursor, int limit) {
  return impl_->list(kClosing, district, cursor, limit);
}
Page RuleModel::campaigns(std::string const& district, std::string const& cursor, int limit) {
  return impl_->list(kCampaigns, district, cursor, limit);
}
Page RuleModel::plans(std::string const& district, std::string const& cursor, int limit) {
  return impl_->list(kPlans, district, cursor, limit);
}

std::string RuleModel::components_near(std::string const& district, double lon, double lat, double metres,
                                       std::string const& code, int limit) {
  return impl_->pool.with([&](pg::Session& s) {
    std::string out = "[";
    auto const params = pg::Params()
                            .text(district)
                            .text(pqxx::to_string(lon))
                            .text(pqxx::to_string(lat))
                            .text(pqxx::to_string(metres))
                            .text(code)
                            .number(limit);
    for (auto const& row : s.run(queries::component_around, params))
      out += (out.size() > 1 ? "," : "") + pg::text(row[0]);
    return out + "]";
  });
}

RuleModel::RouteFacts RuleModel::route_facts(std::string const& district, std::string const& component_id) {
  return impl_->pool.with([&](pg::Session& s) {
    RouteFacts out;
    if (!component_id.empty()) {
      for (auto const& row : s.run(queries::component_load, pg::Params().text(district).array({component_id})))
        out.component = core::ComponentFact{pg::text(row[0]), pg::text(row[1]), pg::text(row[2])};
    }
    for (auto const& row : s.run(queries::task_loads, pg::Params().text(district))) out.loads[pg::text(row[0])] = pg::number(row[1]);
    return out;
  });
}

std::string RuleModel::category_at(std::string const& district, std::int64_t version, core::CategoryKey const& key) {
  return impl_->pool.with([&](pg::Session& s) -> std::string {
    auto const rows =
        s.run(queries::standing_version_category,
              pg::Params().text(district).number(version).text(key.standard + "/" + key.kind + "/" + key.code));
    return rows.empty() || rows[0][0].is_null() ? "" : pg::text(rows[0][0]);
  });
}

}  // namespace wangge::storage
