// Sends a planned day through the doors: photos first, then each report and its life, several at a time.
#include <sodium.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "deploy/demo/days.hpp"
#include "deploy/demo/demo.hpp"
#include "deploy/demo_data.hpp"
#include "deploy/layout.hpp"
#include "deploy/lives/life.hpp"

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto kPatience = 30s;  // for one request; the doors may still be starting
constexpr std::size_t kPhotos = 24;

std::string id_of_photo(std::string const& bytes) {
  return "sha256-" + sha256_hex(bytes);
}

std::string photo_name(std::string const& date, std::size_t n) {
  return "wangge demo " + date + " " + std::to_string(n);
}

// Which of the day's photos a step shows: by its key and kind, the same at every play.
json::array photos_for(std::vector<std::string> const& pool, std::string const& key, std::string_view kind,
                       std::size_t count) {
  json::array out;
  auto const hash = token_hash(key + std::string(kind));
  for (std::size_t i = 0; i < count; ++i) {
    out.emplace_back(pool[(static_cast<unsigned char>(hash[i]) + i) % pool.size()]);
  }
  return out;
}

class Play {
 public:
  Play(PlayOptions const& options, DayPlan plan, Progress const& progress)
      : options_(options), plan_(std::move(plan)), cast_(Cast::read(options.tokens)), progress_(progress) {
    for (std::size_t i = 0; i < kPhotos; ++i) photos_.push_back(id_of_photo(demo_photo(photo_name(plan_.date, i))));
  }

  // Has somebody played this very day? The marker says so, and its last report must be there.
  bool played_before() {
    auto const report_id = read_file(marker());
    if (report_id.empty() || plan_.reports.empty()) return false;
    Talk talk(options_.base_url, kPatience, retried_, options_.certificate);
    auto const told = talk.get("/api/v1/reports/" + report_id, sender(plan_.reports.back()).token);
    return told.status == 200 && told.word("state") == "committed";
  }

  PlayResult run() {
    upload_photos();
    std::vector<std::thread> crew;
    for (int i = 0; i < std::max(1, options_.in_flight); ++i) {
      crew.emplace_back([this] {
        try {
          work();
        } catch (std::exception const& error) {
          fail(error.what());
        }
      });
    }
    for (auto& one : crew) one.join();
    if (!failure_.empty()) throw std::runtime_error(failure_);
    result_.reports = static_cast<std::int64_t>(plan_.reports.size());
    if (result_.ok() && !last_report_.empty()) write_file(marker(), last_report_);
    return result_;
  }

 private:
  std::filesystem::path marker() const {
    auto const name =
        "demo-played-" + plan_.date + "-" + std::to_string(options_.seed) + "-" + std::to_string(options_.count);
    return std::filesystem::path(options_.tokens).parent_path() / name;
  }

  Actor const& sender(PlannedReport const& r) const {
    if (r.reporter.empty()) return cast_.need("reporter");
    auto const* patroller = cast_.by_name("patroller", r.reporter);
    return patroller != nullptr ? *patroller : cast_.need("reporter");
  }

  void upload_photos() {
    Talk talk(options_.base_url, kPatience, retried_, options_.certificate);
    auto const& token = cast_.need("reporter").token;
    for (std::size_t i = 0; i < kPhotos; ++i) {
      auto const told =
          talk.post("/api/v1/media", token, demo_photo(photo_name(plan_.date, i)), {{"Content-Type", "image/jpeg"}});
      if (told.status != 200 && told.status != 201) {
        throw std::runtime_error("the doors take no photo: " + std::to_string(told.status) + " " + told.code() +
                                 told.text);
      }
    }
  }

  std::string body_of(PlannedReport const& r) const {
    json::object body{
        {"source", r.source},
        {"category", {{"standard", r.category.standard}, {"kind", r.category.kind}, {"code", r.category.code}}},
        {"description", r.description},
        {"lon", r.lon},
        {"lat", r.lat},
        {"reported_at", to_rfc3339(r.at)},
        {"at", to_rfc3339(r.at)},
        {"photos", photos_for(photos_, r.key, "report", 2)}};
    if (!r.condition.empty()) body["condition"] = r.condition;
    if (!r.component_id.empty()) body["component_id"] = r.component_id;
    if (r.source == "ai") body["confidence"] = 0.93;
    return json::serialize(body);
  }

