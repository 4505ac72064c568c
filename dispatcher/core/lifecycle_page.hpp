// The lifecycle as people read it: a Mermaid state diagram and a Markdown table, printed from the constexpr rows.
// ARCHITECTURE.md carries its output; a test keeps the two equal.
#pragma once

#include <string>
#include <string_view>

namespace wangge::core {

// lang: "zh" or anything else for English.
std::string lifecycle_markdown(std::string_view lang);

// The same for officers, with the clocks, in their words: dispatcher/core/LIFECYCLE.md and LIFECYCLE.zh-CN.md.
std::string officers_markdown(std::string_view lang);

}  // namespace wangge::core
