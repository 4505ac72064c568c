// Media ids in a body, each fault with its own pointer.
#include "gateways/patrol/photos.hpp"

#include <boost/json/value.hpp>

#include "gateways/media/media.hpp"

namespace wangge::patrol {

std::vector<std::string> read_photos(http::Fields& fields, std::string_view name, std::size_t least,
                                     http::FieldErrors& errors) {
  auto const before = errors.size();
  auto photos = fields.texts(name, least, kPhotosMost, 128);
  if (errors.size() > before) return photos;  // indexes would no longer be the caller's
  for (std::size_t i = 0; i < photos.size(); ++i)
    if (!media::Folder::is_id(photos[i])) errors.emplace_back(fields.pointer_to(name) + '/' + std::to_string(i), "bad_format");
  return photos;
}

}  // namespace wangge::patrol
