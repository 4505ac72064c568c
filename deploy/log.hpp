// Logging of the program: JSON lines to DATA/log/NAME.log (rotated), short lines for people on stderr.
#pragma once

#include <string>

#include "deploy/layout.hpp"
#include "deploy/settings/settings.hpp"

namespace wangge::deploy {

// Sets spdlog's default logger, which every room uses. `name`: up, gateway, dispatcher.
void start_logging(std::string const& name, Layout const& layout, Settings const& settings);
// Only stderr, for the other subcommands.
void start_plain_logging(std::string const& level);

std::string json_text(std::string_view text);  // with quotes

}  // namespace wangge::deploy
