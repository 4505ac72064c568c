#include "storage/desk_records.hpp"

#include "storage/figures.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

constexpr int kTries = 5;  // two shifts opened in the same instant reach for the same number

std::int64_t count(core::Instant at) { return at.time_since_epoch().count(); }

Handover read_handover(pqxx::row const& row) {
  Handover h;
  h.number = pg::number(row[0]), h.version = pg::number(row[1]);
  h.shift = {*pg::instant(row[2]), *pg::instant(row[3]), pg::text(row[4]), pg::text(row[5])};
  h.opened_at = *pg::instant(row[6]);
  h.opened_by = pg::text(row[7]), h.notes = pg::text(row[8]), h.outgoing = pg::text(row[9]);
  h.outgoing_at = pg::instant(row[10]);
  h.digest = pg::text(row[11]), h.incoming = pg::text(row[12]);
  h.incoming_at = pg::instant(row[13]);
  h.remark = pg::text(row[14]);
  if (row.size() > 15) h.snapshot = pg::text(row[15]);
  return h;
}

std::optional<std::int64_t> version_of(pqxx::result const& rows) {
  return rows.empty() ? std::nullopt : std::optional(pg::number(rows[0][0]));
}

std::string snapshot(pg::Session& s, core::Principal const& who, core::Instant now, core::Instant until) {
  auto const params = scope(who).number(count(now)).number(count(until)).number(DeskRecords::kListed);
  return pg::text(s.run(queries::handover_snapshot, params)[0][0]);
}

}  // namespace

core::HandoverState Handover::state() const {
  return !incoming.empty() ? core::HandoverState::complete : !outgoing.empty() ? core::HandoverState::signed_out : core::HandoverState::opened;
}

std::string handover_digest(std::string const& district, Handover const& h) {
  std::string text;
  for (auto const& part : {district, std::to_string(h.number), std::to_string(count(h.shift.from)), std::to_string(count(h.shift.to)), h.snapshot, h.notes})
    text += std::to_string(part.size()) + ":" + part;
  return sha256_hex(text);
}

struct DeskRecords::Impl {
  Impl(std::string const& url, Patience patience) : reads(url, 1, patience), writes(url, 1, patience, pg::Session::Use::writer) {}
  Pool reads, writes;

  std::optional<Handover> find(std::string const& district, std::optional<std::int64_t> number, std::optional<core::Instant> from) {
    pg::Params params;
    params.text(district);
    number ? params.number(*number) : params.null();
    from ? params.number(count(*from)) : params.null();
    return reads.with([&](pg::Session& s) -> std::optional<Handover> {
      auto const rows = s.run(queries::handover_find, params);
      return rows.empty() ? std::nullopt : std::optional(read_handover(rows[0]));
    });
  }
};

DeskRecords::DeskRecords(std::string const& url, Patience patience) : impl_(std::make_unique<Impl>(url, patience)) {}
DeskRecords::~DeskRecords() = default;

ShiftPlan DeskRecords::shifts(std::string const& district) {
  return impl_->reads.with([&](pg::Session& s) {
    ShiftPlan plan;
    for (auto const& row : s.run(queries::desk_shift_load, pg::Params().text(district))) {
      plan.utc_offset = std::chrono::minutes{pg::number(row[3])};
      plan.since = *pg::instant(row[4]);
      if (!row[0].is_null()) plan.begins.push_back({static_cast<int>(pg::number(row[0])), pg::text(row[1]), pg::text(row[2])});
    }
    if (plan.begins.empty()) plan.begins = core::standard_shifts();
    return plan;
  });
}

void DeskRecords::set_shifts(std::string const& district, std::vector<core::ShiftBegin> const& begins) {
  pg::Column minutes, zh, en;
  for (auto const& b : begins) minutes.add(std::int64_t{b.minute}), zh.add(b.zh), en.add(b.en);
  auto const params = pg::Params().text(district).array(minutes).array(zh).array(en);
  impl_->writes.with([&](pg::Session& s) { return s.run(queries::desk_shift_put, params).size(); });
}

std::vector<Handover> DeskRecords::handovers(std::string const& district, std::optional<core::Instant> before, int limit) {
  pg::Params params;
  params.text(district);
  before ? params.number(count(*before)) : params.null();
  params.number(limit);
  return impl_->reads.with([&](pg::Session& s) {
    std::vector<Handover> out;
    for (auto const& row : s.run(queries::handover_list, params)) out.push_back(read_handover(row));
    return out;
  });
}

std::optional<Handover> DeskRecords::handover(std::string const& district, std::int64_t number) { return impl_->find(district, number, std::nullopt); }

Handover DeskRecords::open_handover(core::Principal const& who, core::DeskShift const& shift, core::Instant now, core::Instant until, bool& made) {
  made = false;
  for (int i = 0; i < kTries; ++i) {
    if (auto found = impl_->find(who.district, std::nullopt, shift.from)) return *found;
    auto const seen = impl_->reads.with(impl_->reads.patience().heavy, [&](pg::Session& s) { return snapshot(s, who, now, until); });
    auto const params = pg::Params()
                            .text(who.district)
                            .number(count(shift.from))
                            .number(count(shift.to))
                            .text(shift.zh)
                            .text(shift.en)
                            .number(count(now))
                            .text(who.name)
                            .text(seen);
    made = impl_->writes.with([&](pg::Session& s) { return s.run(queries::handover_open, params).affected_rows() == 1; });
  }
  auto found = impl_->find(who.district, std::nullopt, shift.from);
  if (!found) throw Broken("the handover found no number");
  return *found;
}

