// Where anchors go: a folder elsewhere (a mount), or a URL that takes PUT and gives by GET, as object stores and WebDAV do.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace wangge::deploy {

class AnchorPlace {
 public:
  virtual ~AnchorPlace() = default;
  virtual std::string newest() = 0;  // the newest anchor's text, "" when there is none
  // Returns where it lies, in words for people. Throws EnvironmentError.
  virtual std::string put(std::string const& name, std::string const& text) = 0;
  // (name, text). A URL gives its newest only: the chains make that one speak for all before it.
  virtual std::vector<std::pair<std::string, std::string>> all() = 0;
};

// "http(s)://[name:password@]host[:port]/path[?query]" or a folder. Throws UsageError for any other URL.
std::unique_ptr<AnchorPlace> anchor_place(std::string const& where);

}  // namespace wangge::deploy
