#include "tests/bench/commands.hpp"

#include <cstdio>

namespace wangge::bench {
namespace {

constexpr std::int64_t kTick = kSecond / 100;
constexpr char const* kNames[] = {"sign", "dispose", "check", "close"};

// A member's plain value in the server's own JSON, which has no spaces; the first one stands on the case itself.
std::string member(std::string_view json, std::string const& name) {
  auto const quoted = "\"" + name + "\":";
  auto const at = json.find(quoted);
  if (at == std::string_view::npos) return {};
  auto const from = json.find_first_not_of('"', at + quoted.size());
  return std::string(json.substr(from, json.find_first_of("\",}", from) - from));
}

}  // namespace

Commands::Commands(Plan const& plan, std::uint16_t port, std::uint32_t run, int clients)
    : plan_(plan), wire_(port), run_(run) {
  for (int i = 0; i < clients; ++i)
    clients_[wire_.open([this](int connection, Answer const& answer) { on_answer(connection, answer); })] = {};
}

std::string Commands::request(Client const& c) {
  char command_id[40];
  std::snprintf(command_id, sizeof command_id, "%08x-0000-4000-8000-%012llx", run_,
                static_cast<unsigned long long>(++commands_));
  auto body = std::string("{\"command_id\":\"") + command_id + "\",\"version\":" + std::to_string(c.of.version);
  std::string token;
  switch (c.step) {
    case Step::sign:
      token = plan_.squads.at(c.of.squad);
      break;
    case Step::dispose:
      token = plan_.squads.at(c.of.squad);
      body += ",\"photos\":[\"" + plan_.photo + "\"],\"opinion\":\"已处置\"";
      break;
    case Step::check:
      token = plan_.people.at(c.checker);
      body += ",\"result\":\"pass\",\"photos\":[\"" + plan_.photo + "\"]";
      break;
    case Step::close:
      token = plan_.acceptor;
      body += ",\"closing_condition\":\"restored\"";
      break;
  }
  body += "}";
  return "POST /api/v1/cases/" + c.of.case_no + "/actions/" + kNames[static_cast<int>(c.step)] +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

void Commands::next_case(int connection) {
  if (next_ == plan_.cases.size()) return;  // the run ends early; print() tells
  clients_[connection] = {plan_.cases[next_++]};
  ask(connection);
}

void Commands::ask(int connection) {
  auto& c = clients_[connection];
  if (now_ns() >= end_) return;
  ++busy_;
  c.asked = now_ns();
  wire_.send(connection, request(c));
}

// A refusal ends the case for this client: the figures show it, and the next case goes on.
void Commands::on_answer(int connection, Answer const& answer) {
  auto& c = clients_[connection];
  --busy_;
  last_ = now_ns();
  ++statuses_[answer.status];
  if (answer.status != 200) return next_case(connection);
  took_.add(last_ - c.asked);
  in_time_ += last_ <= end_;
  c.of.version = std::atoll(member(answer.body, "version").c_str());
  if (c.step == Step::dispose) c.checker = member(answer.body, "holder");
  if (c.step == Step::close) {
    ++closed_;
    return next_case(connection);
  }
  c.step = static_cast<Step>(static_cast<int>(c.step) + 1);
  if (c.step == Step::check && !plan_.people.contains(c.checker)) {
    ++statuses_[0];
    return next_case(connection);
  }
  ask(connection);
}

void Commands::run(double seconds) {
  start_ = now_ns();
  end_ = start_ + nanos(seconds);
  for (auto const& [connection, client] : std::map(clients_)) next_case(connection);
  while (busy_ > 0) wire_.turn(kTick);
}

void Commands::print() {
  auto const window = std::min(last_, end_) - start_;
  bench::print("seconds", seconds(window));
  bench::print("commands_per_s", static_cast<double>(in_time_) / seconds(window));
  bench::print("closed_cases", static_cast<double>(closed_));
  bench::print("cases_left", static_cast<double>(plan_.cases.size() - next_));
  for (auto const& [status, count] : statuses_)
    bench::print("status." + std::to_string(status), static_cast<double>(count));
  took_.print("command");
}

}  // namespace wangge::bench
