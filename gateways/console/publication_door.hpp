// The publication door: scores by a scheme, the patrols' settlement, a month's state and its seal, the month as a workbook, the
// bulletin from a city's template. Storage counts and writes the files; here stand the question and who may ask it.
#pragma once

#include "gateways/http/http.hpp"
#include "storage/publish/publisher.hpp"

namespace wangge::console {

class PublicationDoor {
 public:
  // `sign` is the installation's; without one months are sealed on the machine that has the key.
  PublicationDoor(storage::Publisher& publisher, storage::Publisher::Sign sign) : publisher_(publisher), sign_(std::move(sign)) {}
  void evaluation(http::Request request, http::Reply reply);
  void schemes(http::Request request, http::Reply reply);
  void settlement(http::Request request, http::Reply reply);
  void months(http::Request request, http::Reply reply);  // those sealed
  void month(http::Request request, http::Reply reply);   // one month's state and the appeals it waits for
  void seal(http::Request request, http::Reply reply);
  void verification(http::Request request, http::Reply reply);  // is a sealed month what is counted now
  void corrections(http::Request request, http::Reply reply);   // what was changed of its cases since
  void book(http::Request request, http::Reply reply);
  void bulletin(http::Request request, http::Reply reply);  // GET: our template; POST: the body is the city's

 private:
  storage::Publisher& publisher_;
  storage::Publisher::Sign sign_;
};

}  // namespace wangge::console
