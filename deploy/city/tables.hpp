// The way back: a part of a city as the tables that its readers read (readers.hpp). What is written here and read again is the same
// part. Also the tables as file texts, with the line on which each row begins, so that a fault finds its row.
#pragma once

#include "deploy/load.hpp"

namespace wangge::deploy {

using storage::standing::PartTable;

// Parts that pages edit; the others (grids, components, managed places, schemes, tariffs) come as files.
std::vector<std::string> editable_parts();
std::vector<PartTable> tables_of(std::string_view part, storage::standing::StandingSet const& set);

struct FileText {
  std::string text;
  std::vector<std::int64_t> lines;  // of each row
};
// Under the name that the reader asks for; the switches become district.toml.
std::pair<std::string, FileText> file_of(PartTable const& table);

}  // namespace wangge::deploy
