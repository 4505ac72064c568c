// Typed members with their faults; see fields.hpp.
#include "gateways/http/fields.hpp"

#include <algorithm>
#include <cmath>

#include "gateways/http/rfc3339.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

std::string_view view(boost::json::string const& s) { return {s.data(), s.size()}; }

}  // namespace

Fields::Fields(boost::json::value const& body, FieldErrors& errors, std::string pointer)
    : object_(body.if_object()), errors_(&errors), pointer_(std::move(pointer)) {
  if (object_ == nullptr) errors_->emplace_back(pointer_, "wrong_type");
}

std::string Fields::pointer_to(std::string_view name) const {
  std::string out = pointer_ + '/';
  for (char const c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

void Fields::fail(std::string_view name, std::string_view code) {
  errors_->emplace_back(pointer_to(name), std::string(code));
}

boost::json::value const* Fields::find(std::string_view name) const {
  if (object_ == nullptr) return nullptr;
  auto const* value = object_->if_contains({name.data(), name.size()});
  return value == nullptr || value->is_null() ? nullptr : value;
}

boost::json::value const* Fields::need(std::string_view name, Need need) {
  auto const* value = find(name);
  if (value == nullptr && need == Need::required && object_ != nullptr) fail(name, "required");
  return value;
}

std::string Fields::text(std::string_view name, Need need, std::size_t max_characters) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return {};
  auto const* text = value->if_string();
  if (text == nullptr) {
    fail(name, "wrong_type");
    return {};
  }
  if (blank(view(*text)) && need == Need::required) fail(name, "required");
  if (count_characters(view(*text)) > max_characters) fail(name, "too_long");
  return std::string(view(*text));
}

std::optional<double> Fields::number(std::string_view name, Need need, double low, double high) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) {
    fail(name, "wrong_type");
    return std::nullopt;
  }
  double const n = value->to_number<double>();
  if (!(n >= low && n <= high)) {  // also true for NaN
    fail(name, "out_of_range");
    return std::nullopt;
  }
  return n;
}

std::optional<std::int64_t> Fields::integer(std::string_view name, Need need, std::int64_t low, std::int64_t high) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return std::nullopt;
  std::int64_t n = 0;
  if (value->is_int64()) {
    n = value->get_int64();
  } else if (value->is_uint64()) {
    fail(name, "out_of_range");
    return std::nullopt;
  } else if (value->is_double() && std::isinf(value->get_double())) {
    fail(name, "out_of_range");
    return std::nullopt;
  } else if (value->is_double() && std::trunc(value->get_double()) == value->get_double() &&
             std::abs(value->get_double()) < 0x1p53) {
    n = static_cast<std::int64_t>(value->get_double());  // 3.0 is the number three
  } else {
    fail(name, "wrong_type");
    return std::nullopt;
  }
  if (n < low || n > high) {
    fail(name, "out_of_range");
    return std::nullopt;
  }
  return n;
}

std::optional<bool> Fields::boolean(std::string_view name, Need need) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) {
    fail(name, "wrong_type");
    return std::nullopt;
  }
  return value->get_bool();
}

std::optional<core::Instant> Fields::time(std::string_view name, Need need) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fail(name, "wrong_type");
    return std::nullopt;
  }
  auto const at = parse_time(view(value->get_string()));
  if (!at) fail(name, "bad_format");
  return at;
}

std::string Fields::one_of(std::string_view name, Need need, std::span<std::string_view const> allowed) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    fail(name, "wrong_type");
    return {};
  }
  std::string_view const word = view(value->get_string());
  if (std::find(allowed.begin(), allowed.end(), word) != allowed.end()) return std::string(word);
  fail(name, word.empty() && need == Need::required ? "required" : "unknown_value");
  return {};
}

std::vector<std::string> Fields::texts(std::string_view name, std::size_t min_items, std::size_t max_items,
                                       std::size_t max_characters) {
  std::vector<std::string> out;
  auto const* value = need(name, min_items > 0 ? Need::required : Need::optional);
  if (value == nullptr) return out;
  auto const* list = value->if_array();
  if (list == nullptr) {
    fail(name, "wrong_type");
    return out;
  }
  if (list->size() < min_items) fail(name, list->empty() ? "required" : "too_few");
  if (list->size() > max_items) {
    fail(name, "too_many");
    return out;  // nobody needs a fault for each of ten thousand items
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto const* text = (*list)[i].if_string();
    auto bad = [&](char const* code) { errors_->emplace_back(pointer_to(name) + '/' + std::to_string(i), code); };
    if (text == nullptr) {
      bad("wrong_type");
    } else if (blank(view(*text))) {
      bad("required");
    } else if (count_characters(view(*text)) > max_characters) {
      bad("too_long");
    } else {
      out.emplace_back(view(*text));
    }
  }
  return out;
}

std::optional<Fields> Fields::object(std::string_view name, Need need) {
  auto const* value = this->need(name, need);
  if (value == nullptr) return std::nullopt;
  Fields inner(*value, *errors_, pointer_to(name));  // says wrong_type itself
  if (inner.object_ == nullptr) return std::nullopt;
  return inner;
}

std::vector<Fields> Fields::objects(std::string_view name, std::size_t min_items, std::size_t max_items) {
  std::vector<Fields> out;
  auto const* value = need(name, min_items > 0 ? Need::required : Need::optional);
  if (value == nullptr) return out;
  auto const* list = value->if_array();
  if (list == nullptr) {
    fail(name, "wrong_type");
    return out;
  }
  if (list->size() < min_items) fail(name, list->empty() ? "required" : "too_few");
  if (list->size() > max_items) {
    fail(name, "too_many");
    return out;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    Fields inner((*list)[i], *errors_, pointer_to(name) + '/' + std::to_string(i));
    if (inner.object_ != nullptr) out.push_back(std::move(inner));
  }
  return out;
}

}  // namespace wangge::http
