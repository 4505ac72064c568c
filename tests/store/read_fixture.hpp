// Five cases of a small district, for the tests of the read model.
#pragma once

#include "dispatcher/core/decide.hpp"
#include "storage/read_model.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {

using Numbers = std::vector<std::string>;

class ReadModel : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    save({Life(1).dispatched("S1").save(), Life(2).dispatched("S2").save(), Life(3).save(), elsewhere(4), ended(5)});
  }
  // In another street, without a place that could be used, described differently.
  storage::CaseSave elsewhere(int n) {
    Life life(n);
    auto save = life.save();
    for (auto* c : {&save.after}) {
      c->street = "370871002";
      c->grid = "370871002001001";
      c->code = "06012";
      c->class_code = "06";
      c->source = "public";
      c->description = "100% 满溢_垃圾";
      c->lon = 117.0;
      c->opened_at = at(30);
      c->reporter = "app-1";
    }
    return save;
  }
  storage::CaseSave ended(int n) {
    Life life(n);
    life.step("decline", core::State::not_accepted, at(1), [](core::Case& c) { c.closed_at = at(1); });
    return life.save();
  }
  std::vector<std::string> list(core::Principal const& who, storage::CaseFilter const& filter) {
    return members(reads->list_cases(who, filter).items, "case_no");
  }
  std::vector<std::string> list(storage::CaseFilter const& filter) { return list(principal(core::Role::shift_leader), filter); }
};

}  // namespace wangge::tests
