#include "storage/chain.hpp"

#include <sodium.h>

namespace wangge::storage {

CanonicalBytes& CanonicalBytes::add(std::string_view text) {
  add(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
  return *this;
}

CanonicalBytes& CanonicalBytes::add(std::int64_t number) {
  auto const bits = static_cast<std::uint64_t>(number);
  for (int shift = 56; shift >= 0; shift -= 8) bytes_ += static_cast<char>(bits >> shift & 0xff);
  return *this;
}

namespace {

void quote(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += digits[c >> 4];
          out += digits[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// Reads what quote() writes; the rows are ours, so \u appears only for control characters.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  void expect(char c) {
    if (at_ >= text_.size() || text_[at_] != c) throw std::invalid_argument("changes are not what was written");
    ++at_;
  }
  bool skip(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string string() {
    std::string out;
    expect('"');
    while (!skip('"')) {
      if (at_ >= text_.size()) throw std::invalid_argument("changes are cut short");
      char const c = text_[at_++];
      out += c == '\\' ? escaped() : c;
    }
    return out;
  }
  bool done() const { return at_ == text_.size(); }

 private:
  char escaped() {
    if (at_ >= text_.size()) throw std::invalid_argument("changes are cut short");
    switch (char const c = text_[at_++]) {
      case 'n': return '\n';
      case 'r': return '\r';
      case 't': return '\t';
      case 'u': {
        if (at_ + 4 > text_.size()) throw std::invalid_argument("changes are cut short");
        char const value = from_hex(text_.substr(at_ + 2, 2))[0];
        at_ += 4;
        return value;
      }
      default: return c;
    }
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string changes_json(core::Changes const& changes) {
  std::string out = "[";
  for (auto const& [field, value] : changes) {
    if (out.size() > 1) out += ',';
    out += '[';
    quote(out, field);
    out += ',';
    quote(out, value);
    out += ']';
  }
  out += ']';
  return out;
}

core::Changes changes_from_json(std::string_view json) {
  core::Changes changes;
  Reader reader(json);
  reader.expect('[');
  if (!reader.skip(']')) {
    do {
      reader.expect('[');
      auto field = reader.string();
      reader.expect(',');
      auto value = reader.string();
      reader.expect(']');
      changes.emplace_back(std::move(field), std::move(value));
    } while (reader.skip(','));
    reader.expect(']');
  }
  if (!reader.done()) throw std::invalid_argument("changes go on after their end");
  return changes;
}

std::string canonical(std::string const& district, std::string const& case_no, core::HistoryRow const& row,
                      std::string const& photos_joined, std::string const& changes, core::Instant recorded_at,
                      std::string const& chain, std::int64_t seq) {
  CanonicalBytes bytes;
  bytes.add("history 1").add(chain).add(seq).add(district).add(case_no).add(row.version).add(row.action).add(row.actor);
  bytes.add(core::id(row.role)).add(core::id(row.from)).add(core::id(row.to)).add(row.at.time_since_epoch().count());
  bytes.add(recorded_at.time_since_epoch().count()).add(row.reason).add(row.opinion).add(photos_joined).add(row.command_id);
  bytes.add(changes).add(row.transport ? "t" : "f");
  return bytes.bytes();
}

ChainHead chained(ChainHead const& previous, std::string_view bytes) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  auto const feed = [&](std::string_view part) {
    crypto_hash_sha256_update(&state, reinterpret_cast<unsigned char const*>(part.data()), part.size());
  };
  feed(previous.hash);
  feed(bytes);
  ChainHead next;
  next.seq = previous.seq + 1;
  crypto_hash_sha256_final(&state, reinterpret_cast<unsigned char*>(next.hash.data()));
  return next;
}

std::string to_hex(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char c : bytes) {
    out += digits[c >> 4];
    out += digits[c & 15];
  }
  return out;
}

std::string from_hex(std::string_view hex) {
  auto const nibble = [](char c) -> unsigned {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    throw std::invalid_argument("not hexadecimal");
  };
  if (hex.size() % 2 != 0) throw std::invalid_argument("not hexadecimal");
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) out += static_cast<char>(nibble(hex[i]) << 4 | nibble(hex[i + 1]));
  return out;
}

std::string joined(std::vector<std::string> const& list) {
  std::string out;
  for (auto const& one : list) {
    if (!out.empty()) out += ',';
    out += one;
  }
  return out;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    auto const comma = list.find(',');
    out.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return out;
}

}  // namespace wangge::storage
