// The code on a sheet.
#include <qrencode.h>

#include <memory>

#include "storage/publish/case_sheets.hpp"
#include "storage/publish/html.hpp"

namespace wangge::storage {
namespace {

constexpr int kQuiet = 4;  // modules of white around it (ISO/IEC 18004)

}  // namespace

std::string qr_svg(std::string const& text, std::string const& label) {
  std::unique_ptr<QRcode, decltype(&QRcode_free)> const code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                             &QRcode_free);
  if (!code) return "";
  auto const whole = std::to_string(code->width + 2 * kQuiet);
  std::string out = "<svg class=\"qr\" role=\"img\" aria-label=\"" + html_text(label) + "\" viewBox=\"0 0 " + whole +
                    " " + whole + "\" shape-rendering=\"crispEdges\"><path d=\"";
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      int const from = x;  // a run of dark modules is one stroke
      while (x < code->width && (code->data[y * code->width + x] & 1) != 0) ++x;
      if (x > from)
        out += "M" + std::to_string(from + kQuiet) + " " + std::to_string(y + kQuiet) + "h" + std::to_string(x - from) +
               "v1h-" + std::to_string(x - from) + "z";
    }
  }
  return out + "\"/></svg>";
}

}  // namespace wangge::storage
