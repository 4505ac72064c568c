// The facts behind the list of suspicious patterns; what is one, the core says.
#include "storage/chain.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {

namespace {

std::optional<double> real(pqxx::field const& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<double>();
}

}  // namespace

std::vector<core::Suspicion> ReadModel::suspicions(std::string const& district, core::Instant from, core::Instant to) {
  std::vector<core::CheckFact> checks;
  std::vector<core::FoundFact> found;
  std::shared_ptr<core::City const> city;
  impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
    checks.clear();
    found.clear();
    city = impl_->city(s, district);
    auto const period = [&] {
      return pg::Params().text(district).number(from.time_since_epoch().count()).number(to.time_since_epoch().count());
    };
    for (auto const& row : s.run(queries::suspicion_checks, period())) {
      checks.push_back({pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::yes(row[4]),
                        *pg::instant(row[5]), *pg::instant(row[6]), split(pg::text(row[7])), real(row[8]), real(row[9]),
                        real(row[10]), real(row[11]), pg::text(row[12])});
    }
    for (auto const& row : s.run(queries::suspicion_found, period())) {
      core::Case c;
      c.case_no = pg::text(row[0]);
      c.grid = pg::text(row[2]);
      c.street = pg::text(row[3]);
      c.community = pg::text(row[4]);
      auto const walker = core::patroller_on_duty(*city, c, *pg::instant(row[5]), "");
      found.push_back({c.case_no, pg::text(row[1]), c.grid, walker, pg::yes(row[7]) && pg::text(row[6]) == walker});
    }
    return true;
  });
  core::Suspecting limits;
  limits.check_metres = static_cast<double>(city->policy.check_metres);
  return core::suspicions(checks, found, limits);
}

}  // namespace wangge::storage
