// The media door: photos, sound and film into the content-addressed folder and out again. Works with the database down,
// save for readers who did not upload the file themselves.
#pragma once

#include <functional>
#include <string>

#include "gateways/doors.hpp"
#include "gateways/media/media.hpp"

namespace wangge::patrol {

class MediaDoor {
 public:
  // May the caller read a case that names this file? Throws doors::Away while that cannot be found out.
  using MayRead = std::function<bool(core::Principal const&, std::string const& media_id)>;
  MediaDoor(media::Folder& folder, MayRead may_read) : folder_(folder), may_read_(std::move(may_read)) {}
  void post(http::Request request, http::Reply reply);
  void get(http::Request request, http::Reply reply);

 private:
  media::Folder& folder_;
  MayRead may_read_;
};

}  // namespace wangge::patrol
