// The media door: photos, sound and film into the content-addressed folder and out again. Works with the database down,
// save for readers who did not upload the file themselves.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "gateways/doors.hpp"
#include "gateways/media/media.hpp"
#include "gateways/patrol/evidence.hpp"

namespace wangge::patrol {

class MediaDoor {
 public:
  // May the caller read a case that names this file? Throws doors::Away while that cannot be found out.
  using MayRead = std::function<bool(core::Principal const&, std::string const& media_id)>;
  MediaDoor(media::Folder& folder, MayRead may_read, GalleryAllowed gallery_allowed)
      : folder_(folder), may_read_(std::move(may_read)), gallery_allowed_(std::move(gallery_allowed)) {}
  void post(http::Request request, http::Reply reply);
  void get(http::Request request, http::Reply reply);
  void facts(http::Request request, http::Reply reply);

 private:
  std::variant<media::Folder::Found, http::Response> find(http::Request const& request) const;
  media::Folder& folder_;
  MayRead may_read_;
  GalleryAllowed gallery_allowed_;
};

}  // namespace wangge::patrol
