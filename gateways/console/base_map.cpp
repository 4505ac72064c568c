#include "gateways/console/base_map.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace wangge::console {
namespace {

using namespace std::chrono_literals;

constexpr auto kLeftAlone = 5s;  // after a failure: the operators see the map without its ground, and no worker waits
constexpr int kAtOnce = 2;       // threads that may wait for it: photos of cases go through the same ones
constexpr std::size_t kPictureMost = 1u << 20;
constexpr std::array<std::string_view, 3> kTypes{"image/png", "image/jpeg", "image/webp"};

void replace(std::string& text, std::string_view what, std::string const& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

BaseMap::BaseMap(BaseMapOptions options) : options_(std::move(options)), kept_(options_.keep_bytes) {}

std::string BaseMap::address(storage::TileAt at) const {
  std::string url = options_.url;
  replace(url, "{z}", std::to_string(at.z));
  replace(url, "{x}", std::to_string(at.x));
  replace(url, "{y}", std::to_string(at.y));
  replace(url, "{-y}", std::to_string((1 << at.z) - 1 - at.y));
  replace(url, "{s}", std::to_string((at.x + at.y) % 8));
  replace(url, "{key}", options_.key);
  return url;
}

std::optional<Picture> BaseMap::tile(storage::TileAt at) {
  try {
    auto const name = std::to_string(at.z) + '/' + std::to_string(at.x) + '/' + std::to_string(at.y);
    struct Turn {
      explicit Turn(std::atomic<int>& n) : running(n) { ++running; }
      ~Turn() { --running; }
      std::atomic<int>& running;
    };
    auto known = kept_.known(name, options_.keep_for);
    Turn const turn(fetching_);
    if (!known && fetching_ > kAtOnce) return std::nullopt;  // the browser asks again
    auto const text = known ? *known : kept_.get(name, options_.keep_for, [&] {
      if (std::chrono::steady_clock::now() < next_try_.load()) throw std::runtime_error("");  // said already
      auto got = options_.fetch(address(at));
      auto const type =
          std::find(kTypes.begin(), kTypes.end(), std::string_view(got.type).substr(0, got.type.find(';')));
      if (type == kTypes.end()) throw std::runtime_error("it answers with " + got.type + ", which is no picture");
      if (got.bytes.size() > kPictureMost) throw std::runtime_error("a picture over 1 MiB");
      return std::string(*type) + '\n' + got.bytes;
    });
    auto const line = text.find('\n');
    return Picture{text.substr(0, line), text.substr(line + 1)};
  } catch (std::runtime_error const& e) {
    if (*e.what() != '\0') {
      std::string why = e.what();
      if (!options_.key.empty()) replace(why, options_.key, "***");
      spdlog::warn("the base map is away: {}", why);
      next_try_ = std::chrono::steady_clock::now() + kLeftAlone;
    }
    return std::nullopt;
  }
}

}  // namespace wangge::console
