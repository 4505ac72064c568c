// Tasks listed, streamed, received.
#include "gateways/squad/task_door.hpp"

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/http/body.hpp"

namespace wangge::squad {

void TaskDoor::list(http::Request request, http::Reply reply) {
  if (auto no = console::without_body(request.who, request.lang)) return reply(std::move(*no));
  reply(console::reading(request.lang, [&] {
    auto const limit = console::read_limit(request, console::kLongPage);
    return console::list_answer(reads_.tasks(request.who, std::string(request.arg("cursor")), limit));
  }));
}

void TaskDoor::stream(http::Request request, std::shared_ptr<http::Stream> stream) {
  streams_.add(std::move(request.who), std::move(stream));
}

void TaskDoor::received(http::Request request, http::Reply reply) {
  auto const lang = request.lang;
  std::optional<std::int64_t> epoch;
  auto const fault = http::body_fault(request, [&](http::Fields& fields) { epoch = fields.integer("epoch", http::Need::required, 0, std::int64_t{1} << 53); });  // 0: older than any
  if (fault) return reply(*fault);
  std::string task_id(request.params.get("task_id"));
  road_.received(std::move(request.who), std::move(task_id), *epoch, request.received_at,
                 [reply = std::move(reply), lang](link::CommandOutcome const& o) {
                   if (o.status == 200 || o.status == 204) return reply({.status = 204, .content_type = "", .body = ""});
                   if (o.status == 409) return reply(http::problem(409, "stale_epoch", lang));
                   reply(console::refusal(o, lang));
                 });
}

}  // namespace wangge::squad
