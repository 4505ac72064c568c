// Many clients, each leading one case after the other through its life: sign, dispose, check, close. One command in
// flight a client, every next one with the version of the answer before.
#pragma once

#include <map>
#include <vector>

#include "tests/bench/measure.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/wire.hpp"

namespace wangge::bench {

class Commands {
 public:
  Commands(Plan const& plan, std::uint16_t port, std::uint32_t run, int clients);
  void run(double seconds);
  void print();

 private:
  enum class Step : std::uint8_t { sign, dispose, check, close };
  struct Client {
    Plan::OpenCase of;
    Step step = Step::sign;
    std::string checker;
    std::int64_t asked = 0;
  };
  void next_case(int connection);
  void ask(int connection);
  void on_answer(int connection, Answer const& answer);
  std::string request(Client const& c);

  Plan const& plan_;
  Wire wire_;
  std::uint32_t run_;
  std::uint64_t commands_ = 0;
  std::size_t next_ = 0;  // of the plan's cases
  std::map<int, Client> clients_;
  std::int64_t start_ = 0, end_ = 0, last_ = 0;
  std::size_t busy_ = 0, in_time_ = 0, closed_ = 0;
  std::map<int, std::uint64_t> statuses_;
  Samples took_;
};

}  // namespace wangge::bench
