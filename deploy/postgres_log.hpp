// What the embedded database wrote about itself, for the words we say when it does not start.
#pragma once

#include <filesystem>
#include <string>

namespace wangge::deploy {

// Why it did not start: what it said before its log was open (`early`), and the grave line of its newest log.
std::string last_words(std::filesystem::path const& early, std::filesystem::path const& log_folder);

// The newest message of its newest log that begins like this; "" when there is none.
std::string last_message(std::filesystem::path const& log_folder, std::string_view beginning);

}  // namespace wangge::deploy
