// Names and telephone numbers of reporters and callers: masked wherever they are shown, whole only for a reason that the audit log keeps.
#pragma once

#include <boost/json/object.hpp>
#include <functional>

#include "gateways/http/http.hpp"

namespace wangge::console {

std::string masked_name(std::string_view name);    // 张**
std::string masked_phone(std::string_view phone);  // 138****1111
boost::json::object masked(std::string const& name, std::string const& phone);

struct Person {
  std::string name, phone;
};
// POST …/unmask {reason}: the answer's `member` with name and phone. `find` gives nothing where the caller sees no such thing.
http::Response unmask(http::Request const& request, std::string_view member, std::function<std::optional<Person>()> const& find);

}  // namespace wangge::console
