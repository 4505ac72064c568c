#include "storage/audit.hpp"

#include <algorithm>
#include <optional>

#include "dispatcher/core/decide.hpp"
#include "storage/chain.hpp"
#include "storage/codec.hpp"
#include "storage/deadline.hpp"
#include "storage/order_codec.hpp"

namespace wangge::storage {
namespace {

std::string canonical_deed(Deed const& d, core::Instant recorded_at, std::string const& chain, std::int64_t seq) {
  CanonicalBytes bytes;
  bytes.add("audit 1").add(chain).add(seq).add(d.district).add(d.actor).add(d.role).add(d.deed).add(d.subject).add(d.detail);
  bytes.add(recorded_at.time_since_epoch().count());
  return bytes.bytes();
}

// One chain under verification; the first thing that does not fit is the finding.
struct Walk {
  std::string district, chain;
  std::vector<ChainState> anchors;
  ChainHead head;
  std::optional<AuditFinding> finding;

  void found(std::int64_t seq, std::string case_no, std::string what) {
    if (!finding) finding = AuditFinding{district, chain, seq, std::move(case_no), std::move(what)};
  }
  // `bytes` makes the canonical bytes of this row; it may throw when a value is not one that could have been written.
  template <class Bytes>
  void step(std::int64_t seq, std::string const& case_no, std::string const& stored_hash, Bytes&& bytes) {
    if (finding) return;
    if (seq != head.seq + 1) {
      return found(head.seq + 1, case_no, seq <= head.seq ? "a row stands twice or was inserted" : "a row is missing");
    }
    try {
      head = chained(head, bytes());
    } catch (std::exception const& e) {
      return found(seq, case_no, std::string("a row cannot be read: ") + e.what());
    }
    if (to_hex(head.hash) != stored_hash) return found(seq, case_no, "a row was changed");
    for (auto const& anchor : anchors) {
      if (anchor.seq == seq && anchor.hash != stored_hash) return found(seq, case_no, "the chain was rewritten since its anchor");
    }
  }
  void finish(pqxx::field const& seq, pqxx::field const& hash) {
    if (finding) return;
    if (seq.is_null()) return found(head.seq, "", "the chain's head is gone");
    if (pg::number(seq) != head.seq) return found(std::min(head.seq, pg::number(seq)) + 1, "", "the chain was cut at its end");
    if (pg::text(hash) != to_hex(head.hash)) return found(head.seq, "", "the chain's head was changed");
    for (auto const& anchor : anchors) {
      if (anchor.seq > head.seq) return found(head.seq + 1, "", "the chain is shorter than its anchor");
    }
  }
};

void walk_history(pg::Session& s, Walk& walk, AuditReport& report, AuditProgress const& progress) {
  s.run(queries::history_declare_chain, pg::Params().text(walk.district).text(walk.chain));
  for (auto page = s.run(queries::history_fetch_chain); !page.empty(); page = s.run(queries::history_fetch_chain)) {
    for (auto const& row : page) {
      auto const seq = pg::number(row[0]);
      auto const case_no = pg::text(row[1]);
      walk.step(seq, case_no, pg::text(row[16]), [&] {
        core::HistoryRow h;
        h.version = pg::number(row[2]);
        h.action = pg::text(row[3]);
        h.actor = pg::text(row[4]);
        h.role = read_role(pg::text(row[5]));
        h.from = read_state(pg::text(row[6]));
        h.to = read_state(pg::text(row[7]));
        h.at = *pg::instant(row[8]);
        h.reason = pg::text(row[10]);
        h.opinion = pg::text(row[11]);
        h.command_id = pg::text(row[13]);
        h.transport = pg::yes(row[15]);
        return canonical(walk.district, case_no, h, pg::text(row[12]), pg::text(row[14]), *pg::instant(row[9]), walk.chain, seq);
      });
    }
    report.rows += static_cast<std::int64_t>(page.size());
    if (progress) progress(report.rows);
  }
}

void walk_audit(pg::Session& s, Walk& walk, AuditReport& report, AuditProgress const& progress) {
  s.run(queries::audit_declare_chain, pg::Params().text(walk.district).text(walk.chain));
  for (auto page = s.run(queries::audit_fetch_chain); !page.empty(); page = s.run(queries::audit_fetch_chain)) {
    for (auto const& row : page) {
      auto const seq = pg::number(row[0]);
      walk.step(seq, "", pg::text(row[7]), [&] {
        Deed const deed{walk.district, pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]), pg::text(row[5])};
        return canonical_deed(deed, *pg::instant(row[6]), walk.chain, seq);
      });
    }
    report.rows += static_cast<std::int64_t>(page.size());
    if (progress) progress(report.rows);
  }
}

}  // namespace

