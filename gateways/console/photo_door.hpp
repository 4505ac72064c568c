// The photos of a case with what is known of each: which step showed it, when it was taken and when it came, by camera
// or from the gallery, and how far from the case's place.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"
#include "gateways/media/media.hpp"

namespace wangge::console {

class PhotoDoor {
 public:
  PhotoDoor(Reads& reads, media::Folder const& folder) : reads_(reads), folder_(folder) {}
  void list(http::Request request, http::Reply reply);

 private:
  Reads& reads_;
  media::Folder const& folder_;
};

}  // namespace wangge::console
