// `wangge replay FILE.csv --map MAP.toml`: any CSV of reports through the doors, with a rate, and with --lives the
// whole life of each row from the file's own open and close times, under backdate tokens.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>

namespace wangge::deploy {

struct ReplayOptions {
  std::string file, map;
  std::string url = "http://127.0.0.1:8080";
  std::string certificate;  // what our own doors show, with https
  std::string token;    // one reporter's token: enough without lives
  std::string tokens;   // a demo-backdate.json: needed with lives
  std::string answers;  // TSV written: key, status, report_id, case_no, note
  double rate = 200;    // reports a second; 0 = as fast as answered
  bool lives = false;
  int in_flight = 16;                // connections
  std::int64_t skip = 0, limit = 0;  // rows; limit 0 = all
  int patience_s = 900;              // how long one request is tried again before the row counts as unanswered
  bool progress = false;             // a bar on stderr
};

struct ReplaySummary {
  std::int64_t rows = 0, sent = 0, created_201 = 0, queued_202 = 0, replayed = 0, retried = 0;
  std::int64_t skipped = 0;                     // rows the map cannot read
  std::map<std::string, std::int64_t> refused;  // "422 unknown_category" -> count
  // lives
  std::int64_t commands = 0, closed = 0, left_open = 0, manual_queue = 0, clamped = 0;
  std::map<std::string, std::int64_t> command_refused;
  std::int64_t unanswered = 0;  // gave up: the server never answered; any such row makes ok() false
  double seconds = 0;
  bool ok() const { return refused.empty() && command_refused.empty() && unanswered == 0; }
};

// Throws std::runtime_error with a clear sentence when a file cannot be read or the map is wrong.
ReplaySummary replay(ReplayOptions const& options);
void print(ReplaySummary const& summary, std::ostream& out, bool json);

}  // namespace wangge::deploy
