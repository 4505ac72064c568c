// Resumable uploads: tus 1.0.0 with creation, termination, checksum and expiration, ending in the media door's
// media_id. Needs no database.
#pragma once

#include "gateways/media/uploads.hpp"
#include "gateways/patrol/evidence.hpp"

namespace wangge::patrol {

class UploadDoor {
 public:
  UploadDoor(media::Folder& folder, media::Uploads& uploads, GalleryAllowed gallery_allowed)
      : folder_(folder), uploads_(uploads), gallery_allowed_(std::move(gallery_allowed)) {}
  void options(http::Request request, http::Reply reply) const;
  void create(http::Request request, http::Reply reply);
  void look(http::Request request, http::Reply reply);  // HEAD and GET
  void append(http::Request request, http::Reply reply);
  void end(http::Request request, http::Reply reply);

 private:
  media::Folder& folder_;
  media::Uploads& uploads_;
  GalleryAllowed gallery_allowed_;
};

// Upload-Metadata: "name base64,name base64". Nullopt when it cannot be read. For tests and fuzzing.
std::optional<http::NameMap> read_metadata(std::string_view header);

}  // namespace wangge::patrol
