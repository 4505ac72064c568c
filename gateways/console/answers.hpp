// What reading doors share: one place that turns a database away or a bad filter into its answer, list envelopes, and
// the words of the city's refusals.
#pragma once

#include <spdlog/spdlog.h>

#include "gateways/console/reads.hpp"
#include "gateways/http/fields.hpp"
#include "gateways/http/http.hpp"
#include "gateways/link/link.hpp"

namespace wangge::console {

// 422 naming the parameter, with what it may be in the caller's language.
http::Response bad_filter(storage::BadFilter const& e, std::string_view lang);

// Runs `read` (which gives a Response) and answers 503 when the database is away, 422 when a filter is bad.
template <class Read>
http::Response reading(std::string_view lang, Read&& read) {
  try {
    return read();
  } catch (storage::BadFilter const& e) {
    return bad_filter(e, lang);
  } catch (storage::Broken const& e) {
    spdlog::warn("a read found no database: {}", e.what());
    return http::problem(503, "no_database", lang);
  }
}

http::Response list_answer(storage::Page const& page);
http::Response not_found(std::string_view lang);
// An account of a unit that names no unit, or of a squad without one, sees nothing: said in words instead of an empty page.
std::optional<http::Response> without_body(core::Principal const& who, std::string_view lang);

// The dispatcher's answer when it is not 200: CONTRACT 5's codes, with the guard's reason in the caller's language.
http::Response refusal(link::CommandOutcome const& outcome, std::string_view lang);

// Adds members to a problem's JSON: refusal + {"version": 3}. `members` is JSON text without braces.
void extend(http::Response& problem, std::string_view members);

}  // namespace wangge::console
