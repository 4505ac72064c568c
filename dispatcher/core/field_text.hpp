// A field's value as canonical text and back (see Changes in types.hpp): one codec for cases and hotline orders. Only for
// dispatcher/core/*.cpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "dispatcher/core/types.hpp"

namespace wangge::core::field_text {

template <class Number>
std::string number_text(Number value) {
  char buffer[32];
  auto const end =
      std::to_chars(buffer, buffer + sizeof buffer, value).ptr;  // doubles: shortest that reads back the same
  return {buffer, end};
}

template <class Number>
Number number_from(std::string_view name, std::string_view text) {
  Number value{};
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument("field " + std::string(name) + " cannot be read: " + std::string(text));
  }
  return value;
}

inline std::string encode(std::string const& v) {
  return v;
}
inline std::string encode(std::int64_t v) {
  return number_text(v);
}
inline std::string encode(double v) {
  return number_text(v);
}
inline std::string encode(bool v) {
  return v ? "t" : "f";
}
inline std::string encode(State v) {
  return std::string(id(v));
}
inline std::string encode(Instant v) {
  return number_text(v.time_since_epoch().count());
}
inline std::string encode(std::vector<std::string> const& v) {
  std::string out;
  for (auto const& item : v) {
    if (!out.empty()) out += ',';
    out += item;
  }
  return out;
}
inline std::string encode(std::vector<Request> const& v) {
  return requests_text(v);
}
inline std::string encode(std::vector<Order> const& v) {
  return orders_text(v);
}
template <class T>
std::string encode(std::optional<T> const& v) {
  return v ? encode(*v) : std::string();
}

inline void decode(std::string_view, std::string const& text, std::string& v) {
  v = text;
}
inline void decode(std::string_view name, std::string const& text, std::int64_t& v) {
  v = number_from<std::int64_t>(name, text);
}
inline void decode(std::string_view name, std::string const& text, double& v) {
  v = number_from<double>(name, text);
}
inline void decode(std::string_view name, std::string const& text, bool& v) {
  if (text != "t" && text != "f") throw std::invalid_argument("field " + std::string(name) + " is neither t nor f");
  v = text == "t";
}
inline void decode(std::string_view name, std::string const& text, State& v) {
  auto const state = state_from(text);
  if (!state) throw std::invalid_argument("field " + std::string(name) + " names no state: " + text);
  v = *state;
}
inline void decode(std::string_view name, std::string const& text, Instant& v) {
  v = Instant{Millis{number_from<std::int64_t>(name, text)}};
}
inline void decode(std::string_view, std::string const& text, std::vector<std::string>& v) {
  v.clear();
  for (std::size_t from = 0; from < text.size();) {
    auto const comma = std::min(text.find(',', from), text.size());
    v.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
}
inline void decode(std::string_view, std::string const& text, std::vector<Request>& v) {
  v = requests_from(text);
}
inline void decode(std::string_view, std::string const& text, std::vector<Order>& v) {
  v = orders_from(text);
}
template <class T>
void decode(std::string_view name, std::string const& text, std::optional<T>& v) {
  if (text.empty()) return v.reset();
  decode(name, text, v.emplace());
}

}  // namespace wangge::core::field_text
