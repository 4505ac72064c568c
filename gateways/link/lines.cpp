#include "gateways/link/lines.hpp"

namespace wangge::link {

void Lines::take_in(std::size_t index, v1::Envelope const& m, core::Instant now) {
  auto& line = lines_[index];
  line.heard = now;
  if (m.has_command_answer() || m.has_report_answer() || m.has_welcome()) line.try_at.reset();
  if (m.has_welcome()) {
    on_welcome(index, m.welcome());
  } else if (m.has_beat()) {
    line.verified_backup.reset();
    if (m.beat().verified_backup() > 0) line.verified_backup = core::Instant(core::Millis(m.beat().verified_backup()));
  } else if (m.has_hello_again() || m.has_not_owner()) {
    // Not the owner of one, not the owner of any: if it still is, it says so in its next Welcome.
    if (line.connected) line.word_at = {};  // Hello at once, not only with the next beat
    lost(index);
  }
}

void Lines::on_welcome(std::size_t index, v1::Welcome const& welcome) {
  std::map<std::string, std::int64_t> cursors;
  for (auto const& state : welcome.districts()) {
    auto& highest = epoch_[state.district()];
    if (state.epoch() < highest) continue;
    highest = state.epoch();
    owner_[state.district()] = index;
    cursors[state.district()] = state.cursor();
  }
  if (cursors.empty()) return;  // an old word: whoever says Hello again hears the newest
  lines_[index].connected = true;
  lines_[index].verified_backup.reset();  // what it said of backups before was another epoch's
  desk_.on_welcome(cursors, welcome.credit_bytes());
}

void Lines::lost(std::size_t index) {
  lines_[index].connected = false;
  std::erase_if(owner_, [&](auto const& o) {
    if (o.second == index) desk_.sender().on_lost(o.first);
    return o.second == index;
  });
}

std::vector<Lines::Word> Lines::due(core::Instant now) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    auto& line = lines_[i];
    bool const silent = line.connected && now - line.heard > bus::kSilentAfter;
    if (silent) lost(i);
    if (!silent && now < line.word_at) continue;
    line.word_at = now + bus::kBeatEvery;
    words.push_back({i, !line.connected, silent});
  }
  return words;
}

void Lines::unanswered(std::size_t line, core::Instant now) {
  lines_[line].try_at = now + kTryEvery;
}

bool Lines::may_ask(std::size_t line, core::Instant now) {
  auto& try_at = lines_[line].try_at;
  if (!try_at) return true;
  if (now < *try_at) return false;
  try_at = now + kTryEvery;
  return true;
}

std::optional<std::size_t> Lines::owner(std::string const& district) const {
  auto const it = owner_.find(district);
  return it == owner_.end() ? std::nullopt : std::optional(it->second);
}

std::int64_t Lines::epoch(std::string const& district) const {
  auto const it = epoch_.find(district);
  return it == epoch_.end() ? 0 : it->second;
}

bool Lines::current(std::size_t line, v1::ReportAnswer const& a) const {
  return owner(a.district()) == line && (a.epoch() == 0 || a.epoch() == epoch(a.district()));
}

std::map<std::string, Retention::Owned> Lines::owned() const {
  std::map<std::string, Retention::Owned> out;
  for (auto const& [district, line] : owner_)
    out[district] = {epoch(district), lines_[line].verified_backup, desk_.sender().passed_below(district)};
  return out;
}

}  // namespace wangge::link