AuditReport verify_chains(std::string const& url, std::vector<ChainState> const& anchors, AuditProgress const& progress) {
  AuditReport report;
  pg::Session session(url, pg::Session::Use::batch);
  for (auto const& chain : session.run(queries::history_chains)) {
    Walk walk;
    walk.district = pg::text(chain[0]);
    walk.chain = pg::text(chain[1]);
    for (auto const& anchor : anchors) {
      if (anchor.district == walk.district && anchor.chain == walk.chain) walk.anchors.push_back(anchor);
    }
    pg::Transaction transaction(session);
    // The head is read again inside: writers go on meanwhile, so head and rows must be of one snapshot.
    session.run(queries::chain_head_snapshot);
    auto const head = session.run(queries::chain_head_read, pg::Params().text(walk.district).text(walk.chain));
    bool const audit = pg::text(chain[2]) == "audit";
    audit ? walk_audit(session, walk, report, progress) : walk_history(session, walk, report, progress);
    walk.finish(head[0][0], head[0][1]);
    transaction.commit();
    ++report.chains;
    if (walk.finding) report.findings.push_back(*walk.finding);
    report.heads.push_back({walk.district, walk.chain, walk.head.seq, to_hex(walk.head.hash)});
  }
  for (auto const& anchor : anchors) {
    bool const there = std::any_of(report.heads.begin(), report.heads.end(), [&](auto const& h) { return h.district == anchor.district && h.chain == anchor.chain; });
    if (!there) report.findings.push_back({anchor.district, anchor.chain, 1, "", "an anchored chain is gone"});
  }
  return report;
}

namespace {

// A hotline order is the fold of its rows, as a case is.
void verify_orders(pg::Session& session, std::string const& district, AuditReport& report) {
  std::string after;
  for (;;) {
    pg::Transaction transaction(session);
    session.run(queries::chain_head_snapshot);
    std::vector<core::HotlineOrder> orders;
    for (auto const& row : session.run(queries::hotline_order_walk, pg::Params().text(district).text(after))) orders.push_back(read_order(district, row));
    if (orders.empty()) return;
    after = orders.back().order_no;
    std::vector<std::string> numbers;
    for (auto const& o : orders) numbers.push_back(o.order_no);
    std::map<std::string, std::vector<core::HistoryRow>> histories;
    for (auto const& row : session.run(queries::history_of_cases, pg::Params().text(district).array(numbers)))
      histories[pg::text(row[0])].push_back(read_history_row(row, 1));
    transaction.commit();
    for (auto const& o : orders) {
      try {
        auto const again = core::replay_order(district, o.order_no, histories[o.order_no]);
        auto const differences = core::order_diff(again, o);
        if (again.version != o.version || !differences.empty())
          report.findings.push_back({district, "", 0, o.order_no, "its history does not give its field " + (differences.empty() ? "version" : differences.front().first)});
      } catch (std::invalid_argument const& e) {
        report.findings.push_back({district, "", 0, o.order_no, e.what()});
      }
    }
  }
}

}  // namespace

