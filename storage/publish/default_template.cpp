// Our own templates, put together from templates/*.xml and the few parts that every Office file has.
#include "storage/publish/bulletin.hpp"
#include "storage/templates.hpp"

namespace wangge::storage {
namespace {

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define TYPES XML_HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">" \
  "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>" \
  "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
#define RELATIONS XML_HEAD "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define KIND "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define TYPE "application/vnd.openxmlformats-officedocument."

constexpr char const* kDocxTypes = TYPES "<Override PartName=\"/word/document.xml\" ContentType=\"" TYPE "wordprocessingml.document.main+xml\"/></Types>";
constexpr char const* kDocxRoot = RELATIONS "<Relationship Id=\"rId1\" Type=\"" KIND "officeDocument\" Target=\"word/document.xml\"/></Relationships>";
constexpr char const* kXlsxTypes = TYPES "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" TYPE "spreadsheetml.sheet.main+xml\"/>"
  "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" TYPE "spreadsheetml.worksheet+xml\"/>"
  "<Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE "spreadsheetml.styles+xml\"/></Types>";
constexpr char const* kXlsxRoot = RELATIONS "<Relationship Id=\"rId1\" Type=\"" KIND "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
constexpr char const* kWorkbook = XML_HEAD "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\""
  "http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
constexpr char const* kWorkbookRelations = RELATIONS "<Relationship Id=\"rId1\" Type=\"" KIND "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
  "<Relationship Id=\"rId2\" Type=\"" KIND "styles\" Target=\"styles.xml\"/></Relationships>";

}  // namespace

std::string default_template(PackageKind kind, std::string const& lang) {
  bool const en = lang == "en";
  if (kind == PackageKind::docx)
    return write_package({{"[Content_Types].xml", kDocxTypes},
                          {"_rels/.rels", kDocxRoot},
                          {"word/document.xml", std::string(en ? templates::bulletin_en : templates::bulletin_zh)}});
  return write_package({{"[Content_Types].xml", kXlsxTypes},
                        {"_rels/.rels", kXlsxRoot},
                        {"xl/workbook.xml", kWorkbook},
                        {"xl/_rels/workbook.xml.rels", kWorkbookRelations},
                        {"xl/styles.xml", std::string(templates::styles)},
                        {"xl/worksheets/sheet1.xml", std::string(en ? templates::sheet_en : templates::sheet_zh)}});
}

}  // namespace wangge::storage
