// How a record and the dispatcher's word on it lie in the file, and the checksums over them: every stored field is under
// one, and a word's covers the report it speaks of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateways/spool/checksum.hpp"
#include "gateways/spool/spool.hpp"

namespace wangge::spool {

// `again`: the word stands, but must be asked for anew (requeue_after).
struct Word {
  RecordState state = RecordState::queued;
  bool again = false;
  std::string case_no, case_state;
  bool place_unusable = false;
  bool operator==(Word const&) const = default;
};

inline constexpr int kSeqBits = 40;  // row id = district number << 40 | seq
inline constexpr std::int64_t kPlaceholder = 1;  // flags: stands for a damaged record
inline constexpr std::int64_t seq_of(std::int64_t row) { return row & ((std::int64_t{1} << kSeqBits) - 1); }

Sum sum_of(Checksum& checksum, Record const& record, std::int64_t flags);
Sum sum_of(Checksum& checksum, Word const& word, std::string_view report_id);

}  // namespace wangge::spool
