// The audit log as its reader asks for it. Never writes.
#pragma once

#include <memory>
#include <optional>

#include "storage/read_model.hpp"

namespace wangge::storage {

struct AuditFilter {
  std::string actor, deed, words;  // "" = any; words: a part of what was done it to, or how
  std::optional<core::Instant> from, to;
  std::string cursor;
  int limit = 50;
};

class AuditPages {
 public:
  explicit AuditPages(std::string const& database_url);
  virtual ~AuditPages();
  struct Line {
    core::Instant at{};
    std::string actor, role, deed, subject, detail;
  };
  struct Lines {
    std::vector<Line> items;  // newest first
    std::string next_cursor;
  };
  virtual Lines page(std::string const& district, AuditFilter const& filter);  // throws Broken, BadFilter

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
