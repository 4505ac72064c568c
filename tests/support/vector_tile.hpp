// Reads a Mapbox vector tile as far as tests look into it: layers with their extent, features with their tags and
// points. Throws std::runtime_error at the first byte that does not fit.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wangge::tests {

struct TileFeature {
  int kind = 0;  // 1 point, 2 line, 3 polygon
  std::map<std::string, std::string> tags;
  std::vector<std::pair<int, int>> corners;  // absolute, in the tile's pixels
};
struct TileRead {
  std::string name;
  int extent = 0;
  std::vector<TileFeature> features;
};

class Wire {
 public:
  explicit Wire(std::string_view bytes) : left_(bytes) {}
  bool more() const { return !left_.empty(); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (left_.empty()) throw std::runtime_error("cut in a number");
      auto const byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    throw std::runtime_error("a number without end");
  }
  std::string_view bytes(std::size_t n) {
    if (n > left_.size()) throw std::runtime_error("cut in a field");
    auto const out = left_.substr(0, n);
    left_.remove_prefix(n);
    return out;
  }
  // The next field: its number, and its content (of a number: the number itself).
  struct Field {
    std::uint64_t id = 0, value = 0;
    std::string_view text;
  };
  Field field() {
    auto const key = varint();
    Field out{key >> 3, 0, {}};
    switch (key & 7) {
      case 0:
        out.value = varint();
        break;
      case 1:
        out.text = bytes(8);
        break;
      case 2:
        out.text = bytes(varint());
        break;
      case 5:
        out.text = bytes(4);
        break;
      default:
        throw std::runtime_error("a field of an unknown kind");
    }
    return out;
  }

 private:
  std::string_view left_;
};

inline std::string tag_value(std::string_view bytes) {
  Wire wire(bytes);
  std::string out;
  while (wire.more()) {
    auto const f = wire.field();
    out = f.id == 1 ? std::string(f.text)
          : f.id == 6
              ? std::to_string(static_cast<std::int64_t>(f.value >> 1) ^ -static_cast<std::int64_t>(f.value & 1))
              : std::to_string(f.value);
  }
  return out;
}

inline std::vector<std::pair<int, int>> corners(std::string_view geometry) {
  Wire wire(geometry);
  std::vector<std::pair<int, int>> out;
  int x = 0, y = 0;
  auto const step = [&] {
    auto const n = wire.varint();
    return static_cast<int>(n >> 1) ^ -static_cast<int>(n & 1);
  };
  while (wire.more()) {
    auto const command = wire.varint();
    if ((command & 7) == 7) continue;  // close the ring
    for (auto n = command >> 3; n > 0; --n) {
      x += step();
      y += step();
      out.emplace_back(x, y);
    }
  }
  return out;
}

inline std::vector<TileRead> read_tile(std::string_view mvt) {
  std::vector<TileRead> layers;
  for (Wire tile(mvt); tile.more();) {
    auto const layer = tile.field();
    if (layer.id != 3) throw std::runtime_error("no layer");
    auto& out = layers.emplace_back();
    std::vector<std::string> keys, values;
    std::vector<std::vector<std::uint64_t>> tags;
    for (Wire wire(layer.text); wire.more();) {
      auto const f = wire.field();
      if (f.id == 1) out.name = f.text;
      if (f.id == 3) keys.emplace_back(f.text);
      if (f.id == 4) values.push_back(tag_value(f.text));
      if (f.id == 5) out.extent = static_cast<int>(f.value);
      if (f.id != 2) continue;
      auto& feature = out.features.emplace_back();
      auto& own = tags.emplace_back();
      for (Wire inside(f.text); inside.more();) {
        auto const g = inside.field();
        if (g.id == 2)
          for (Wire list(g.text); list.more();) own.push_back(list.varint());
        if (g.id == 3) feature.kind = static_cast<int>(g.value);
        if (g.id == 4) feature.corners = corners(g.text);
      }
    }
    for (std::size_t i = 0; i < tags.size(); ++i)
      for (std::size_t k = 0; k + 1 < tags[i].size(); k += 2)
        out.features[i].tags[keys.at(tags[i][k])] = values.at(tags[i][k + 1]);
  }
  return layers;
}

}  // namespace wangge::tests
