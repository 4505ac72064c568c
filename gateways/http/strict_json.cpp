// Strict reading on top of Boost.JSON's event parser; see strict_json.hpp.
#include "gateways/http/strict_json.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace wangge::http {
namespace {

namespace bj = boost::json;

// Builds the value as Boost's own parser does, counts the members it was given and refuses what we refuse.
struct Handler {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bj::value_stack stack;
  std::size_t members = 0;
  char const* why = nullptr;

  bool refuse(char const* reason, bj::error_code& ec) {
    why = reason;
    ec = bj::error::syntax;
    return false;
  }
  bool part(bj::string_view s, bj::error_code& ec) {
    if (s.find('\0') != bj::string_view::npos) return refuse("U+0000 in a string", ec);
    stack.push_chars(s);
    return true;
  }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) { return true; }
  bool on_object_end(std::size_t n, bj::error_code&) {
    members += n;
    stack.push_object(n);
    return true;
  }
  bool on_array_begin(bj::error_code&) { return true; }
  bool on_array_end(std::size_t n, bj::error_code&) {
    stack.push_array(n);
    return true;
  }
  bool on_key_part(bj::string_view s, std::size_t, bj::error_code& ec) { return part(s, ec); }
  bool on_key(bj::string_view s, std::size_t, bj::error_code& ec) {
    if (s.find('\0') != bj::string_view::npos) return refuse("U+0000 in a name", ec);
    stack.push_key(s);
    return true;
  }
  bool on_string_part(bj::string_view s, std::size_t, bj::error_code& ec) { return part(s, ec); }
  bool on_string(bj::string_view s, std::size_t, bj::error_code& ec) {
    if (s.find('\0') != bj::string_view::npos) return refuse("U+0000 in a string", ec);
    stack.push_string(s);
    return true;
  }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  bool on_int64(std::int64_t n, bj::string_view, bj::error_code&) {
    stack.push_int64(n);
    return true;
  }
  bool on_uint64(std::uint64_t n, bj::string_view, bj::error_code&) {
    stack.push_uint64(n);
    return true;
  }
  // Boost 1.81 may be off by the last bit; the whole token lies in `s` (one buffer), so it is read again exactly.
  bool on_double(double, bj::string_view s, bj::error_code& ec) {
    double exact = 0;
    auto const read = std::from_chars(s.data(), s.data() + s.size(), exact);
    if (read.ptr != s.data() + s.size()) return refuse("a number that cannot be read", ec);
    // Legal JSON beyond a double: 1e400 becomes an infinity, which no field accepts; 1e-400 becomes the zero it is nearest to.
    if (read.ec != std::errc{}) exact = std::strtod(std::string(s.data(), s.size()).c_str(), nullptr);
    stack.push_double(exact);
    return true;
  }
  bool on_bool(bool b, bj::error_code&) {
    stack.push_bool(b);
    return true;
  }
  bool on_null(bj::error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }
};

std::size_t count_members(bj::value const& v) {
  std::size_t n = 0;
  if (auto const* o = v.if_object()) {
    n = o->size();
    for (auto const& [name, inner] : *o) n += count_members(inner);
  } else if (auto const* a = v.if_array()) {
    for (auto const& inner : *a) n += count_members(inner);
  }
  return n;
}

void write_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (char const c : text) {
    auto const b = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (b < 0x20) {
      out += "\\u00";
      out += kHex[b >> 4];
      out += kHex[b & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

template <class T>
void write_number(std::string& out, T n) {
  char text[40];
  auto const end = std::to_chars(text, text + sizeof text, n).ptr;
  out.append(text, end);
}

// A whole number that a 64-bit integer can hold is written as one, so that 1, 1.0 and 1e0 agree.
void write_double(std::string& out, double d) {
  if (std::isinf(d)) {
    out += d < 0 ? "-1e999" : "1e999";  // read back as what it was
  } else if (std::trunc(d) == d && d >= -0x1p63 && d < 0x1p63) {
    write_number(out, static_cast<std::int64_t>(d));
  } else if (std::trunc(d) == d && d >= 0x1p63 && d < 0x1p64) {
    write_number(out, static_cast<std::uint64_t>(d));
  } else {
    write_number(out, d);
  }
}

void write(std::string& out, bj::value const& v) {
  switch (v.kind()) {
    case bj::kind::null: out += "null"; break;
    case bj::kind::bool_: out += v.get_bool() ? "true" : "false"; break;
    case bj::kind::int64: write_number(out, v.get_int64()); break;
    case bj::kind::uint64: write_number(out, v.get_uint64()); break;
    case bj::kind::double_: write_double(out, v.get_double()); break;
    case bj::kind::string: write_string(out, {v.get_string().data(), v.get_string().size()}); break;
    case bj::kind::array: {
      out += '[';
      bool first = true;
      for (auto const& inner : v.get_array()) {
        if (!first) out += ',';
        first = false;
        write(out, inner);
      }
      out += ']';
      break;
    }
    case bj::kind::object: {
      std::vector<bj::key_value_pair const*> members;
      members.reserve(v.get_object().size());
      for (auto const& member : v.get_object()) members.push_back(&member);
      std::sort(members.begin(), members.end(), [](auto const* a, auto const* b) { return a->key() < b->key(); });
      out += '{';
      for (auto const* member : members) {
        if (member != members.front()) out += ',';
        write_string(out, {member->key().data(), member->key().size()});
        out += ':';
        write(out, member->value());
      }
      out += '}';
      break;
    }
  }
}

}  // namespace

std::optional<bj::value> parse_json(std::string_view text, std::string* why) {
  auto refuse = [&](std::string reason) -> std::optional<bj::value> {
    if (why != nullptr) *why = std::move(reason);
    return std::nullopt;
  };
  bj::parse_options options;
  options.max_depth = kJsonDepth;
  bj::basic_parser<Handler> parser(options);
  bj::error_code ec;
  std::size_t const used = parser.write_some(false, text.data(), text.size(), ec);
  Handler& handler = parser.handler();
  if (ec) {
    std::string const reason = handler.why != nullptr ? std::string(handler.why) : ec.message();
    return refuse(reason + " at byte " + std::to_string(used));
  }
  if (used != text.size()) return refuse("more after the end, at byte " + std::to_string(used));
  bj::value value = handler.stack.release();
  // Boost keeps the last of two equal names: fewer members in the tree than were read means a name stood twice.
  if (count_members(value) != handler.members) return refuse("a member name stands twice");
  return value;
}

bool all_finite(bj::value const& value) {
  if (auto const* number = value.if_double()) return std::isfinite(*number);
  if (auto const* list = value.if_array()) return std::all_of(list->begin(), list->end(), all_finite);
  if (auto const* o = value.if_object()) return std::all_of(o->begin(), o->end(), [](auto const& m) { return all_finite(m.value()); });
  return true;
}

std::string canonical(bj::value const& value) {
  std::string out;
  write(out, value);
  return out;
}

std::string json_quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  write_string(out, text);
  return out;
}

}  // namespace wangge::http
