// One conversation with the doors: sends a request until it has an answer. Everything sent here is idempotent (reports
// by key, commands by command_id), so a broken connection, 429, 503, 504 and 507 simply mean: the same again.
#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "deploy/http_client.hpp"
#include "dispatcher/core/types.hpp"

namespace wangge::deploy {

struct Told {
  int status = 0;  // 0: no answer at all before giving up
  bool replayed = false;
  boost::json::value body;                        // null when it was no JSON
  std::string text;                               // the raw body when it was no JSON
  std::string code() const;                       // of a problem, else ""
  std::string reason() const;                     // the code and, where it does not say it already, the first field's fault
  std::string word(std::string_view name) const;  // a string member, else ""
  std::int64_t number(std::string_view name) const;
};

class Talk {
 public:
  // Gives up on one request after `patience`.
  // `certificate`: what our own doors show, when they speak https.
  Talk(std::string const& base_url, std::chrono::milliseconds patience, std::atomic<std::int64_t>& retried,
       std::filesystem::path const& certificate = {});
  Told get(std::string_view target, std::string const& token);
  Told post(std::string_view target, std::string const& token, std::string const& body,
            HttpClient::Headers headers = {});

 private:
  Told send(std::string_view method, std::string_view target, HttpClient::Headers headers, std::string const& body);
  HttpClient client_;
  std::chrono::milliseconds patience_;
  std::atomic<std::int64_t>& retried_;
};

// The same name gives the same UUID for ever (SHA-256 of the name, dressed as version 8).
std::string stable_uuid(std::string const& name);
std::string to_rfc3339(core::Instant at);  // UTC, milliseconds

}  // namespace wangge::deploy
