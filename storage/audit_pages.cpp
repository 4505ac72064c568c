#include "storage/audit_pages.hpp"

#include "storage/reader.hpp"

namespace wangge::storage {
namespace {
constexpr char kLog[] = "audit";
}

struct AuditPages::Impl {
  explicit Impl(std::string const& url) : pool(url, 1, Patience{}) {}
  Pool pool;
};

AuditPages::AuditPages(std::string const& url) : impl_(std::make_unique<Impl>(url)) {}
AuditPages::~AuditPages() = default;

AuditPages::Lines AuditPages::page(std::string const& district, AuditFilter const& f) {
  auto params = pg::Params().text(district).text(f.actor).text(f.deed).text(f.words);
  for (auto const& limit : {f.from, f.to}) limit ? params.number(limit->time_since_epoch().count()) : params.null();
  if (f.cursor.empty())
    params.null().text("").number(0);
  else
    for (auto const& part : read_cursor(f.cursor, kLog, 3)) params.text(part);
  params.number(f.limit + 1);
  try {
    return impl_->pool.with([&](pg::Session& s) {
      Lines out;
      std::vector<std::string> last;
      for (auto const& row : s.run(queries::audit_page, params)) {
        if (static_cast<int>(out.items.size()) == f.limit) {
          out.next_cursor = make_cursor({kLog, last[0], last[1], last[2]});
          break;
        }
        out.items.push_back({*pg::instant(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]), pg::text(row[5])});
        last = {pg::text(row[0]), pg::text(row[6]), pg::text(row[7])};
      }
      return out;
    });
  } catch (Poison const& e) {  // only a cursor brings texts that no database can hold
    throw BadFilter("cursor", e.what());
  }
}

}  // namespace wangge::storage
