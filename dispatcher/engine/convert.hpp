// Protobuf stops here: what came over the bus becomes core words, answers become messages.
#pragma once

#include "proto/bus/bus.hpp"
#include "storage/store.hpp"

namespace wangge::engine {

struct ReportIn {
  std::string peer;  // whom to answer
  std::string spool_id;
  std::int64_t seq = 0;
  core::Report report;
  std::string payload;     // as it came, for the dead-letter table
  bool refused = false;    // its caller was told of the conflict: no case may come of it, only its seq counts
  std::string unreadable;  // not empty: why no report can be made of it; it is set aside as poison
};

struct CommandIn {
  std::string peer, correlation;
  core::Command command;
};

struct ReceivedIn {
  std::string peer, correlation, task_id;
  std::int64_t epoch = 0;
  core::Principal who;
  core::Instant received_at{};
};

// What no report can be made of comes as `unreadable`, for a record that is dropped is sent for ever and holds the cursor.
// nullopt: it does not even say whose it is.
std::optional<ReportIn> report_in(std::string peer, v1::SpooledReport const& m);
// nullopt: a field no honest gateway sends (unknown role, empty district).
std::optional<CommandIn> command_in(std::string peer, v1::Command const& m);
std::optional<ReceivedIn> received_in(std::string peer, v1::Received const& m);

struct CommandAnswer {
  std::string peer, correlation;
  storage::CommandRow row;
  bool replayed = false;
};
v1::Envelope to_envelope(CommandAnswer const& a);

// The snapshot doors check against, in parts that each fit a frame.
std::vector<v1::Reference> reference(std::vector<std::shared_ptr<core::City const>> const& cities,
                                     std::vector<storage::TokenRow> const& tokens, std::int64_t version);

}  // namespace wangge::engine
