// What a seal signs, as lines that anybody can read and count again; and where two such texts differ.
#include <algorithm>
#include <sstream>

#include "storage/publish/publisher.hpp"

namespace wangge::storage {
namespace {

std::string key_text(std::string const& key) { return key.empty() ? "-" : key; }

void put_scores(std::string& out, Evaluation const& e) {
  out += "scheme " + e.scheme.id + " by " + e.scheme.by + "\n";
  for (auto const& row : e.rows) {
    out += "score " + e.scheme.id + " " + (e.scheme.groups.empty() ? "-" : e.scheme.groups[row.group].id) + " " + row.key;
    for (auto const& part : row.score.parts) out += " " + (part ? std::to_string(*part) : "-");
    out += " less " + std::to_string(row.score.deducted) + " = " + (row.score.total ? std::to_string(*row.score.total) : "-") + " " +
           (row.score.grade == ' ' ? '-' : row.score.grade) + " " + (row.rank ? std::to_string(*row.rank) : "-") + "\n";
  }
}

void put_settlement(std::string& out, Settlement const& s) {
  for (auto const& company : s.companies) {
    for (auto const& person : company.people) {
      out += "settlement " + key_text(company.key) + " " + person.stretch.person;
      for (auto const& [id, count] : person.counts) {
        if (count != 0) out += " " + std::string(id) + "=" + std::to_string(count);
      }
      for (std::size_t i = 0; i < person.amounts.size(); ++i) out += " " + company.tariffs[i].id + ":" + std::to_string(person.amounts[i].money);
      out += " = " + std::to_string(person.total) + "\n";
    }
    out += "settlement " + key_text(company.key) + " = " + std::to_string(company.total) + "\n";
  }
}

}  // namespace

std::string judged_content(Publisher& publisher, ClosureRequest month) {
  std::string out;
  month.lang = "zh";
  auto const city = publisher.city(month.who.district);
  for (auto const* scheme : core::schemes_on(city->schemes, city->calendar_of("").local_day(month.from))) put_scores(out, publisher.evaluation(month, *scheme, false));
  put_settlement(out, publisher.settlement(month));
  return out;
}

std::string seal_content(Publisher& publisher, ClosureRequest month, int form) {
  std::string out = "wangge month seal " + std::to_string(form) + "\n";
  month.lang = "zh";
  if (form < 3) month.campaign = "*";
  for (std::string const by : {"district", "street", "unit", "squad", "class", "source"}) {
    month.by = by;
    for (auto const& row : publisher.closure(month).rows) {
      out += "closure " + by + " " + row.key;
      for (auto const& column : kClosureColumns) out += " " + std::to_string(row.*column.count);
      out += '\n';
    }
  }
  for (auto const by : kIndicatorBy) {
    month.by = std::string(by);
    for (auto const& row : publisher.indicators(month).rows) {
      out += "indicators " + month.by + " " + row.key;
      for (auto const& [id, count] : row.counts) {
        if (count != 0) out += " " + std::string(id) + "=" + std::to_string(count);
      }
      out += '\n';
    }
  }
  return form < 2 ? out : out + judged_content(publisher, month);
}

int seal_form(std::string const& content) {
  for (int form = 1; form < kSealForm; ++form)
    if (content.starts_with("wangge month seal " + std::to_string(form) + "\n")) return form;
  return kSealForm;
}

std::string seal_signed_text(std::string const& district, std::string const& month, std::string const& digest) {
  return "wangge month seal 1\n" + district + " " + month + " " + digest + "\n";
}

std::vector<SealDifference> seal_differences(std::string const& sealed, std::string const& present) {
  auto const lines = [](std::string const& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    std::ranges::sort(out);
    return out;
  };
  auto const a = lines(sealed), b = lines(present);
  std::vector<SealDifference> out;
  std::vector<std::string> only;
  std::ranges::set_difference(a, b, std::back_inserter(only));
  for (auto& line : only) out.push_back({true, std::move(line)});
  only.clear();
  std::ranges::set_difference(b, a, std::back_inserter(only));
  for (auto& line : only) out.push_back({false, std::move(line)});
  return out;
}

}  // namespace wangge::storage
