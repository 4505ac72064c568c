// See row.hpp.
#include "gateways/spool/row.hpp"

namespace wangge::spool {

Sum sum_of(Checksum& checksum, Record const& r, std::int64_t flags) {
  checksum.text("record").text(r.district).number(r.seq).text(r.report_id).text(r.principal).text(r.key).text(r.body_hash);
  return checksum.number(r.received_at.time_since_epoch().count()).number(flags).text(r.payload).done();
}

Sum sum_of(Checksum& checksum, Word const& word, std::string_view report_id) {
  checksum.text("outcome").text(report_id).number(static_cast<std::int64_t>(word.state)).number(word.again ? 1 : 0);
  return checksum.text(word.case_no).text(word.case_state).number(word.place_unusable ? 1 : 0).done();
}

}  // namespace wangge::spool
