// The media folder: what is taken, what is kept, what is shown, and that nothing of a photo's metadata gets out.
#include "gateways/media/media.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <thread>

#include "gateways/media/exif.hpp"
#include "gateways/media/formats.hpp"
#include "gateways/media/worker.hpp"

namespace wangge::media {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using core::Instant;
using core::Millis;

std::string slurp(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A JPEG's beginning with a GPS directory: 35°24'36"N 116°30'0"E, big or little endian.
std::string with_gps(bool little, char south = 'N', std::uint32_t bottom = 1) {
  std::string tiff;
  auto const put = [&](std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) tiff += static_cast<char>(value >> 8 * (little ? i : size - 1 - i) & 255);
  };
  tiff += little ? "II" : "MM";
  put(42, 2), put(8, 4);
  put(1, 2), put(0x8825, 2), put(4, 2), put(1, 4), put(26, 4), put(0, 4);  // IFD 0 at 8: the pointer
  put(4, 2);                                                             // GPS IFD at 26: four entries, 54 bytes
  put(1, 2), put(2, 2), put(2, 4), tiff += south, tiff += '\0', tiff += '\0', tiff += '\0';
  put(2, 2), put(5, 2), put(3, 4), put(80, 4);
  put(3, 2), put(2, 2), put(2, 4), tiff += "E", tiff += '\0', tiff += '\0', tiff += '\0';
  put(4, 2), put(5, 2), put(3, 4), put(104, 4);
  put(0, 4);
  for (std::uint32_t const n : {35u, 24u, 36u, 116u, 30u, 0u}) put(n, 4), put(n == 0 ? 0 : bottom, 4);
  std::string out = "\xff\xd8\xff\xe0\x00\x04zz"s;
  auto const size = tiff.size() + 8;
  out += "\xff\xe1"s + static_cast<char>(size >> 8) + static_cast<char>(size & 255) + "Exif\0\0"s + tiff;
  return out + "\xff\xda"s;
}

TEST(Exif, APictureSaysWhereItWasTaken) {
  for (bool const little : {true, false}) {
    auto const place = exif_place(with_gps(little));
    ASSERT_TRUE(place) << little;
    EXPECT_NEAR(place->lat, 35.41, 1e-9);
    EXPECT_NEAR(place->lon, 116.5, 1e-9);
  }
  EXPECT_NEAR(exif_place(with_gps(true, 'S'))->lat, -35.41, 1e-9);
  EXPECT_FALSE(exif_place(with_gps(true, 'X')));
  EXPECT_FALSE(exif_place(with_gps(true, 'N', 0))) << "a fraction over nothing";
  EXPECT_FALSE(exif_place("\xff\xd8\xff\xda"s)) << "no metadata";
  EXPECT_FALSE(exif_place(""));
  auto const whole = with_gps(true);
  for (std::size_t n = 0; n + 2 < whole.size(); ++n) EXPECT_FALSE(exif_place(whole.substr(0, n))) << "cut off at " << n;
}

TEST(Exif, APlaceIsWrittenAndReadAgain) {
  for (auto const* text : {"116.6,35.4", "-0.5,-90", "0,0"}) {
    auto const place = place_from(text);
    ASSERT_TRUE(place) << text;
    EXPECT_EQ(place_text(*place), text);
  }
  for (auto const* bad : {"", ",", "1", "1,", ",1", "181,0", "0,91", "nan,0", "inf,0", "1,2,3", "1,2 ", "a,b"}) EXPECT_FALSE(place_from(bad)) << bad;
}

class Media : public testing::Test {
 protected:
  Media() {
    static std::atomic<int> count{0};
    dir_ = (fs::temp_directory_path() / ("wangge-media-" + std::to_string(::getpid()) + "-" + std::to_string(++count))).string();
    fs::create_directories(dir_);
    who_.name = "patroller-1";
    who_.district = "370871";
  }
  ~Media() override {
    std::error_code ignored;
    fs::remove_all(dir_, ignored);
  }
  Options options() const { return {.dir = dir_ + "/media", .free_bytes_floor = 0}; }

