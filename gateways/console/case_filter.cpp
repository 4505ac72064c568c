// One line a parameter; what a value means is the read model's to say, its shape is checked here.
#include "gateways/console/case_filter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "gateways/console/period.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/http/text.hpp"

namespace wangge::console {
namespace {

using storage::BadFilter;
using storage::CaseFilter;

constexpr std::array<std::pair<char const*, std::string CaseFilter::*>, 25> kTexts{{
    {"state", &CaseFilter::state},
    {"stage", &CaseFilter::stage},
    {"street", &CaseFilter::street},
    {"grid", &CaseFilter::grid},
    {"category", &CaseFilter::category},
    {"unit", &CaseFilter::unit},
    {"squad", &CaseFilter::squad},
    {"light", &CaseFilter::light},
    {"source", &CaseFilter::source},
    {"text", &CaseFilter::text},
    {"month", &CaseFilter::month},
    {"bbox", &CaseFilter::bbox},
    {"sort", &CaseFilter::sort},
    {"cursor", &CaseFilter::cursor},
    {"campaign", &CaseFilter::campaign},
    {"campaign_field", &CaseFilter::campaign_field},
    {"closure_month", &CaseFilter::closure_month},
    {"closure_from", &CaseFilter::closure_from},
    {"closure_to", &CaseFilter::closure_to},
    {"closure_by", &CaseFilter::closure_by},
    {"closure_key", &CaseFilter::closure_key},
    {"closure_field", &CaseFilter::closure_field},
    {"closure_campaign", &CaseFilter::closure_campaign},
    {"indicator", &CaseFilter::indicator},
    {"as_of", &CaseFilter::as_of},
}};
constexpr std::size_t kLongest = 512;
constexpr std::array<std::string_view, 3> kLights{"green", "yellow", "red"};

bool four_numbers(std::string_view text) {
  int count = 0;
  while (true) {
    auto const end = std::min(text.find(','), text.size());
    double value = 0;
    auto const read = std::from_chars(text.data(), text.data() + end, value);
    if (read.ec != std::errc{} || read.ptr != text.data() + end || !std::isfinite(value)) return false;
    ++count;
    if (end == text.size()) return count == 4;
    text.remove_prefix(end + 1);
  }
}

void check_words(CaseFilter const& f) {
  if (!f.state.empty() && !core::state_from(f.state)) throw BadFilter("state", "unknown state");
  if (!f.stage.empty() && std::find(core::kStageIds.begin(), core::kStageIds.end(), f.stage) == core::kStageIds.end())
    throw BadFilter("stage", "unknown stage");
  if (!f.light.empty() && std::find(kLights.begin(), kLights.end(), f.light) == kLights.end())
    throw BadFilter("light", "green, yellow or red");
  if (!f.campaign_field.empty()) {
    if (std::find(storage::kCampaignFields.begin(), storage::kCampaignFields.end(), f.campaign_field) == storage::kCampaignFields.end())
      throw BadFilter("campaign_field", "no number of a campaign");
    if (f.campaign.empty()) throw BadFilter("campaign_field", "a number of which campaign");
  }
  if (!f.month.empty() && !(f.month.size() == 7 && day_from(f.month + "-01"))) throw BadFilter("month", "YYYY-MM");
  if (!f.as_of.empty() && !http::parse_time(f.as_of)) throw BadFilter("as_of", "an RFC 3339 time");
  if (!f.bbox.empty() && !four_numbers(f.bbox)) throw BadFilter("bbox", "west,south,east,north");
}

}  // namespace

int read_limit(http::Request const& request, int otherwise) {
  auto const text = request.arg("limit");
  if (text.empty()) return otherwise;
  int limit = 0;
  auto const read = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || limit < 1 || limit > 200)
    throw BadFilter("limit", "1 to 200");
  return limit;
}

std::vector<std::string> case_query() {
  std::vector<std::string> names{"due", "open"};
  for (auto const& [name, member] : kTexts) names.emplace_back(name);
  return names;
}

CaseFilter read_filter(http::Request const& request) {
  CaseFilter filter;
  for (auto const& [name, member] : kTexts) {
    auto const value = request.arg(name);
    if (value.size() > kLongest) throw BadFilter(name, kTooLong);
    filter.*member = std::string(value);
  }
  check_words(filter);
  filter.limit = read_limit(request);
  if (auto const due = request.arg("due"); !due.empty()) {
    if (!http::parse_time(due) && !day_from(due)) throw BadFilter("due", "an RFC 3339 time: cases due before it");
    filter.due_before = std::string(due);
  }
  auto const open = request.arg("open");
  if (!open.empty() && open != "true" && open != "false") throw BadFilter("open", "true or false");
  filter.open_only = open == "true";
  return filter;
}

}  // namespace wangge::console
