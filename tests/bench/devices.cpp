#include "tests/bench/devices.hpp"

namespace wangge::bench {
namespace {

// The text after `"name" : ` up to the next comma; the server writes its events itself, so their form is known.
std::string_view member(std::string_view json, std::string_view name) {
  auto const at = json.find(name);
  if (at == std::string_view::npos) return {};
  auto const from = json.find_first_not_of(" :\"", at + name.size());
  return json.substr(from, json.find_first_of("\",}", from) - from);
}

}  // namespace

Devices::Devices(Wire& wire, Plan const& plan, int confirming, OnTask on_task)
    : wire_(wire), on_task_(std::move(on_task)) {
  for (auto const& [squad, token] : plan.squads)
    wire_.open_stream(
        "GET /api/v1/tasks/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer " +
            token + "\r\n\r\n",
        [this, token, confirming](std::string_view event) {
          if (event.find("event: task\n") == std::string_view::npos) return;
          on_task_(event);
          if (confirming > 0) confirm(token, event);
        });
  for (int i = 0; i < confirming; ++i)
    idle_.push_back(wire_.open([this](int connection, Answer const& answer) {
      took_.add(now_ns() - asked_[connection]);
      if (answer.status != 204) ++refused_;
      if (waiting_.empty()) return idle_.push_back(connection);
      auto const next = std::move(waiting_.front());
      waiting_.pop();
      send(connection, next);
    }));
  for (int const connection : idle_) asked_[connection] = 0;
}

void Devices::confirm(std::string const& token, std::string_view event) {
  auto const body = "{\"epoch\":" + std::string(member(event, "\"epoch\"")) + "}";
  auto request = "POST /api/v1/tasks/" + std::string(member(event, "\"task_id\"")) +
                 "/received HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token +
                 "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                 body;
  if (idle_.empty()) return waiting_.push(std::move(request));
  auto const connection = idle_.back();
  idle_.pop_back();
  send(connection, request);
}

void Devices::send(int connection, std::string const& request) {
  asked_[connection] = now_ns();
  wire_.send(connection, request);
}

void Devices::print() {
  if (asked_.empty()) return;
  took_.print("received");
  bench::print("received.refused", static_cast<double>(refused_));
}

}  // namespace wangge::bench