  // A picture made by vips: a grey ramp, so that it compresses as a photo does.
  std::string picture(std::string const& name, int width = 320, int height = 200) {
    std::string const path = dir_ + "/" + name;
    std::string const command = find_vips() + " grey --uchar '" + path + "' " + std::to_string(width) + " " + std::to_string(height);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return slurp(path.substr(0, path.find('[')));
  }
  Dimensions shown(Folder const& folder, std::string const& id) {
    auto const found = folder.find(id);
    return found ? dimensions(*format_of(found->type), slurp(found->served_path)).value_or(Dimensions{}) : Dimensions{};
  }
  std::size_t files() const {
    std::size_t count = 0;
    for (auto const& file : fs::recursive_directory_iterator(dir_ + "/media")) {
      count += file.is_regular_file() && file.path().filename() != "lock" ? 1 : 0;
    }
    return count;
  }

  std::string dir_;
  core::Principal who_;
  Instant const now_{Millis(1'764'000'000'000)};
};

std::string big(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
  return out;
}

// An EXIF block by hand (big-endian TIFF): orientation 6, a maker, and a GPS directory with a place and a secret name.
std::string exif() {
  auto entry = [](std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::string value) {
    value.resize(4, '\0');
    return big(tag, 2) + big(type, 2) + big(count, 4) + value;
  };
  std::string const maker = "SECRETCAM\0"s, place = "SECRETSQUARE\0"s;
  std::string const rationals = big(35, 4) + big(1, 4) + big(24, 4) + big(1, 4) + big(3599, 4) + big(100, 4);
  std::uint32_t const ifd0 = 8, after0 = ifd0 + 2 + 3 * 12 + 4, maker_at = after0, gps = maker_at + 10;
  std::uint32_t const gps_end = gps + 2 + 3 * 12 + 4, rationals_at = gps_end, place_at = rationals_at + 24;
  std::string tiff = "MM\0\x2a"s + big(ifd0, 4);
  tiff += big(3, 2) + entry(0x010f, 2, 10, big(maker_at, 4)) + entry(0x0112, 3, 1, big(6, 2)) + entry(0x8825, 4, 1, big(gps, 4)) + big(0, 4);
  tiff += maker;
  tiff += big(3, 2) + entry(1, 2, 2, "N") + entry(2, 5, 3, big(rationals_at, 4)) + entry(0x1c, 7, 13, big(place_at, 4)) + big(0, 4);
  return "Exif\0\0"s + tiff + rationals + place;
}
std::string segment(char marker, std::string const& body) { return "\xff"s + marker + big(static_cast<std::uint32_t>(body.size()) + 2, 2) + body; }

TEST_F(Media, KeepsTheOriginalAndShowsARenditionWithoutMetadataTurnedUpright) {
  std::string photo = picture("a.jpg");
  std::string const xmp = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRETXMP</x:xmpmeta>"s;
  photo.insert(2, segment('\xe1', exif()) + segment('\xe1', xmp) + segment('\xfe', "SECRETCOMMENT"));
  Folder folder(options());
  auto const stored = folder.put("image/jpeg", photo, who_, now_);
  EXPECT_TRUE(Folder::is_id(stored.media_id));
  EXPECT_EQ(stored.size, photo.size());
  EXPECT_EQ(stored.type, "image/jpeg");
  EXPECT_FALSE(stored.existed);

  auto const found = folder.find(stored.media_id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->uploaders, std::vector<std::string>{"370871/patroller-1"});
  std::string const shown_bytes = slurp(found->served_path);
  ASSERT_GT(shown_bytes.size(), 100U);
  for (char const* secret : {"SECRET", "Exif", "xmpmeta", "GPS"}) {
    EXPECT_EQ(shown_bytes.find(secret), std::string::npos) << secret << " got out";
  }
  auto const size = shown(folder, stored.media_id);
  EXPECT_EQ(size.width, 200U) << "orientation 6 means: turn it";
  EXPECT_EQ(size.height, 320U);
  bool original = false;
  for (auto const& file : fs::recursive_directory_iterator(dir_ + "/media")) original |= file.is_regular_file() && slurp(file.path()) == photo;
  EXPECT_TRUE(original) << "the original is evidence and stays as it came";
}

TEST_F(Media, PngAndWebpAreShownWithoutTheirTexts) {
  Folder folder(options());
  std::string png = picture("a.png");
  for (std::string const& chunk : {"tEXtComment\0SECRETTEXT"s, "eXIf" + exif().substr(6), "iTXtXML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta>SECRET</x:xmpmeta>"s}) {
    std::uint32_t crc = 0xffffffff;
    for (unsigned char c : chunk) {
      crc ^= c;
      for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (0xedb88320U & (0U - (crc & 1U)));
    }
    png.insert(33, big(static_cast<std::uint32_t>(chunk.size()) - 4, 4) + chunk + big(~crc, 4));
  }
  auto const stored = folder.put("IMAGE/PNG; charset=binary", png, who_, now_);
  EXPECT_EQ(stored.type, "image/png");
  EXPECT_EQ(slurp(folder.find(stored.media_id)->served_path).find("SECRET"), std::string::npos);
  EXPECT_EQ(shown(folder, stored.media_id).width, 200U) << "the eXIf block says: turn it";

  std::string webp = picture("a.webp");
  std::string const body = exif();
  std::string const chunk = "EXIF"s + static_cast<char>(body.size()) + "\0\0\0"s + body + (body.size() % 2 == 1 ? "\0"s : ""s);
  // vips writes the extended format with an EXIF block of its own; ours takes its place.
  webp.resize(webp.find("EXIF"));
  std::string whole = webp + chunk;
  for (std::size_t i = 0; i < 4; ++i) whole[4 + i] = static_cast<char>((whole.size() - 8) >> (8 * i) & 0xff);
  auto const second = folder.put("image/webp", whole, who_, now_);
  EXPECT_EQ(second.type, "image/webp");
  EXPECT_EQ(folder.find(second.media_id)->type, "image/jpeg");
  EXPECT_EQ(slurp(folder.find(second.media_id)->served_path).find("SECRET"), std::string::npos);
  EXPECT_EQ(shown(folder, second.media_id).width, 200U);
}

TEST_F(Media, ARenditionWithMetadataWouldBeNoticed) {
  std::string const jpeg = picture("a.jpg[strip]"), png = picture("a.png[strip]");
  EXPECT_TRUE(free_of_metadata(jpeg));
  EXPECT_TRUE(free_of_metadata(png));
  std::string with = jpeg;
  with.insert(2, segment('\xe1', exif()));
  EXPECT_FALSE(free_of_metadata(with));
  with = jpeg;
  with.insert(2, segment('\xfe', "comment"));
  EXPECT_FALSE(free_of_metadata(with));
  with = png;
  with.insert(33, big(4, 4) + "eXIfMM\0\x2a" + big(0, 4));
  EXPECT_FALSE(free_of_metadata(with));
  EXPECT_FALSE(free_of_metadata(jpeg.substr(0, 100)));
  EXPECT_FALSE(free_of_metadata("RIFF"));
}

TEST_F(Media, ARepeatCostsNothingAndAddsTheUploader) {
  Folder folder(options());
  std::string const photo = picture("a.jpg");
  auto const first = folder.put("image/jpeg", photo, who_, now_);
  auto const rendition = folder.find(first.media_id)->served_path;
  auto const written = fs::last_write_time(rendition);
  auto other = who_;
  other.name = "disposer-2\nuploader 370871/mallory";
  auto const second = folder.put("image/jpg", photo, other, now_);
  EXPECT_TRUE(second.existed);
  EXPECT_EQ(second.media_id, first.media_id);
  EXPECT_EQ(second.size, photo.size());
  EXPECT_TRUE(folder.put("image/jpeg", photo, who_, now_).existed);
  EXPECT_EQ(folder.find(first.media_id)->uploaders,
            (std::vector<std::string>{"370871/patroller-1", "370871/disposer-2?uploader 370871/mallory"}));
  EXPECT_EQ(fs::last_write_time(rendition), written) << "not decoded again";
  EXPECT_EQ(files(), 3U) << "original, rendition, card; no drafts left";
}

TEST_F(Media, StaysOverARestartAndMakesALostRenditionAgain) {
  std::string id;
  {
    Folder folder(options());
    id = folder.put("image/jpeg", picture("a.jpg"), who_, now_).media_id;
    fs::remove(folder.find(id)->served_path);
  }
  Folder folder(options());
  EXPECT_EQ(shown(folder, id).width, 320U);
  EXPECT_FALSE(folder.find("sha256-" + std::string(64, 'a')));
  EXPECT_FALSE(folder.find("../../etc/passwd"));
}

TEST_F(Media, AMediumWithoutACardIsNotThereAndCanBeSentAgain) {
  Folder folder(options());
  std::string const photo = picture("a.jpg");
  auto const id = folder.put("image/jpeg", photo, who_, now_).media_id;
  auto const card = folder.find(id)->served_path.substr(0, folder.find(id)->served_path.size() - 4) + ".card";
  std::ofstream(card, std::ios::trunc) << "wangge-media 1\ntype image/jp";  // torn
  EXPECT_FALSE(folder.find(id));
  EXPECT_FALSE(folder.put("image/jpeg", photo, who_, now_).existed);
  EXPECT_TRUE(folder.find(id));
}

TEST_F(Media, RefusesWhatIsNotWhatItClaims) {
  Folder folder(options());
  std::string const jpeg = picture("a.jpg"), png = picture("a.png"), webp = picture("a.webp");
  EXPECT_THROW(folder.put("image/jpeg", "", who_, now_), Bad);
  EXPECT_THROW(folder.put("image/jpeg", png, who_, now_), Bad);
  EXPECT_THROW(folder.put("image/png", jpeg, who_, now_), Bad);
  EXPECT_THROW(folder.put("image/jpeg", "\xff\xd8\xff<?php system($_GET[0]); ?>", who_, now_), Bad);
  EXPECT_THROW(folder.put("image/jpeg", "<html>not a photo</html>", who_, now_), Bad);
  EXPECT_THROW(folder.put("image/jpeg", jpeg.substr(0, jpeg.size() / 2), who_, now_), Bad) << "cut off";
  EXPECT_THROW(folder.put("image/png", png.substr(0, png.size() / 2), who_, now_), Bad);
  EXPECT_THROW(folder.put("image/webp", webp.substr(0, webp.size() / 2), who_, now_), Bad);
  EXPECT_THROW(folder.put("image/heic", jpeg, who_, now_), Unknown);
  EXPECT_THROW(folder.put("image/svg+xml", "<svg/>", who_, now_), Unknown);
  EXPECT_THROW(folder.put("application/pdf", "%PDF-1.4", who_, now_), Unknown);
  EXPECT_EQ(files(), 0U) << "nothing is left of them";
}

TEST_F(Media, ABombOfPixelsIsRefusedByItsHeader) {
  Folder folder(options());
  std::string png = picture("a.png");
  png.replace(16, 8, big(65'535, 4) + big(65'535, 4));
  EXPECT_THROW(folder.put("image/png", png, who_, now_), Bad);
  png.replace(16, 8, big(0, 4) + big(10, 4));
  EXPECT_THROW(folder.put("image/png", png, who_, now_), Bad);
}

TEST_F(Media, AWorkerOverItsLimitsDiesAloneAndAMissingOneIsSaid) {
  picture("a.png", 3000, 2000);
  EXPECT_TRUE(make_rendition(find_vips(), dir_ + "/a.png", dir_ + "/out.png[strip]", {}));
  EXPECT_FALSE(make_rendition(find_vips(), dir_ + "/a.png", dir_ + "/out2.png[strip]", {.output_bytes = 100}));
  EXPECT_FALSE(make_rendition(find_vips(), dir_ + "/a.png", dir_ + "/out2.png[strip]", {.wall = std::chrono::seconds(0)})) << "killed";
  EXPECT_THROW(make_rendition("/nonexistent/vips", dir_ + "/a.png", dir_ + "/out3.png", {}), std::runtime_error);
}

TEST_F(Media, TakesSoundAndFilmByTheirFirstBytes) {
  Folder folder(options());
  auto const taken = [&](char const* type, std::string bytes) {
    try {
      bytes.resize(200, 'x');
      auto const stored = folder.put(type, bytes, who_, now_);
      auto const found = folder.find(stored.media_id);
      return found && slurp(found->served_path) == bytes && found->type == stored.type;
    } catch (Bad const&) {
      return false;
    }
  };
  EXPECT_TRUE(taken("audio/mpeg", "ID3\x04"));
  EXPECT_TRUE(taken("audio/mpeg", "\xff\xfb\x90\x64"));
  EXPECT_TRUE(taken("audio/aac", "\xff\xf1\x50\x80"));
  EXPECT_TRUE(taken("audio/ogg; codecs=opus", "OggS"));
  EXPECT_TRUE(taken("audio/wav", "RIFF\x10\x10\x10\x10WAVEfmt "));
  EXPECT_TRUE(taken("audio/x-m4a", "\0\0\0\x1c""ftypM4A "s));
  EXPECT_TRUE(taken("video/mp4", "\0\0\0\x1c""ftypisom"s));
  EXPECT_TRUE(taken("video/quicktime", "\0\0\0\x14""ftypqt  "s));
  EXPECT_TRUE(taken("video/webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"));
  EXPECT_FALSE(taken("video/webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"));
  EXPECT_FALSE(taken("video/mp4", "\0\0\0\x1c""ftypheic"s));
  EXPECT_FALSE(taken("audio/mpeg", "\xff\xf1\x50\x80"));
  EXPECT_FALSE(taken("audio/aac", "\xff\xfb\x90\x64"));
  EXPECT_FALSE(taken("audio/wav", "RIFF\x10\x10\x10\x10WEBPVP8 "));
  EXPECT_FALSE(taken("video/mp4", "MZ\x90 a program"));
}

TEST_F(Media, KnowsItsLimitsAndItsIds) {
  Folder folder(options());
  EXPECT_EQ(folder.limit_of("image/jpeg"), 20ull << 20);
  EXPECT_EQ(folder.limit_of("Video/MP4"), 100ull << 20);
  EXPECT_FALSE(folder.limit_of("image/gif"));
  EXPECT_FALSE(folder.limit_of(""));
  EXPECT_TRUE(Folder::is_id("sha256-" + std::string(64, '0')));
  EXPECT_FALSE(Folder::is_id("sha256-" + std::string(63, '0')));
  EXPECT_FALSE(Folder::is_id("sha256-" + std::string(64, 'G')));
  EXPECT_FALSE(Folder::is_id("sha256-" + std::string(64, 'A')));
  EXPECT_FALSE(Folder::is_id("sha1-" + std::string(64, '0')));
}

TEST_F(Media, ANearlyFullDiskIsSaidAndNothingStays) {
  auto full = options();
  full.free_bytes_floor = std::numeric_limits<std::uint64_t>::max() / 2;
  Folder folder(full);
  EXPECT_THROW(folder.put("image/jpeg", picture("a.jpg"), who_, now_), Full);
  EXPECT_EQ(files(), 0U);
}

TEST_F(Media, ManyAtOnceWithTheSamePhotoStoreItOnce) {
  Folder one(options()), two(options());  // as two processes would
  std::string const photo = picture("a.jpg");
  std::vector<std::thread> threads;
  std::atomic<int> fresh{0};
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      auto who = who_;
      who.name = "p" + std::to_string(t);
      fresh += (t % 2 == 0 ? one : two).put("image/jpeg", photo, who, now_).existed ? 0 : 1;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(fresh, 1);
  auto const stored = one.put("image/jpeg", photo, who_, now_);
  auto const uploaders = one.find(stored.media_id)->uploaders;
  EXPECT_EQ(std::set<std::string>(uploaders.begin(), uploaders.end()).size(), 7U);
  EXPECT_EQ(files(), 3U);
}

TEST_F(Media, SweepsWhatNobodyNamesAndIsOld) {
  Folder folder(options());
  auto const day = std::chrono::hours(24);
  std::string const lost_photo = picture("lost.jpg", 10, 10), again_photo = picture("again.jpg", 12, 12);
  auto const named = folder.put("image/jpeg", picture("named.jpg", 11, 11), who_, now_).media_id;
  auto const lost = folder.put("image/jpeg", lost_photo, who_, now_).media_id;
  auto const sound = folder.put("audio/mpeg", "ID3\x04 sound", who_, now_).media_id;
  auto const again = folder.put("image/jpeg", again_photo, who_, now_).media_id;
  auto const young = folder.put("image/jpeg", picture("young.jpg", 13, 13), who_, now_ + 8 * day).media_id;
  folder.put("image/jpeg", again_photo, who_, now_ + 8 * day);
  std::size_t asked = 0;
  auto const removed = folder.sweep(now_ + 7 * day, [&](std::vector<std::string> const& ids) {
    asked += ids.size();
    return std::vector<std::string>{named};
  });
  EXPECT_EQ(removed, 2);
  EXPECT_EQ(asked, 3U) << "only old ones are asked about";
  EXPECT_FALSE(folder.find(lost));
  EXPECT_FALSE(folder.find(sound));
  EXPECT_TRUE(folder.find(named));
  EXPECT_TRUE(folder.find(young));
  EXPECT_TRUE(folder.find(again)) << "somebody sent it again";
  EXPECT_EQ(files(), 9U);
  EXPECT_FALSE(folder.put("image/jpeg", lost_photo, who_, now_).existed);
}

TEST_F(Media, IsReadableOnlyByItsOwner) {
  Folder folder(options());
  auto const id = folder.put("audio/mpeg", "ID3\x04 sound", who_, now_).media_id;
  struct stat info {};
  ASSERT_EQ(::stat(folder.find(id)->served_path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(options().dir.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
}

}  // namespace
}  // namespace wangge::media
