// What is published of a month, on the command line.
#pragma once

#include "deploy/commands/figures.hpp"
#include "dispatcher/core/evaluation.hpp"

namespace wangge::deploy {

// id, zh, en, by, post; [[part]] indicator, weight, kind, bands; [[deduction]] indicator, points, free, most. Throws UsageError.
core::Scheme scheme_from_file(std::string const& file);

}  // namespace wangge::deploy
