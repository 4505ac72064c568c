// What the generator is told by tests/bench/run: whose tokens, which places and categories, which cases. A file of
// lines of words separated by tabs; the first says what the line is.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace wangge::bench {

struct Plan {
  struct Category {
    std::string standard, kind, code;
  };
  struct Person {
    std::string name, token;
  };
  struct OpenCase {
    std::string case_no, squad;
    std::int64_t version = 0;
  };
  std::vector<Person> reporters;                            // reporter NAME TOKEN
  std::vector<std::pair<std::string, std::string>> places;  // place LON LAT
  std::vector<Category> categories;                         // category STANDARD KIND CODE
  std::map<std::string, std::string> squads;                // squad KEY TOKEN: somebody who acts for it
  std::map<std::string, std::string> people;                // person NAME TOKEN: patrollers, who check
  std::string acceptor, photo, reported_at;                 // acceptor TOKEN; photo MEDIA_ID; reported_at TIME
  std::vector<OpenCase> cases;                              // case CASE_NO SQUAD VERSION: waiting to be signed
};

Plan read_plan(std::string const& file);  // throws std::runtime_error naming the line it does not know

}  // namespace wangge::bench
