// Reads the typed members of a JSON body and collects every fault with its JSON pointer, so that a door stays thin and a
// caller learns of all wrong, missing and too long fields at once. Absent and null are the same. Unknown members are
// ignored.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::http {

// (JSON pointer, code): required, wrong_type, too_long, too_many, too_few, out_of_range, unknown_value, bad_format, or a
// door's own code.
using FieldErrors = std::vector<std::pair<std::string, std::string>>;

enum class Need : bool { optional, required };

class Fields {
 public:
  // `body` and `errors` must outlive this. A body that is no object is one fault ("", wrong_type); its members then read
  // as absent without further faults.
  Fields(boost::json::value const& body, FieldErrors& errors, std::string pointer = "");

  // Code points, not bytes. A required text must not be blank: empty, or nothing but spaces.
  std::string text(std::string_view name, Need need, std::size_t max_characters);
  std::optional<double> number(std::string_view name, Need need, double low, double high);
  std::optional<std::int64_t> integer(std::string_view name, Need need, std::int64_t low, std::int64_t high);
  std::optional<bool> boolean(std::string_view name, Need need);
  std::optional<core::Instant> time(std::string_view name, Need need);
  std::string one_of(std::string_view name, Need need, std::span<std::string_view const> allowed);
  // Each item at most max_characters, none blank. `min_items` above 0 makes an absent list a fault: `required`.
  std::vector<std::string> texts(std::string_view name, std::size_t min_items, std::size_t max_items,
                                 std::size_t max_characters);
  std::optional<Fields> object(std::string_view name, Need need);
  std::vector<Fields> objects(std::string_view name, std::size_t min_items, std::size_t max_items);

  bool has(std::string_view name) const { return find(name) != nullptr; }
  boost::json::value const* find(std::string_view name) const;  // nullptr when absent or null
  void fail(std::string_view name, std::string_view code);      // a door's own check of that member
  std::string pointer_to(std::string_view name) const;          // /photos → "/photos", escaped as RFC 6901 says

 private:
  boost::json::value const* need(std::string_view name, Need need);

  boost::json::object const* object_;
  FieldErrors* errors_;
  std::string pointer_;
};

}  // namespace wangge::http
