// The people whose tokens play old days: read from a demo-backdate.json, found by role, unit, squad or name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wangge::deploy {

struct Actor {
  std::string name, role, district, street, unit, squad, token;
};

class Cast {
 public:
  static Cast read(std::string const& file);  // throws std::runtime_error with a clear sentence
  explicit Cast(std::vector<Actor> actors) : actors_(std::move(actors)) {}
  Actor const* by_name(std::string_view role, std::string_view name) const;
  Actor const* by_squad(std::string_view role, std::string_view squad) const;
  Actor const* by_unit(std::string_view role, std::string_view unit) const;
  Actor const* first(std::string_view role) const;
  // Throws when nobody has the role.
  Actor const& need(std::string_view role) const;
  std::vector<Actor> const& all() const { return actors_; }

 private:
  template <class Test>
  Actor const* find(Test test) const;
  std::vector<Actor> actors_;
};

}  // namespace wangge::deploy
