// The desk door: saved views with their counts, who looks at and works on a case, replies promised to callers.
#pragma once

#include <map>
#include <mutex>

#include "gateways/console/presence.hpp"
#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

inline constexpr std::size_t kPhoneMost = 40;  // as long as a report may bring one
inline constexpr int kPhoneLeast = 7;          // digits: fewer are nobody's number yet

class DeskDoor {
 public:
  DeskDoor(Reads& reads, storage::DeskRecords& records, PresenceBoard& board) : reads_(reads), records_(records), board_(board) {}
  void views(http::Request request, http::Reply reply);
  void put_view(http::Request request, http::Reply reply);  // {view_id, name, query, shared?, pinned?}
  void drop_view(http::Request request, http::Reply reply);
  void presence(http::Request request, http::Reply reply);  // everybody's, for who sees the whole district
  void beat(http::Request request, http::Reply reply);      // {seat, case_no?, working?}
  void take_over(http::Request request, http::Reply reply); // {reason}
  void promise(http::Request request, http::Reply reply);   // {until}
  void earlier(http::Request request, http::Reply reply);   // {phone}: what the caller reported before, names masked

 private:
  std::string lights(core::Principal const& who, std::string const& query, core::Instant now);
  bool sees(core::Principal const& who, std::string const& case_no);
  http::Response looked(http::Request const& request, std::string const& case_no, bool mine);
  Reads& reads_;
  storage::DeskRecords& records_;
  PresenceBoard& board_;
  struct Counted {
    core::Instant at;
    std::string json;
  };
  std::mutex mutex_;
  std::map<std::string, Counted> counted_;  // scope and filter: many people share a view, one walk serves them all
};

}  // namespace wangge::console
