// One statement through psql; the answer as bare text. Fails the test when psql fails.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "deploy/process.hpp"

namespace wangge::tests {

inline std::string psql(std::string const& url, std::string const& statement) {
  deploy::Command command;
  command.argv = {"psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url};
  auto done = deploy::run(command);
  EXPECT_TRUE(done.ok()) << statement << ": " << done.err;
  while (!done.out.empty() && done.out.back() == '\n') done.out.pop_back();
  return done.out;
}

}  // namespace wangge::tests