std::optional<std::int64_t> DeskRecords::write_handover(core::Principal const& who, std::int64_t number, std::int64_t version, std::string const& notes,
                                                        std::optional<core::Instant> taken_anew, core::Instant until) {
  auto params = pg::Params().text(who.district).number(number).number(version).text(notes);
  if (taken_anew) {
    auto const seen = impl_->reads.with(impl_->reads.patience().heavy, [&](pg::Session& s) { return snapshot(s, who, *taken_anew, until); });
    params.text(seen).number(count(*taken_anew));
  } else {
    params.null().null();
  }
  return impl_->writes.with([&](pg::Session& s) { return version_of(s.run(queries::handover_write, params)); });
}

std::optional<std::int64_t> DeskRecords::sign_out(core::Principal const& who, Handover const& seen, core::Instant at) {
  auto const params =
      pg::Params().text(who.district).number(seen.number).number(seen.version).text(who.name).number(count(at)).text(handover_digest(who.district, seen));
  return impl_->writes.with([&](pg::Session& s) { return version_of(s.run(queries::handover_sign_out, params)); });
}

std::optional<std::int64_t> DeskRecords::sign_in(core::Principal const& who, Handover const& seen, core::Instant at, std::string const& remark) {
  auto const params = pg::Params().text(who.district).number(seen.number).number(seen.version).text(who.name).number(count(at)).text(remark);
  return impl_->writes.with([&](pg::Session& s) { return version_of(s.run(queries::handover_sign_in, params)); });
}

void DeskRecords::promise(core::Principal const& who, std::string const& report_id, core::Instant until, core::Instant at) {
  auto const params = pg::Params().text(who.district).text(report_id).number(count(until)).text(who.name).number(count(at));
  impl_->writes.with([&](pg::Session& s) { return s.run(queries::reply_promise_put, params).size(); });
}

// ---- saved views

std::vector<DeskRecords::Earlier> DeskRecords::earlier(core::Principal const& who, std::string const& phone) {
  auto params = scope(who);
  params.number(read_now().time_since_epoch().count()).text(phone).number(kEarlierMost);
  return impl_->reads.with([&](pg::Session& s) {
    std::vector<Earlier> out;
    for (auto const& row : s.run(queries::reporter_of_phone, params)) out.push_back({pg::text(row[0]), pg::text(row[1])});
    return out;
  });
}

std::vector<SavedView> DeskRecords::views(core::Principal const& who) {
  return impl_->reads.with([&](pg::Session& s) {
    std::vector<SavedView> out;
    for (auto const& row : s.run(queries::saved_view_list, pg::Params().text(who.district).text(who.name)))
      out.push_back({pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::yes(row[4]), pg::yes(row[5])});
    return out;
  });
}

bool DeskRecords::put_view(core::Principal const& who, SavedView const& view) {
  auto const params =
      pg::Params().text(who.district).text(view.view_id).text(who.name).text(view.name).text(view.query).text(view.shared ? "t" : "f").number(kViewsMost);
  auto const pin = pg::Params().text(who.district).text(who.name).text(view.view_id);
  return impl_->writes.with([&](pg::Session& s) {
    // Whoever sees a view may pin it; only its owner changes the rest.
    bool const own = view.owner == who.name;
    if (own && s.run(queries::saved_view_put, params).empty()) return false;
    auto const done = s.run(view.pinned ? queries::saved_view_pin : queries::saved_view_unpin, pin).affected_rows();
    return own || done > 0 || !view.pinned;
  });
}

bool DeskRecords::drop_view(core::Principal const& who, std::string const& view_id) {
  auto const params = pg::Params().text(who.district).text(view_id).text(who.name).text(who.role == core::Role::shift_leader ? "t" : "f");
  return impl_->writes.with([&](pg::Session& s) { return !s.run(queries::saved_view_drop, params).empty(); });
}

// ---- who looks at what

void DeskRecords::look(core::Principal const& who, std::string const& seat, std::string const& case_no) {
  impl_->writes.with([&](pg::Session& s) {
    if (case_no.empty()) return s.run(queries::presence_leave, pg::Params().text(who.district).text(who.name).text(seat)).size();
    return s.run(queries::presence_beat, pg::Params().text(who.district).text(who.name).text(seat).text(core::id(who.role)).text(case_no)).size();
  });
}

std::vector<Looked> DeskRecords::looked(std::string const& district, std::string const& case_no) {
  return impl_->reads.with([&](pg::Session& s) {
    std::vector<Looked> out;
    for (auto const& row : s.run(queries::presence_list, pg::Params().text(district).text(case_no))) out.push_back({pg::text(row[0]), pg::text(row[1])});
    return out;
  });
}

bool DeskRecords::take_lease(core::Principal const& who, std::string const& case_no, std::string const& reason) {
  auto const params = pg::Params().text(who.district).text(case_no).text(who.name).text(core::id(who.role)).text(reason);
  return impl_->writes.with([&](pg::Session& s) {
    auto const rows = s.run(queries::case_lease_take, params);
    if (rows.empty()) return false;
    auto const from = pg::text(rows[0][0]);
    if (!reason.empty() && !from.empty())
      s.run(queries::case_lease_note, pg::Params().text(who.district).text(case_no).text(who.name).text(from).text(reason));
    return true;
  });
}

void DeskRecords::drop_lease(core::Principal const& who, std::string const& case_no) {
  impl_->writes.with([&](pg::Session& s) { return s.run(queries::case_lease_drop, pg::Params().text(who.district).text(case_no).text(who.name)).size(); });
}

}  // namespace wangge::storage
