// Any bytes as a frame of the bus: refused, or read and written again to the same message.
#include <google/protobuf/stubs/logging.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "proto/bus/bus.hpp"

namespace {

void demand(bool fact) {
  if (!fact) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace wangge;
  static auto const silent =
      google::protobuf::SetLogHandler(nullptr);  // a line for each bad input would be its main work
  static_cast<void>(silent);
  std::string_view const frame(reinterpret_cast<char const*>(data), size);
  v1::Envelope message;
  if (!bus::decode(frame, message)) return 0;
  demand(size <= bus::kFrameBytes && message.body_case() != v1::Envelope::BODY_NOT_SET);
  std::string const once = bus::encode(message);
  v1::Envelope again;
  demand(bus::decode(once, again));
  demand(bus::encode(again) == once);
  return 0;
}
