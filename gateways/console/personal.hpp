// Names and telephone numbers of reporters and callers: masked on every page, whole for a reason that the audit log keeps.
#pragma once

#include <boost/json/object.hpp>
#include <functional>

#include "gateways/http/http.hpp"

namespace wangge::console {

std::string masked_name(std::string_view name);    // 张**
std::string masked_phone(std::string_view phone);  // 138****1111
// As it stands in a case or an order. Whole for a program that comes with a token (there is nobody to give a reason; the read is audited).
boost::json::object person_json(std::string const& name, std::string const& phone, bool whole);

struct Person {
  std::string name, phone;
};
// POST …/unmask {reason}: the answer's `member` with name and phone. `find` gives nothing where the caller sees no such thing.
http::Response unmask(http::Request const& request, std::string_view member, std::function<std::optional<Person>()> const& find);

}  // namespace wangge::console
