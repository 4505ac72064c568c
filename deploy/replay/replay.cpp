// The crew that replays: one reader hands out rows at the wished rate, several workers report them and play their
// lives.
#include "deploy/replay.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <iomanip>
#include <mutex>
#include <ostream>
#include <exception>
#include <thread>
#include <vector>

#include "deploy/csv.hpp"
#include "deploy/errors.hpp"
#include "deploy/lives/life.hpp"
#include "deploy/replay/map.hpp"

namespace wangge::deploy {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

// A picture id that nobody uploaded: counts as evidence and shows as pending (CONTRACT 4). Foreign files have no
// photos.
constexpr char const* kNoPhoto = "sha256-0000000000000000000000000000000000000000000000000000000000000000";

class Source {
 public:
  Source(ReplayOptions const& options)
      : options_(options), in_(open(options.file)), reader_(in_), map_(ReplayMap::read(options.map)) {
    std::vector<std::string> header;
    if (!reader_.next(header)) throw UsageError(options.file + " is empty");
    map_.bind(header);
    if (map_.needs_means()) find_means();
    started_ = Clock::now();
  }

  enum class Next { row, bad, end };
  // Waits for the row's turn. `why`: what is wrong with a bad one, with its line.
  Next next(ReplayRow& row, std::string& why) {
    std::unique_lock lock(mutex_);
    std::vector<std::string> fields;
    do {
      if (options_.limit > 0 && given_ >= options_.limit) return Next::end;
      try {
        if (!reader_.next(fields)) return Next::end;
      } catch (CsvBroken const& broken) {
        given_ = options_.limit = given_ + 1;  // what follows a broken quote cannot be trusted
        why = options_.file + ":" + std::to_string(broken.line) + ": " + broken.what();
        return Next::bad;
      }
    } while (skipped_++ < options_.skip);
    auto const turn = given_++;
    auto const line = reader_.line();
    why = map_.apply(fields, row);
    auto const when = started_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                     options_.rate > 0 ? static_cast<double>(turn) / options_.rate : 0));
    lock.unlock();
    if (!why.empty()) {
      why = options_.file + ":" + std::to_string(line) + ": " + why;
      return Next::bad;
    }
    std::this_thread::sleep_until(when);
    return Next::row;
  }

 private:
  static std::ifstream open(std::string const& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw UsageError("cannot read " + file);
    return in;
  }
  void find_means() {
    auto in = open(options_.file);
    CsvReader reader(in);
    std::vector<std::string> fields;
    reader.next(fields);
    while (reader.next(fields)) map_.add_to_means(fields);
  }

  ReplayOptions options_;
  std::ifstream in_;
  CsvReader reader_;
  ReplayMap map_;
  std::mutex mutex_;
  std::int64_t given_ = 0, skipped_ = 0;
  Clock::time_point started_;
};

// The whole life from two times of the file: everything up to the signing when it was opened, the rest when it was
// closed. A case that stopped to be verified is carried over the desk first.
std::vector<LifeStep> life_of(ReplayRow const& row, std::string const& state) {
  std::vector<LifeStep> steps;
  json::array const photos{kNoPhoto};
  auto add = [&](char const* action, char const* role, core::Instant at, json::object more = {}) {
    steps.push_back({action, role, at, std::move(more)});
  };
  if (state == "verifying") add("verify", "patroller", row.opened, {{"result", "exist"}, {"photos", photos}});
  if (state == "verifying" || state == "pending_accept") add("accept", "acceptor", row.opened);
  if (state != "pending_dispose" && state != "pending_dispatch") add("file", "shift_leader", row.opened);
  if (state != "pending_dispose") add("dispatch", "dispatch_officer", row.opened);
  if (!row.closed) return steps;
  add("sign", "squad_leader", row.opened);
  add("dispose", "disposer", *row.closed, {{"photos", photos}});
  add("check", "patroller", *row.closed, {{"result", "pass"}, {"photos", photos}});
  add("close", "acceptor", *row.closed, {{"closing_condition", "restored"}});
  return steps;
}

