// A scheme of evaluation in a file of its own (TOML), to be tried before the city loads it.
#include <toml++/toml.h>

#include "deploy/commands/publication.hpp"
#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace {

core::SchemePart::Kind kind_from(std::string const& word) {
  if (word == "rate") return core::SchemePart::Kind::rate;
  if (word == "inverse") return core::SchemePart::Kind::inverse;
  if (word == "bands") return core::SchemePart::Kind::bands;
  throw UsageError("a part's kind is rate, inverse or bands, not " + word);
}

}  // namespace

core::Scheme scheme_from_file(std::string const& file) {
  try {
    auto const read = toml::parse_file(file);
    core::Scheme scheme;
    scheme.id = read["id"].value_or(std::string(file));
    scheme.zh = read["zh"].value_or(scheme.id);
    scheme.en = read["en"].value_or(scheme.id);
    scheme.by = read["by"].value_or(std::string("unit"));
    scheme.post = read["post"].value_or(std::string());
    auto const each = [&](char const* name, auto const& take) {
      auto const* list = read[name].as_array();
      if (list == nullptr) return;
      for (auto const& node : *list) {
        auto const* table = node.as_table();
        if (table == nullptr) throw UsageError(file + ": " + name + " is written [[" + name + "]]");
        take(*table);
      }
    };
    each("part", [&](toml::table const& t) {
      core::SchemePart part{t["indicator"].value_or(std::string()), t["weight"].value_or(std::int64_t{0}), kind_from(t["kind"].value_or(std::string("rate")))};
      auto const* indicator = core::find_indicator(part.indicator);
      bool const rate = indicator != nullptr && !core::is_count(*indicator);
      if (auto const* bands = t["bands"].as_array()) {
        for (auto const& band : *bands) {
          auto const* pair = band.as_array();
          if (pair == nullptr || pair->size() != 2) throw UsageError(file + ": a band is [from, points]");
          auto const from = (*pair)[0].value_or(0.0);
          part.bands.emplace_back(static_cast<std::int64_t>(rate ? from * 100 + 0.5 : from), (*pair)[1].value_or(std::int64_t{0}));
        }
      }
      scheme.parts.push_back(std::move(part));
    });
    each("deduction", [&](toml::table const& t) {
      auto const hundredths = [&](char const* name) { return static_cast<std::int64_t>(t[name].value_or(0.0) * 100 + 0.5); };
      scheme.deductions.push_back({t["indicator"].value_or(std::string()), hundredths("points"), t["free"].value_or(std::int64_t{0}), hundredths("most")});
    });
    return scheme;
  } catch (toml::parse_error const& e) {
    throw UsageError(file + ", line " + std::to_string(e.source().begin.line) + ": " + std::string(e.description()));
  }
}

}  // namespace wangge::deploy