void verify_replays(std::string const& url, std::string const& district, AuditReport& report, AuditProgress const& progress) {
  pg::Session session(url, pg::Session::Use::batch);
  verify_orders(session, district, report);
  std::string after;
  for (;;) {
    pg::Transaction transaction(session);
    session.run(queries::chain_head_snapshot);
    std::map<std::string, core::Case> rows;
    for (auto const& row : session.run(queries::cases_page, pg::Params().text(district).text(after))) {
      int at = 0;
      auto c = read_case(row, at);
      rows.emplace(c.case_no, std::move(c));
    }
    if (rows.empty()) return;
    after = rows.rbegin()->first;
    std::vector<std::string> numbers;
    for (auto const& [number, c] : rows) numbers.push_back(number);
    std::map<std::string, std::vector<core::HistoryRow>> histories;
    auto const found = [&](std::string const& case_no, std::string what) { report.findings.push_back({district, "", 0, case_no, std::move(what)}); };
    for (auto const& row : session.run(queries::history_of_cases, pg::Params().text(district).array(numbers))) {
      try {
        histories[pg::text(row[0])].push_back(read_history_row(row, 1));
      } catch (std::invalid_argument const& e) {
        found(pg::text(row[0]), e.what());
      }
    }
    transaction.commit();
    for (auto const& [number, c] : rows) {
      ++report.cases;
      try {
        auto const differences = core::diff(core::replay(district, number, histories[number]), c);
        if (!differences.empty()) found(number, "its history does not give its field " + differences.front().first);
      } catch (std::invalid_argument const& e) {
        found(number, e.what());
      }
    }
    if (progress) progress(report.cases);
  }
}

std::vector<core::HistoryRow> read_history(std::string const& url, std::string const& district, std::string const& case_no) {
  pg::Session session(url, pg::Session::Use::batch);
  std::vector<core::HistoryRow> rows;
  for (auto const& row : session.run(queries::history_of_cases, pg::Params().text(district).array(std::vector{case_no}))) {
    rows.push_back(read_history_row(row, 1));
  }
  return rows;
}

namespace {
constexpr std::chrono::seconds kWriteTime{5};  // for one transaction
}

struct AuditLog::Impl {
  std::string url, chain;
  std::unique_ptr<pg::Session> session;
};

AuditLog::AuditLog(std::string url, std::string name) : impl_(std::make_unique<Impl>(Impl{std::move(url), "audit/" + std::move(name), nullptr})) {}
AuditLog::~AuditLog() = default;

void AuditLog::write(Deed const& deed, core::Instant recorded_at) {
  Dated const one{deed, recorded_at};
  write(std::span(&one, 1));
}

void AuditLog::write(std::span<Dated const> deeds) {
  if (!impl_->session || !impl_->session->alive()) impl_->session = std::make_unique<pg::Session>(impl_->url, pg::Session::Use::audit);
  auto& s = *impl_->session;
  Deadline const limit(s.socket(), kWriteTime);
  pg::Transaction transaction(s);
  for (auto const& [deed, recorded_at] : deeds) {
    // The look-up locks the head's row: two logs of one name take turns.
    auto const found = s.run(queries::chain_head_find, pg::Params().text(deed.district).text(impl_->chain));
    ChainHead const before{pg::number(found[0][0]), from_hex(pg::text(found[0][1]))};
    auto const head = chained(before, canonical_deed(deed, recorded_at, impl_->chain, before.seq + 1));
    s.run(queries::audit_insert, pg::Params().text(deed.district).text(deed.actor).text(deed.role).text(deed.deed).text(deed.subject).text(deed.detail)
                                     .number(recorded_at.time_since_epoch().count()).text(impl_->chain).number(head.seq).text(to_hex(head.hash)));
    s.run(queries::chain_head_advance, pg::Params().text(deed.district).text(impl_->chain).number(before.seq).number(head.seq).text(to_hex(head.hash)));
  }
  transaction.commit();
}

}  // namespace wangge::storage
