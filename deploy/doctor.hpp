// `wangge doctor`: looks at everything that commonly goes wrong and says what to do. Changes nothing.
#pragma once

#include <string>
#include <vector>

#include "deploy/layout.hpp"
#include "deploy/nightly.hpp"
#include "deploy/settings/settings.hpp"

namespace wangge::deploy {

struct Finding {
  enum class Level { ok, warn, bad } level = Level::ok;
  std::string check, text, remedy;  // in the reader's language; remedy empty when ok
};

// `spools`: folders of other gateways, whose notes of done steps tell what a restore lost.
std::vector<Finding> examine(Settings const& settings, Layout const& layout, std::string const& lang,
                             std::vector<std::filesystem::path> const& spools = {});

// The pure parts, for the tests.
Finding judge_backup(std::optional<LastBackup> const& last, bool nightly, Seconds now, std::string const& lang);
Finding judge_space(std::string const& what, std::uint64_t free_bytes, std::uint64_t floor_bytes, std::string const& lang);

}  // namespace wangge::deploy
