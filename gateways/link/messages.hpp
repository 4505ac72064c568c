// Core words to bus messages, the gateway's direction (the dispatcher's is dispatcher/engine/convert).
#pragma once

#include "dispatcher/core/types.hpp"
#include "gateways/spool/spool.hpp"
#include "proto/bus/bus.hpp"

namespace wangge::link {

v1::Report to_message(core::Report const& r);
// A record whose payload is damaged (or never was ours) goes with what is known of it: its seq must pass.
v1::Envelope to_envelope(std::string const& spool_id, spool::Record const& record, std::int64_t epoch = 0);
v1::Envelope to_envelope(std::string const& correlation, core::Command const& c);
v1::Principal to_message(core::Principal const& p);

}  // namespace wangge::link
