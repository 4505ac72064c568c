// The center's shifts and what a handover between two of them is worth: which shift an instant lies in, when the next
// begins, and which light a shift shows whose handover is missing, half signed or signed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

// Every day at this minute of the local day a shift begins; it lasts until the next one does.
struct ShiftBegin {
  int minute = 0;  // 0..1439
  std::string zh, en;
  bool operator==(ShiftBegin const&) const = default;
};

struct DeskShift {
  Instant from{}, to{};
  std::string zh, en;
  bool operator==(DeskShift const&) const = default;
};

inline constexpr std::size_t kShiftsMost = 6;  // a day
// How long after a shift has ended its handover may still be unsigned before it shows red (policy).
inline constexpr std::chrono::minutes kHandoverGrace{30};

std::vector<ShiftBegin> standard_shifts();  // two of twelve hours, from 08:00 and from 20:00 (policy)

// The shift that `at` lies in; a shift begins at its first instant. `plan` must not be empty; `utc_offset` is the district's.
DeskShift shift_at(std::vector<ShiftBegin> const& plan, Instant at, std::chrono::minutes utc_offset);
// The last `most` shifts, the one at `now` first, none that ended before `since`.
std::vector<DeskShift> last_shifts(std::vector<ShiftBegin> const& plan, Instant now, Instant since, std::chrono::minutes utc_offset,
                                   std::size_t most);

enum class HandoverState : std::uint8_t { missing, opened, signed_out, complete };
std::string_view id(HandoverState state);
// "green" once both have signed; else nothing while the shift runs, "yellow" within the grace, then "red".
std::string_view handover_light(DeskShift const& shift, HandoverState state, Instant now);

}  // namespace wangge::core
