// Content-addressed media folder: DATA/media/ab/sha256-…, durable (file and folder fsynced) before the door says 201,
// also with the database down. The original stays as it came; what is served is a re-encoded rendition without
// metadata, made once by a separate worker process (libvips) under memory and time limits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::media {

struct Full : std::runtime_error { using runtime_error::runtime_error; };      // 507
// 422 bad_media: not what it claims to be. code: empty, too_large, wrong_content, no_dimensions, too_many_pixels or
// not_decodable; the words for people are the door's.
// Also original_unknown: the picture it says it was drawn from is not there, or somebody else's.
struct Bad : std::runtime_error {
  Bad(std::string c, std::string const& why) : runtime_error(why), code(std::move(c)) {}
  std::string code;
};
struct Unknown : std::runtime_error { using runtime_error::runtime_error; };   // 415: type not taken

struct Stored {
  std::string media_id;  // "sha256-" + 64 hex
  std::uint64_t size = 0;
  std::string type;
  bool existed = false;
};

struct Place {
  double lon = 0, lat = 0;  // degrees
};
bool is_place(Place const& place);  // within the globe
std::string place_text(Place const& place);                   // "116.6,35.4": as a query and a card say it
std::optional<Place> place_from(std::string_view text);

// What a device says of a medium when it hands it in: no proof, but kept beside when it was received. The first word stands.
struct Evidence {
  std::string taken;  // camera, gallery (相册); "" not said
  std::optional<core::Instant> captured_at;
  std::string original;  // media_id of the picture this one was drawn from (a watermark goes on a copy)
  std::optional<Place> place;  // where the device stood
};

struct Options {
  std::string dir;
  std::uint64_t free_bytes_floor = 64ull << 20;
  std::uint64_t image_limit = 20ull << 20, av_limit = 100ull << 20;
};

// Thread-safe; several processes may share a folder.
class Folder {
 public:
  explicit Folder(Options);  // throws std::runtime_error when the worker's tool (Debian: libvips-tools) is missing
  // Largest body of this content type, or nullopt when the type is not taken (415).
  std::optional<std::uint64_t> limit_of(std::string_view content_type) const;
  // Throws Unknown, Bad or Full; std::runtime_error when the worker cannot run. A repeat costs no decoding.
  Stored put(std::string_view content_type, std::string_view bytes, core::Principal const& who, core::Instant now, Evidence const& evidence = {});
  struct Found {
    std::string type, served_path;  // of what may be shown: for pictures the rendition (WebP as JPEG), else the original
    std::vector<std::string> uploaders;  // "district/principal"
    std::vector<std::string> copies;     // media drawn from this one: who may read such a one may read this too
    Evidence evidence;
    std::string original_type;  // as it came; `type` is what is shown
    std::uint64_t size = 0;
    core::Instant received_at{};  // when it came first
    std::optional<Place> exif;    // where its own metadata say it was taken
  };
  std::optional<Found> find(std::string const& media_id) const;
  static bool is_id(std::string_view text);
  // Removes files stored before `before` for which named(ids) returns neither the id nor a copy's. Returns how many.
  std::int64_t sweep(core::Instant before, std::function<std::vector<std::string>(std::vector<std::string> const&)> named);

 private:
  struct Impl;
  Options options_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace wangge::media
