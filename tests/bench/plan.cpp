#include "tests/bench/plan.hpp"

#include <fstream>
#include <stdexcept>

namespace wangge::bench {
namespace {

std::vector<std::string> words_of(std::string const& line) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from <= line.size();) {
    auto const tab = std::min(line.find('\t', from), line.size());
    words.push_back(line.substr(from, tab - from));
    from = tab + 1;
  }
  return words;
}

bool take(Plan& plan, std::vector<std::string> const& w) {
  auto const is = [&](char const* kind, std::size_t words) { return w[0] == kind && w.size() == words + 1; };
  if (is("reporter", 2))
    plan.reporters.push_back({w[1], w[2]});
  else if (is("place", 2))
    plan.places.emplace_back(w[1], w[2]);
  else if (is("category", 3))
    plan.categories.push_back({w[1], w[2], w[3]});
  else if (is("squad", 2))
    plan.squads[w[1]] = w[2];
  else if (is("person", 2))
    plan.people[w[1]] = w[2];
  else if (is("acceptor", 1))
    plan.acceptor = w[1];
  else if (is("photo", 1))
    plan.photo = w[1];
  else if (is("reported_at", 1))
    plan.reported_at = w[1];
  else if (is("case", 3))
    plan.cases.push_back({w[1], w[2], std::stoll(w[3])});
  else
    return false;
  return true;
}

}  // namespace

Plan read_plan(std::string const& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  Plan plan;
  for (std::string line; std::getline(in, line);)
    if (!take(plan, words_of(line))) throw std::runtime_error(file + " has a line that is no line of a plan: " + line);
  return plan;
}

}  // namespace wangge::bench