class Replay {
 public:
  explicit Replay(ReplayOptions const& options)
      : options_(options), source_(options), cast_(options.tokens.empty() ? Cast({}) : Cast::read(options.tokens)) {
    if (options_.lives && options_.tokens.empty())
      throw UsageError("--lives needs --tokens FILE with backdate tokens");
    sender_ = options_.token.empty() ? cast_.need("reporter").token : options_.token;
    if (!options_.answers.empty()) {
      answers_.open(options_.answers, std::ios::trunc);
      if (!answers_) throw UsageError("cannot write " + options_.answers);
      answers_ << "key\tstatus\treport_id\tcase_no\tnote\n";
    }
  }

  ReplaySummary run() {
    knock();
    auto const began = Clock::now();
    std::vector<std::thread> crew;
    for (int i = 0; i < std::max(1, options_.in_flight); ++i) {
      crew.emplace_back([this] {
        try {
          work();
        } catch (...) {
          std::lock_guard lock(mutex_);
          failure_ = std::current_exception();
          stop_ = true;
        }
      });
    }
    for (auto& one : crew) one.join();
    show(true);
    if (failure_) std::rethrow_exception(failure_);
    summary_.retried = retried_;
    summary_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    return summary_;
  }

 private:
  // Once it goes, each row is patient for minutes; an address where nobody ever was is told at once.
  void knock() const {
    HttpClient client(options_.url, std::chrono::seconds(5), options_.certificate);
    auto const until = Clock::now() + std::chrono::seconds(3);  // a gateway that is just being started again
    while (true) {
      try {
        client.request("GET", "/healthz");
        return;
      } catch (HttpBroken const& broken) {
        if (Clock::now() > until) throw EnvironmentError("nobody answers at " + options_.url + ": " + broken.what());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }

  void work() {
    Talk talk(options_.url, std::chrono::seconds(options_.patience_s), retried_, options_.certificate);
    ReplayRow row;
    std::string why;
    while (!stop_) {
      auto const next = source_.next(row, why);
      if (next == Source::Next::end) return;
      if (next == Source::Next::bad) {
        std::lock_guard lock(mutex_);
        ++summary_.rows;
        ++summary_.skipped;
        write_answer(row.key, 0, "", "", why);
      } else {
        one(talk, row);
      }
      show(false);
    }
  }

  std::string body_of(ReplayRow const& row) const {
    json::object body{
        {"source", row.source},
        {"category", {{"standard", row.category.standard}, {"kind", row.category.kind}, {"code", row.category.code}}},
        {"description", row.description},
        {"lon", row.lon},
        {"lat", row.lat},
        {"reported_at", to_rfc3339(row.opened)}};
    if (!row.condition.empty()) body["condition"] = row.condition;
    if (!row.address.empty()) body["address"] = row.address;
    if (options_.lives) body["at"] = to_rfc3339(row.opened);
    return json::serialize(body);
  }

  void one(Talk& talk, ReplayRow const& row) {
    auto const told = talk.post("/api/v1/reports", sender_, body_of(row), {{"Idempotency-Key", row.key}});
    auto const report_id = told.word("report_id");
    auto case_no = told.word("case_no");
    bool const taken = told.status == 201 || told.status == 202;
    {
      std::lock_guard lock(mutex_);
      ++summary_.rows;
      ++summary_.sent;
      summary_.clamped += row.clamped;
      summary_.created_201 += told.status == 201;
      summary_.queued_202 += told.status == 202;
      summary_.replayed += told.replayed;
      // 503 and its kin were tried again until patience ran out: that is no answer, not a refusal.
      bool const answered = told.status != 0 && told.status < 500 && told.status != 429;
      if (!taken && answered) ++summary_.refused[std::to_string(told.status) + " " + told.reason()];
      if (!taken && !answered) ++summary_.unanswered;
    }
    std::string note = taken ? "" : told.code() + told.text;
    if (taken && options_.lives) note = live(talk, row, told, report_id, case_no);
    std::lock_guard lock(mutex_);
    write_answer(row.key, told.status, report_id, case_no, note);
  }

  // Plays on; returns a note for the answers, empty when all went.
  std::string live(Talk& talk, ReplayRow const& row, Told const& told, std::string const& report_id,
                   std::string& case_no) {
    Life life(talk, cast_, row.key);
    if (case_no.empty()) case_no = life.wait_for_case(report_id, sender_, std::chrono::seconds(options_.patience_s));
    if (case_no.empty()) {
      std::lock_guard lock(mutex_);
      ++summary_.unanswered;
      return "queued, no case yet";
    }
    if (!row.has_place) {
      std::lock_guard lock(mutex_);
      ++summary_.manual_queue;
      return "";
    }
    auto const state = first_state(told, life, case_no);
    if (state == "unusable") {  // it has a place, but in no cell
      std::lock_guard lock(mutex_);
      ++summary_.manual_queue;
      return "place in no cell";
    }
    auto const lived = life.play(case_no, life_of(row, state), told.status == 201 && !told.replayed);
    std::lock_guard lock(mutex_);
    summary_.commands += lived.commands;
    if (!lived.stopped_at.empty()) {
      bool const answered = lived.status != 0 && lived.status < 500;
      auto const what = lived.stopped_at + " " + std::to_string(lived.status) + " " + lived.code;
      if (answered) ++summary_.command_refused[what];
      if (!answered) ++summary_.unanswered;
      return what;
    }
    ++(row.closed ? summary_.closed : summary_.left_open);
    return "";
  }

  // The state in which the dispatcher left the case when it was made: of the answer, which is frozen, else of the
  // first rows of its history.
  std::string first_state(Told const& told, Life& life, std::string const& case_no) {
    auto const* unusable = told.body.is_object() ? told.body.as_object().if_contains("place_unusable") : nullptr;
    if (unusable != nullptr && unusable->is_bool() && unusable->as_bool()) return "unusable";
    if (auto state = told.word("case_state"); !state.empty()) return state;
    return life.state_when_made(case_no);
  }

  void write_answer(std::string const& key, int status, std::string const& report_id, std::string const& case_no,
                    std::string note) {
    if (!answers_.is_open()) return;
    std::replace_if(
        note.begin(), note.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    answers_ << key << '\t' << status << '\t' << report_id << '\t' << case_no << '\t' << note << '\n';
  }

  void show(bool last) {
    if (!options_.progress) return;
    std::lock_guard lock(mutex_);
    auto const now = Clock::now();
    if (!last && now - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = now;
    std::fprintf(stderr, "\r%lld rows: %lld 201, %lld 202, %lld refused, %lld commands, %lld retried ",
                 static_cast<long long>(summary_.rows), static_cast<long long>(summary_.created_201),
                 static_cast<long long>(summary_.queued_202),
                 static_cast<long long>(summary_.sent - summary_.created_201 - summary_.queued_202),
                 static_cast<long long>(summary_.commands), static_cast<long long>(retried_.load()));
    if (last) std::fputc('\n', stderr);
    std::fflush(stderr);
  }

  ReplayOptions const options_;
  Source source_;
  Cast const cast_;
  std::string sender_;
  std::ofstream answers_;
  std::atomic<std::int64_t> retried_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  ReplaySummary summary_;
  std::exception_ptr failure_;
  Clock::time_point shown_{};
};

}  // namespace

ReplaySummary replay(ReplayOptions const& options) {
  return Replay(options).run();
}

void print(ReplaySummary const& s, std::ostream& out, bool as_json) {
  std::vector<std::pair<std::string, std::int64_t>> const counts{{"rows", s.rows},
                                                                 {"sent", s.sent},
                                                                 {"created_201", s.created_201},
                                                                 {"queued_202", s.queued_202},
                                                                 {"replayed", s.replayed},
                                                                 {"skipped", s.skipped},
                                                                 {"retried", s.retried},
                                                                 {"unanswered", s.unanswered},
                                                                 {"commands", s.commands},
                                                                 {"closed", s.closed},
                                                                 {"left_open", s.left_open},
                                                                 {"manual_queue", s.manual_queue},
                                                                 {"clamped", s.clamped}};
  if (as_json) {
    json::object o;
    for (auto const& [name, value] : counts) o[name] = value;
    o["refused"] = json::value_from(s.refused);
    o["command_refused"] = json::value_from(s.command_refused);
    o["seconds"] = s.seconds;
    o["ok"] = s.ok();
    out << json::serialize(o) << '\n';
    return;
  }
  for (auto const& [name, value] : counts) out << name << '\t' << value << '\n';
  for (auto const& [why, n] : s.refused) out << "refused " << why << '\t' << n << '\n';
  for (auto const& [why, n] : s.command_refused) out << "command refused " << why << '\t' << n << '\n';
  out << "seconds\t" << std::fixed << std::setprecision(1) << s.seconds << '\n';
}

}  // namespace wangge::deploy
