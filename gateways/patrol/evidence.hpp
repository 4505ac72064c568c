// What a device says of a picture when it hands it in, read from a query or an upload's metadata; and the city's word
// on 相册.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateways/http/fields.hpp"
#include "gateways/http/http.hpp"
#include "gateways/media/media.hpp"

namespace wangge::patrol {

// May patrollers of this district hand in 相册 pictures? Throws doors::Away while that was never learnt.
using GalleryAllowed = std::function<bool(std::string const& district)>;

// `taken`, `captured_at`, `original`, `place` (lon,lat), each perhaps "". Faults are added with their pointer.
media::Evidence read_evidence(std::string_view taken, std::string_view captured_at, std::string_view original, std::string_view place,
                              core::Instant received_at, http::FieldErrors& errors);
// The refusal of 相册 pictures where the city takes none of patrollers; nothing where it may go on.
std::optional<http::Response> refuse_gallery(http::Request const& request, media::Evidence const& evidence,
                                             GalleryAllowed const& allowed);
http::Response bad_media(media::Bad const& e, std::string_view lang);

}  // namespace wangge::patrol
