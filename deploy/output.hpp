// How subcommands print: aligned columns on a terminal, tab-separated lines when piped, JSON when asked.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace wangge::deploy {

// Not `Table`: that is a file of a city (city/table.hpp), and one name for two types in one program is undefined behaviour.
struct Listing {
  std::vector<std::string> names;   // keys in JSON, and headings of the other two
  std::vector<std::string> titles;  // headings on a terminal, in the reader's language; empty = names
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> numbers = {};  // names whose fields are numbers in JSON; an empty one is null
};

enum class Style { table, tsv, json };
Style style_for_stdout(bool json);
void print(Listing const& table, Style style, std::ostream& out);
// What a check counted (one row), and what it found: JSON is one object of the counts with `findings` as its list; the other
// two print the counts, then, if anything was found, an empty line and the findings.
void print_with_findings(Listing const& counts, Listing const& findings, Style style, std::ostream& out);
// One secret or count that scripts take as it stands: bare, unless JSON asks for the whole row. `bare`: its name in it.
void print_one(Listing const& row, std::string const& bare, Style style, std::ostream& out);

// Columns a text takes on a terminal: a Chinese character takes two.
std::size_t display_width(std::string_view utf8);

}  // namespace wangge::deploy
