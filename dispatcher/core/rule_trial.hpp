// A dry run of changed rules over past cases: "would move 214 of 12,003, these". Both sets are asked at the moment each
// case was filed; only cases that a changed rule speaks of are asked again, which gives the same answer as asking all.
// How busy squads were then is not known: where a rule goes by load, both sides go by name.
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

struct PastCase {
  Case c;  // what it is and where, as filed
  std::optional<ComponentFact> component;
  Instant at{};  // when it was routed
};

// What differs between two sets, as far as it can change an answer.
struct RuleChange {
  std::vector<RouteRule> rules;  // as they were and as they are to be
  std::vector<Responsibility> lines;
  bool everything = false;                           // bodies, shifts or absences differ: any case may go elsewhere
  std::int64_t added = 0, changed = 0, removed = 0;  // rules and lines
  bool touches(PastCase const& past) const;
};
RuleChange change_between(City const& before, City const& after);

struct Move {
  std::string case_no;
  std::optional<Routed> before, after;  // none: a person decides
};
struct Trial {
  std::int64_t cases = 0, asked = 0, moved = 0;
  std::vector<Move> moves;  // at most as many as asked for
};
Trial try_rules(City const& before, City const& after, std::span<PastCase const> past, std::size_t most_moves = 200);

}  // namespace wangge::core
