// Reading the list of tokens, and finding who plays a part.
#include "deploy/lives/cast.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "deploy/errors.hpp"

namespace wangge::deploy {

Cast Cast::read(std::string const& file) {
  std::ifstream in(file);
  if (!in) throw UsageError("cannot read the tokens in " + file + ": give --tokens FILE, or --token with a reporter's (`wangge load --demo` writes DATA/demo-backdate.json)");
  std::ostringstream text;
  text << in.rdbuf();
  boost::json::error_code error;
  auto const list = boost::json::parse(text.str(), error);
  if (error || !list.is_array()) throw UsageError(file + " is no JSON list of {name, role, …, token}");
  std::vector<Actor> actors;
  for (auto const& item : list.as_array()) {
    auto const* o = item.if_object();
    auto at = [&](char const* name) -> std::string {
      auto const* found = o == nullptr ? nullptr : o->if_contains(name);
      return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
    };
    actors.push_back({at("name"), at("role"), at("district"), at("street"), at("unit"), at("squad"), at("token")});
    if (actors.back().role.empty() || actors.back().token.empty()) {
      throw UsageError(file + ": an entry without role or token");
    }
  }
  return Cast(std::move(actors));
}

template <class Test>
Actor const* Cast::find(Test test) const {
  for (auto const& actor : actors_) {
    if (test(actor)) return &actor;
  }
  return nullptr;
}

Actor const* Cast::by_name(std::string_view role, std::string_view name) const {
  return find([&](Actor const& a) { return a.role == role && a.name == name; });
}
Actor const* Cast::by_squad(std::string_view role, std::string_view squad) const {
  return find([&](Actor const& a) { return a.role == role && a.squad == squad; });
}
Actor const* Cast::by_unit(std::string_view role, std::string_view unit) const {
  return find([&](Actor const& a) { return a.role == role && a.unit == unit; });
}
Actor const* Cast::first(std::string_view role) const {
  return find([&](Actor const& a) { return a.role == role; });
}

Actor const& Cast::need(std::string_view role) const {
  auto const* actor = first(role);
  if (actor == nullptr) throw UsageError("the tokens hold nobody with the role " + std::string(role));
  return *actor;
}

}  // namespace wangge::deploy
