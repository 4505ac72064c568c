#include "gateways/console/public_door.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::console {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr int kAtOnce = 2;          // workers that everybody's questions may hold; the city's own work has the others
constexpr int kTableMost = 50'000;  // rows of the table; a city's month has fewer
constexpr auto kListFor = 60s, kTableFor = 600s, kStreetsFor = 3600s;
constexpr std::size_t kWordMost = 32;

struct TooMany {};

core::Instant present() {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

// west,south,east,north; to three decimals, so that neighbours ask the same.
std::optional<storage::Box> box_in(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::array<double, 4> edges{};
  for (std::size_t i = 0; i < 4; ++i) {
    auto const comma = std::min(text.find(','), text.size());
    auto const read = std::from_chars(text.data(), text.data() + comma, edges[i]);
    bool const good = read.ec == std::errc{} && read.ptr == text.data() + comma && std::abs(edges[i]) <= 180 &&
                      (i == 3) == (comma == text.size());
    if (!good) throw storage::BadFilter("bbox", "west,south,east,north in degrees");
    edges[i] = std::round(edges[i] * 1000) / 1000;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return storage::Box{edges[0], edges[1], edges[2], edges[3]};
}

std::string word(http::Request const& request, char const* name) {
  auto const value = request.arg(name);
  if (value.size() > kWordMost) throw storage::BadFilter(name, std::string(kTooLong));
  return std::string(value);
}

}  // namespace

bool Bucket::take(std::chrono::steady_clock::time_point now) {
  std::lock_guard lock(mutex_);
  if (last_ != std::chrono::steady_clock::time_point{})
    left_ = std::min(most_, left_ + rate_ * std::chrono::duration<double>(now - last_).count());
  last_ = now;
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

// What `ask` (given the district) says, kept for `life` by path and query. Not known and too much asked: 429.
template <class Ask>
void PublicDoor::answer(http::Request const& request, http::Reply const& reply, Bucket& bucket, std::string const& type,
                        std::chrono::seconds life, Ask&& ask) {
  std::string const district = request.arg("district").empty() && !options_.districts.empty()
                                   ? options_.districts.front()
                                   : std::string(request.arg("district"));
  if (std::find(options_.districts.begin(), options_.districts.end(), district) == options_.districts.end())
    return reply(http::problem(404, "not_public", request.lang));
  struct Turn {
    explicit Turn(std::atomic<int>& n) : running(n) {
      if (++running > kAtOnce) {
        --running;
        throw TooMany();
      }
    }
    ~Turn() { --running; }
    std::atomic<int>& running;
  };
  try {
    reply(reading(request.lang, [&] {
      auto const filter = this->filter(request, present());  // its faults come before anything is asked
      std::string key = request.path + '\n' + request.lang + '\n' + district;
      for (auto const* name : {"class", "standing", "cursor"}) key += '\n' + std::string(request.arg(name));
      key += '\n' + std::to_string(filter.limit);
      if (filter.box)
        for (double const edge : {filter.box->west, filter.box->south, filter.box->east, filter.box->north})
          key += '\n' + std::to_string(edge);
      http::Response response;
      response.content_type = type;
      if (auto known = kept_.known(key, life)) {
        response.body = std::move(*known);
      } else {
        Turn const turn(asking_);  // whoever waits for another's answer holds a worker too
        response.body = kept_.get(key, life, [&] {
          if (!bucket.take(std::chrono::steady_clock::now())) throw TooMany();
          return ask(district, filter);
        });
      }
      response.headers = {{"Cache-Control", "public, max-age=" + std::to_string(life.count())},
                          {"Vary", "Accept-Language"},
                          {"X-Content-Type-Options", "nosniff"},
                          {"Access-Control-Allow-Origin", "*"}};  // open data: other sites may read it
      if (type.starts_with("text/csv"))
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"cases-" + district + ".csv\"");
      if (response.body.empty()) return http::problem(404, "not_found", request.lang);
      return response;
    }));
  } catch (TooMany const&) {
    auto refused = http::problem(429, "too_many_requests", request.lang);
    refused.headers.emplace_back("Retry-After", "5");
    reply(std::move(refused));
  }
}

storage::PublicFilter PublicDoor::filter(http::Request const& request, core::Instant now) const {
  storage::PublicFilter out;
  out.since = now - std::chrono::hours{24} * options_.days;
  out.hidden = options_.hidden;
  out.box = box_in(request.arg("bbox"));
  out.class_code = word(request, "class");
  out.standing = word(request, "standing");
  if (!out.standing.empty() &&
      std::find(storage::kStandings.begin(), storage::kStandings.end(), out.standing) == storage::kStandings.end())
    throw storage::BadFilter("standing", "unknown value");
  out.cursor = std::string(request.arg("cursor"));
  out.limit = read_limit(request, 50);
  return out;
}

void PublicDoor::about(http::Request request, http::Reply reply) {
  answer(request, reply, questions_, "application/json", kStreetsFor, [&](std::string const&, auto const&) {
    json::array districts;
    for (auto const& code : options_.districts) {
      auto const name = model_.district(code);
      if (!name) continue;
      auto const extent = model_.extent(code);
      districts.push_back(json::object{
          {"code", code},
          {"zh", name->zh},
          {"en", name->en},
          {"extent", extent ? json::value(json::array{extent->west, extent->south, extent->east, extent->north})
                            : json::value(nullptr)}});
    }
    return json::serialize(json::object{{"districts", std::move(districts)},
                                        {"days", options_.days},
                                        {"place_metres", 200},
                                        {"hidden", json::array(options_.hidden.begin(), options_.hidden.end())}});
  });
}

void PublicDoor::cases(http::Request request, http::Reply reply) {
  answer(request, reply, questions_, "application/json", kListFor,
         [&](std::string const& district, storage::PublicFilter const& filter) {
           auto const found = model_.public_cases(district, filter, present());
           std::string out = "{\"items\":[";
           for (auto const& one : found.items)
             out.append(&one == &found.items.front() ? "" : ",").append(storage::public_json(one));
           return out +
                  "],\"next_cursor\":" + (found.next_cursor.empty() ? "null" : http::json_quoted(found.next_cursor)) +
                  "}";
         });
}

void PublicDoor::one(http::Request request, http::Reply reply) {
  answer(request, reply, questions_, "application/json", kListFor,
         [&](std::string const& district, storage::PublicFilter filter) {
           filter.case_no = std::string(request.params.get("case_no")).substr(0, kWordMost);
           auto const found = model_.public_cases(district, filter, present());
           return found.items.empty() ? std::string() : storage::public_json(found.items.front());
         });
}

void PublicDoor::table(http::Request request, http::Reply reply) {
  answer(request, reply, tables_, "text/csv; charset=utf-8", kTableFor,
         [&](std::string const& district, storage::PublicFilter filter) {
           filter.limit = kTableMost;
           return storage::public_csv(model_.public_cases(district, filter, present()).items, request.lang);
         });
}

void PublicDoor::streets(http::Request request, http::Reply reply) {
  answer(request, reply, questions_, "application/geo+json", kStreetsFor,
         [&](std::string const& district, auto const&) {
           return "{\"type\":\"FeatureCollection\",\"features\":" + model_.public_streets(district) + "}";
         });
}

}  // namespace wangge::console