  std::vector<LifeStep> steps_of(PlannedReport const& r) const {
    std::vector<LifeStep> steps;
    for (auto const& step : r.steps) {
      LifeStep out{step.action, step.role, step.at, {}};
      if (!step.result.empty()) out.more["result"] = step.result;
      if (step.action == "verify" || step.action == "check" || step.action == "dispose") {
        out.more["photos"] = photos_for(photos_, r.key, step.action + step.result, 1);
      }
      if (step.action == "close") out.more["closing_condition"] = "restored";
      if (step.action == "request_void") out.more["reason"] = "重复上报";
      if (step.action == "decline") out.more["reason"] = "现场未发现问题";
      steps.push_back(std::move(out));
    }
    return steps;
  }

  void work() {
    Talk talk(options_.base_url, kPatience, retried_, options_.certificate);
    for (std::size_t i = next_++; i < plan_.reports.size(); i = next_++) {
      one(talk, plan_.reports[i], i + 1 == plan_.reports.size());
      if (progress_) {
        std::lock_guard lock(mutex_);
        progress_("reports", ++done_, plan_.reports.size());
      }
    }
  }

  void one(Talk& talk, PlannedReport const& r, bool last) {
    auto const& from = sender(r);
    auto const told = talk.post("/api/v1/reports", from.token, body_of(r), {{"Idempotency-Key", r.key}});
    if (told.status == 0) throw std::runtime_error("no answer from " + options_.base_url + ": " + told.text);
    if (told.status != 201 && told.status != 202) return refused("report", told.status, told.code());
    Life life(talk, cast_, r.key);
    auto const report_id = told.word("report_id");
    auto const case_no =
        told.status == 201 ? told.word("case_no") : life.wait_for_case(report_id, from.token, kPatience);
    if (case_no.empty()) return refused("report", 202, "no_case_yet");
    bool const fresh = told.status == 201 && !told.replayed;
    auto const lived = life.play(case_no, steps_of(r), fresh);
    std::lock_guard lock(mutex_);
    ++(fresh ? result_.created : result_.already);
    result_.commands += lived.commands;
    if (!lived.stopped_at.empty()) count_refusal(lived.stopped_at, lived.status, lived.code);
    if (last) last_report_ = report_id;
  }

  void refused(std::string const& what, int status, std::string const& code) {
    std::lock_guard lock(mutex_);
    count_refusal(what, status, code);
  }
  void count_refusal(std::string const& what, int status, std::string const& code) {
    ++result_.refused;
    ++result_.refusals[what + " " + std::to_string(status) + " " + code];
  }
  void fail(std::string what) {
    std::lock_guard lock(mutex_);
    if (failure_.empty()) failure_ = std::move(what);
    next_ = plan_.reports.size();
  }

  PlayOptions const& options_;
  DayPlan const plan_;
  Cast const cast_;
  Progress const& progress_;
  std::vector<std::string> photos_;
  std::atomic<std::int64_t> retried_{0};
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::uint64_t done_ = 0;
  PlayResult result_;
  std::string last_report_, failure_;
};

}  // namespace

std::string demo_photo(std::string const& name) {
  static std::vector<std::string> const kPictures = [] {
    std::vector<std::string> pictures;
    for (auto const& file : kDemoFiles) {
      if (file.name != "photos.b64") continue;
      for (std::size_t from = 0; from < file.text.size();) {
        auto const end = std::min(file.text.find('\n', from), file.text.size());
        std::string raw(end - from, '\0');
        std::size_t length = 0;
        if (sodium_base642bin(reinterpret_cast<unsigned char*>(raw.data()), raw.size(), file.text.data() + from,
                              end - from, nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL) == 0 &&
            length > 4) {
          raw.resize(length);
          pictures.push_back(std::move(raw));
        }
        from = end + 1;
      }
    }
    return pictures;
  }();
  auto picture = kPictures.at(static_cast<unsigned char>(token_hash(name)[0]) % kPictures.size());
  // A comment segment right after the start-of-image mark.
  std::string comment = "\xFF\xFE";
  comment += static_cast<char>((name.size() + 2) >> 8);
  comment += static_cast<char>((name.size() + 2) & 0xFF);
  return picture.insert(2, comment + name);
}

PlayResult play_day(PlayOptions const& options, Progress const& progress) {
  auto const set = demo_set();
  auto chosen = options;
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  if (chosen.date.empty()) chosen.date = yesterday(set.utc_offset_minutes, now);
  if (chosen.date > yesterday(set.utc_offset_minutes, now)) {
    throw std::runtime_error("only a day that is over can be played: " + chosen.date);
  }
  Play play(chosen, plan_day(set, chosen.date, chosen.seed, chosen.count), progress);
  if (play.played_before()) {
    PlayResult result;
    result.reports = result.already = chosen.count;
    result.skipped = true;
    return result;
  }
  return play.run();
}

}  // namespace wangge::deploy
