// The spool's contract in memory: what append() returned survives a crash; what settle() said may be forgotten.
#pragma once

#include "gateways/spool/spool.hpp"
#include "tests/sim/sim.hpp"

namespace wangge::sim {

class SimSpool : public spool::Store {
 public:
  explicit SimSpool(std::string id) : id_(std::move(id)) {}

  std::string spool_id() const override { return id_; }

  std::vector<Appended> append(std::vector<spool::Record> records) override {
    std::vector<Appended> out;
    for (auto& r : records) {
      auto const key = std::make_tuple(r.district, r.principal, r.key);
      if (auto it = keys_.find(key); it != keys_.end()) {
        auto const& old = all_.at(it->second);
        if (old.state != spool::RecordState::refused) {
          out.push_back({old.report_id == r.report_id ? Appended::Kind::same : Appended::Kind::conflict, old});
          continue;
        }
      }
      r.seq = ++last_[r.district];
      keys_[key] = {r.district, r.seq};
      all_[{r.district, r.seq}] = r;
      out.push_back({Appended::Kind::stored, r});
    }
    return out;
  }

  void settle(std::vector<Outcome> const& outcomes) override {
    for (auto const& o : outcomes) {
      auto it = all_.find({o.district, o.seq});
      if (it == all_.end()) continue;
      unsynced_.push_back(it->second);
      it->second.state = o.state;
      it->second.case_no = o.case_no;
      it->second.case_state = o.case_state;
      it->second.place_unusable = o.place_unusable;
    }
  }

  std::vector<spool::Record> queued(std::string const& district, std::int64_t after_seq, int limit) override {
    std::vector<spool::Record> out;
    for (auto it = all_.upper_bound({district, after_seq}); it != all_.end() && it->first.first == district; ++it) {
      if (it->second.state != spool::RecordState::queued) continue;
      out.push_back(it->second);
      if (out.size() == static_cast<std::size_t>(limit)) break;
    }
    return out;
  }

  std::vector<std::string> districts() override {
    std::vector<std::string> out;
    for (auto const& [d, seq] : last_) out.push_back(d);
    return out;
  }

  std::int64_t requeue_after(std::string const& district, std::int64_t cursor) override {
    std::int64_t n = 0;
    for (auto& [id, r] : all_)
      if (id.first == district && id.second > cursor && r.state == spool::RecordState::committed) {
        r.state = spool::RecordState::queued;
        ++n;
      }
    return n;
  }

  std::optional<spool::Record> find_report(std::string const& report_id) override {
    for (auto const& [id, r] : all_)
      if (r.report_id == report_id) return r;
    return std::nullopt;
  }
  std::optional<spool::Record> find_key(std::string const& d, std::string const& p, std::string const& k) override {
    auto it = keys_.find(std::make_tuple(d, p, k));
    return it == keys_.end() ? std::nullopt : std::optional(all_.at(it->second));
  }
  std::int64_t settled_below(std::string const&) override { return 1; }
  std::int64_t prune(std::string const&, Instant, std::int64_t) override { return 0; }
  Health health() override { return {}; }

  // Power is lost: a random tail of the settles was not on the disk yet.
  void crash(Chance& chance) {
    auto const lost = unsynced_.empty() ? 0 : chance.between(0, static_cast<std::int64_t>(unsynced_.size()));
    for (std::int64_t i = 0; i < lost; ++i) {
      auto& before = unsynced_[unsynced_.size() - 1 - static_cast<std::size_t>(i)];
      all_[{before.district, before.seq}] = before;
    }
    unsynced_.clear();
  }

 private:
  std::string id_;
  std::map<std::string, std::int64_t> last_;
  std::map<std::pair<std::string, std::int64_t>, spool::Record> all_;
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<std::string, std::int64_t>> keys_;
  std::vector<spool::Record> unsynced_;  // as they were before each settle
};

}  // namespace wangge::sim
