// The handover door (交接班): which shifts have one, opening it with the desk as it is, notes, the two signatures, and the record
// as a page, a workbook or text. The record is a row of its own and no case's transition, so it is written here like a seal.
#pragma once

#include "gateways/http/http.hpp"
#include "storage/desk_records.hpp"

namespace wangge::console {

class HandoverDoor {
 public:
  explicit HandoverDoor(storage::DeskRecords& records) : records_(records) {}
  void shifts(http::Request request, http::Reply reply);      // the plan, and the last shifts with their lights
  void set_shifts(http::Request request, http::Reply reply);  // {begins: [{at, zh, en}]}
  void list(http::Request request, http::Reply reply);
  void open(http::Request request, http::Reply reply);   // {shift_from?}: the one that runs, else a missing one
  void get(http::Request request, http::Reply reply);    // JSON, or format=html, xlsx, csv
  void notes(http::Request request, http::Reply reply);  // {version, notes, renew?}
  void sign(http::Request request, http::Reply reply);   // {version, remark?}: the first signature, then the second

 private:
  http::Response shown(http::Request const& request, std::int64_t number, int status = 200);
  http::Response moved(http::Request const& request, storage::Handover const& now);
  storage::DeskRecords& records_;
};

}  // namespace wangge::console
