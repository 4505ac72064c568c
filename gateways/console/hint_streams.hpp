// Live hints for consoles: which case in the caller's scope changed. May be lost; a screen re-reads after a gap. Whose case
// it is stands in the database: one question for all who are bounded by street, unit or squad, none while nobody is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateways/beat.hpp"
#include "gateways/http/http.hpp"
#include "gateways/link/link.hpp"
#include "storage/read_model.hpp"

namespace wangge::console {

// Sees every case of the district, whatever it is: no question is needed.
bool sees_district(core::Principal const& who);

class HintStreams {
 public:
  using Scopes = std::function<std::vector<storage::ReadModel::CaseScope>(std::string const& district,
                                                                          std::vector<std::string> const& case_nos)>;
  explicit HintStreams(Scopes scopes, std::chrono::milliseconds heartbeat = std::chrono::seconds{15});
  ~HintStreams();
  void start();
  void stop();
  void add(core::Principal who, std::shared_ptr<http::Stream> stream);
  void hint(link::Hint const& hint);  // hands over and returns
  std::size_t connected() const;
  // To whoever sees the whole district, at once; and the districts where somebody like that listens.
  void tell(std::string const& district, std::string_view event, std::string_view data);
  std::vector<std::string> districts() const;

 private:
  struct Client {
    core::Principal who;
    std::shared_ptr<http::Stream> stream;
  };
  void run();
  void tell(link::Hint const& hint, std::vector<Client> const& clients);
  Scopes scopes_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;
  std::vector<Client> clients_;
  std::deque<link::Hint> hints_;
  bool away_ = false;  // the thread's own
  doors::Beat beat_;
  std::thread thread_;
};

}  // namespace wangge::console
