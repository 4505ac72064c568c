// Uploads that go on where they stopped (tus 1.0): half-done files under DATA/media/uploads, each with its header,
// until they are whole and become a medium of the folder. What an answer has told lies on the disc: bytes first, then
// their number, each synced. Works with the database down. Thread-safe; several processes may share the folder.
#pragma once

#include "gateways/media/media.hpp"

namespace wangge::media {

struct UploadLimits {
  std::size_t open_each = 16;            // unfinished ones of one person; more: TooMany
  std::size_t open_all = 4096;           // of everybody, finished ones that are still told too; more: Full
  std::uint64_t bytes_all = 4ull << 30;  // what unfinished ones may become together; more: Full
  std::chrono::hours lives{24};          // from its beginning; then it is gone, whole or not
};

struct TooMany : std::runtime_error {
  using runtime_error::runtime_error;
};  // 429
struct NoUpload : std::runtime_error {
  using runtime_error::runtime_error;
};                                         // 404: none, expired, ended, or somebody else's
struct WrongOffset : std::runtime_error {  // 409: `offset` is where it stands
  explicit WrongOffset(std::uint64_t at) : runtime_error("the upload stands elsewhere"), offset(at) {}
  std::uint64_t offset;
};
struct TooLong : std::runtime_error {
  using runtime_error::runtime_error;
};  // 413: more than was announced

struct Upload {
  std::string id;    // 32 hex digits, not to be guessed
  std::string type;  // the medium's content type
  std::uint64_t length = 0, offset = 0;
  core::Instant created_at{}, expires_at{};
  Evidence evidence;
  std::string media_id;  // once it is whole and was taken
};

class Uploads {
 public:
  Uploads(Folder& folder, std::string dir, UploadLimits limits = {}, std::uint64_t free_bytes_floor = 64ull << 20);
  // Throws Unknown (type not taken), TooLong (beyond the type's limit), Bad (empty), TooMany, Full.
  Upload create(core::Principal const& who, std::string_view type, std::uint64_t length, Evidence const& evidence,
                core::Instant now);
  // Throws NoUpload.
  Upload find(core::Principal const& who, std::string const& id, core::Instant now);
  // Adds bytes at `offset`; with the last of them it becomes a medium. Throws NoUpload, WrongOffset, TooLong, Full; Bad
  // when the whole is no medium (the upload is gone then). A full disc at the end keeps the upload: no bytes at its end
  // try once more.
  Upload append(core::Principal const& who, std::string const& id, std::uint64_t offset, std::string_view bytes,
                core::Instant now);
  void end(core::Principal const& who, std::string const& id, core::Instant now);  // throws NoUpload
  std::int64_t sweep(core::Instant now);  // removes what expired; returns how many
  std::chrono::hours lives() const { return limits_.lives; }

 private:
  Folder& folder_;
  std::string dir_;
  UploadLimits limits_;
  std::uint64_t floor_;
};

}  // namespace wangge::media
