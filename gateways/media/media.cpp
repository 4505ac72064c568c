// See media.hpp. A medium is there when its card is there: ID.card is written last, and removed first. Beside it lie the
// original (ID) and, for pictures, what is served (ID.jpg or .png), which can be made again from the original.
#include "gateways/media/media.hpp"

#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <sstream>

#include "gateways/media/files.hpp"
#include "gateways/media/exif.hpp"
#include "gateways/media/formats.hpp"
#include "gateways/media/worker.hpp"

namespace wangge::media {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "sha256-";
constexpr std::uint64_t kMostPixels = 100'000'000;  // a decoded picture must fit into the worker's memory
constexpr int kWorkers = 2;                         // decoders at a time; more uploads wait for one
constexpr std::size_t kAskAtOnce = 500;             // ids a question in sweep()
// A repeat renews the day of storing, so that a sweep does not take what somebody just sent again.
constexpr std::chrono::hours kRenewAfter{1};

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available in OpenSSL");
  }
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex.append(1, "0123456789abcdef"[digest[i] >> 4]).append(1, "0123456789abcdef"[digest[i] & 15]);
  return hex;
}

struct Card {
  std::string type;
  std::uint64_t size = 0;
  core::Instant stored_at{}, received_at{};  // the last time it was sent, the first time
  std::vector<std::string> uploaders, copies;
  Evidence evidence;
  std::optional<Place> exif;
};

// One `name value` a line. A name could hold a line break only by malice; it is kept from making a line of its own.
std::string write(Card const& card) {
  std::ostringstream out;
  out << "wangge-media 1\ntype " << card.type << "\nsize " << card.size << "\nstored " << card.stored_at.time_since_epoch().count() << '\n';
  out << "received " << card.received_at.time_since_epoch().count() << '\n';
  for (auto const& uploader : card.uploaders) out << "uploader " << uploader << '\n';
  for (auto const& copy : card.copies) out << "copy " << copy << '\n';
  if (!card.evidence.taken.empty()) out << "taken " << card.evidence.taken << '\n';
  if (card.evidence.captured_at) out << "captured " << card.evidence.captured_at->time_since_epoch().count() << '\n';
  if (!card.evidence.original.empty()) out << "original " << card.evidence.original << '\n';
  if (card.evidence.place) out << "place " << place_text(*card.evidence.place) << '\n';
  if (card.exif) out << "exif " << place_text(*card.exif) << '\n';
  out << "end\n";
  return out.str();
}

std::optional<Card> read_card(std::string const& path) {
  std::string const text = read_file(path);
  if (!text.starts_with("wangge-media 1\n") || !text.ends_with("\nend\n")) return std::nullopt;
  Card card;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    auto const space = line.find(' ');
    if (space == std::string::npos) continue;
    std::string const value = line.substr(space + 1);
    auto const number = [&](auto into) {
      std::from_chars(value.data(), value.data() + value.size(), into);
      return into;
    };
    if (line.starts_with("type ")) card.type = value;
    if (line.starts_with("size ")) card.size = number(std::uint64_t{0});
    if (line.starts_with("stored ")) card.stored_at = core::Instant(core::Millis(number(std::int64_t{0})));
    if (line.starts_with("received ")) card.received_at = core::Instant(core::Millis(number(std::int64_t{0})));
    if (line.starts_with("uploader ")) card.uploaders.push_back(value);
    if (line.starts_with("copy ")) card.copies.push_back(value);
    if (line.starts_with("taken ")) card.evidence.taken = value;
    if (line.starts_with("captured ")) card.evidence.captured_at = core::Instant(core::Millis(number(std::int64_t{0})));
    if (line.starts_with("original ")) card.evidence.original = value;
    if (line.starts_with("place ")) card.evidence.place = place_from(value);
    if (line.starts_with("exif ")) card.exif = place_from(value);
  }
  if (card.received_at == core::Instant{}) card.received_at = card.stored_at;  // a card of before
  return card;
}

std::string uploader_of(core::Principal const& who) {
  std::string name = who.district + "/" + who.name;
  std::replace_if(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return name;
}

std::string_view rendition_options(Format const& format) {
  return format.shown == "image/png" ? "[strip]" : "[strip,Q=85,background=255]";
}

}  // namespace

struct Folder::Impl {
  explicit Impl(Options o) : options(std::move(o)), vips(find_vips()) {
    fs::create_directories(options.dir);
    options.dir = fs::canonical(options.dir).string();
    fs::permissions(options.dir, fs::perms::owner_all);
    make_folder(options.dir + "/tmp");
  }

  std::string shelf(std::string_view id) const { return options.dir + "/" + std::string(id.substr(kPrefix.size(), 2)); }
  std::string original(std::string_view id) const { return shelf(id) + "/" + std::string(id); }
  std::string card(std::string_view id) const { return original(id) + ".card"; }
  std::string rendition(std::string_view id, Format const& format) const { return original(id) + std::string(format.extension); }

  std::string temporary() {
    static std::atomic<std::uint64_t> count{0};
    return options.dir + "/tmp/" + std::to_string(::getpid()) + "-" + std::to_string(std::random_device{}()) + "-" + std::to_string(++count);
  }

  void save_card(std::string_view id, Card const& card_of_it) {
    std::string const draft = temporary();
    write_durably(draft, write(card_of_it));
    rename_file(draft, card(id));
    sync_folder(shelf(id));
  }

  // The finished picture at `to`, synced. Throws Bad.
  void render(Format const& format, std::string const& from, std::string const& to) {
    {
      std::unique_lock lock(mutex);
      free_worker.wait(lock, [&] { return working < kWorkers; });
      ++working;
    }
    bool good = false;
    try {
      good = make_rendition(vips, from, to + std::string(rendition_options(format)), {});
    } catch (...) {
      done();
      throw;
    }
    done();
    if (good) {
      if (!free_of_metadata(read_file(to))) throw std::runtime_error(vips + " left metadata in a picture: it must not be shown");
      return sync_file(to);
    }
    require_room(options.dir, options.free_bytes_floor);  // a disk that filled up is no fault of the picture
    throw Bad("not_decodable", "the picture cannot be decoded");
  }

  void done() {
    std::lock_guard const lock(mutex);
    --working;
    free_worker.notify_one();
  }

  // The repeat of a medium that is there: adds the uploader. False when there is none.
  bool repeat(std::string const& id, std::string const& uploader, core::Instant now, Evidence const& evidence, Stored& stored) {
    if (!exists(card(id))) return false;
    FileLock const lock(shelf(id) + "/lock");
    auto found = read_card(card(id));
    std::error_code missing;
    if (!found || fs::file_size(original(id), missing) != found->size || missing) return false;
    bool const known = std::find(found->uploaders.begin(), found->uploaders.end(), uploader) != found->uploaders.end();
    if (!known) found->uploaders.push_back(uploader);
    bool const told = !evidence.taken.empty() && found->evidence.taken.empty();
    if (told) found->evidence = evidence;
    if (!known || told || now - found->stored_at > kRenewAfter) {
      found->stored_at = std::max(now, found->stored_at);
      save_card(id, *found);
    }
    stored = {id, found->size, found->type, true};
    return true;
  }

  // The original of a marked copy: there, and handed in by the same person.
  void require_original(std::string const& original, std::string const& uploader) const {
    auto const found = Folder::is_id(original) ? read_card(card(original)) : std::nullopt;
    if (!found || std::find(found->uploaders.begin(), found->uploaders.end(), uploader) == found->uploaders.end()) {
      throw Bad("original_unknown", "the original is not there");
    }
  }

  // Written behind the copy's own card: between the two a crash leaves a copy whose original is swept when nobody names it, and a
  // repeat of the upload writes it again.
  void link_copy(std::string const& original, std::string const& copy) {
    if (original.empty()) return;
    FileLock const lock(shelf(original) + "/lock");
    auto found = read_card(card(original));
    if (!found || std::find(found->copies.begin(), found->copies.end(), copy) != found->copies.end()) return;
    found->copies.push_back(copy);
    save_card(original, *found);
  }

  // What a crash left half done: drafts, and files whose card was not written yet. Nobody knows of them.
  void sweep_leftovers() {
    std::vector<fs::path> leftovers;
    for (auto const& file : fs::recursive_directory_iterator(options.dir)) {
      std::string const name = file.path().filename().string();
      bool const draft = file.path().parent_path().filename() == "tmp";
      auto const id = name.substr(0, kPrefix.size() + 64);
      if (!file.is_regular_file() || !(draft || (is_id(id) && !exists(card(id))))) continue;
      std::error_code gone;
      auto const age = fs::file_time_type::clock::now() - fs::last_write_time(file, gone);
      if (!gone && age > std::chrono::hours(24)) leftovers.push_back(file.path());
    }
    std::error_code ignored;
    for (auto const& file : leftovers) fs::remove(file, ignored);
  }

  Options options;
  std::string vips;
  std::mutex mutex;
  std::condition_variable free_worker;
  int working = 0;
};

Folder::Folder(Options options) : options_(options), impl_(std::make_shared<Impl>(std::move(options))) {}

std::optional<std::uint64_t> Folder::limit_of(std::string_view content_type) const {
  auto const format = format_of(content_type);
  if (format == nullptr) return std::nullopt;
  return format->picture() ? options_.image_limit : options_.av_limit;
}

bool Folder::is_id(std::string_view text) {
  return text.size() == kPrefix.size() + 64 && text.starts_with(kPrefix) &&
         std::all_of(text.begin() + kPrefix.size(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Stored Folder::put(std::string_view content_type, std::string_view bytes, core::Principal const& who, core::Instant now, Evidence const& evidence) {
  auto const format = format_of(content_type);
  if (format == nullptr) throw Unknown("media of this type are not taken");
  if (bytes.empty()) throw Bad("empty", "the file is empty");
  if (bytes.size() > *limit_of(content_type)) throw Bad("too_large", "the file is too large");  // the door has said 413 before
  if (!looks_like(*format, bytes)) throw Bad("wrong_content", "the file is not " + std::string(format->type));
  if (format->picture()) {
    auto const size = dimensions(*format, bytes);
    if (!size || size->width == 0 || size->height == 0) throw Bad("no_dimensions", "the picture has no size");
    if (std::uint64_t{size->width} * size->height > kMostPixels) throw Bad("too_many_pixels", "the picture has too many pixels");
  }
  std::string const id = std::string(kPrefix) + sha256_hex(bytes), uploader = uploader_of(who);
  Stored stored;
  if (!evidence.original.empty()) impl_->require_original(evidence.original, uploader);
  if (impl_->repeat(id, uploader, now, evidence, stored)) {
    impl_->link_copy(evidence.original, id);
    return stored;
  }

  require_room(impl_->options.dir, options_.free_bytes_floor + 2 * bytes.size());
  std::string const draft = impl_->temporary(), picture = draft + std::string(format->extension);
  struct Cleaner {
    std::string const &one, &two;
    ~Cleaner() {
      ::unlink(one.c_str());
      ::unlink(two.c_str());
    }
  } const cleaner{draft, picture};
  write_durably(draft, bytes);
  if (format->picture()) impl_->render(*format, draft, picture);
  make_folder(impl_->shelf(id));
  {
    FileLock const lock(impl_->shelf(id) + "/lock");
    if (!exists(impl_->card(id)) || !read_card(impl_->card(id)) || !exists(impl_->original(id))) {
      rename_file(draft, impl_->original(id));
      if (format->picture()) rename_file(picture, impl_->rendition(id, *format));
      sync_folder(impl_->shelf(id));
      impl_->save_card(id, {std::string(format->type), bytes.size(), now, now, {uploader}, {}, evidence, exif_place(bytes)});
      stored = {id, bytes.size(), std::string(format->type), false};
    }
  }
  if (!stored.media_id.empty()) {
    impl_->link_copy(evidence.original, id);
    return stored;
  }
  // Somebody else was faster with the same bytes.
  if (!impl_->repeat(id, uploader, now, evidence, stored)) throw std::runtime_error("medium " + id + " vanished while it was stored");
  return stored;
}

std::optional<Folder::Found> Folder::find(std::string const& id) const {
  if (!is_id(id)) return std::nullopt;
  auto const card = read_card(impl_->card(id));
  auto const format = card ? format_of(card->type) : nullptr;
  if (format == nullptr) return std::nullopt;
  Found found{std::string(format->shown), format->picture() ? impl_->rendition(id, *format) : impl_->original(id), card->uploaders,
              card->copies, card->evidence, card->type, card->size, card->received_at, card->exif};
  if (exists(found.served_path)) return found;
  if (!format->picture() || !exists(impl_->original(id))) return std::nullopt;
  // Renditions need no backup: they are made again.
  std::string const picture = impl_->temporary() + std::string(format->extension);
  impl_->render(*format, impl_->original(id), picture);
  rename_file(picture, found.served_path);
  return found;
}

std::int64_t Folder::sweep(core::Instant before, std::function<std::vector<std::string>(std::vector<std::string> const&)> named) {
  std::vector<std::string> old;
  std::map<std::string, std::vector<std::string>> copies;  // of the old ones
  for (auto const& shelf : fs::directory_iterator(impl_->options.dir)) {
    if (!shelf.is_directory() || shelf.path().filename() == "tmp") continue;
    for (auto const& file : fs::directory_iterator(shelf.path())) {
      std::string const id = file.path().stem().string();
      if (file.path().extension() != ".card" || !is_id(id)) continue;
      auto const card = read_card(file.path().string());
      if (!card || card->stored_at >= before) continue;
      old.push_back(id);
      if (!card->copies.empty()) copies[id] = card->copies;
    }
  }
  std::int64_t removed = 0;
  for (std::size_t at = 0; at < old.size(); at += kAskAtOnce) {
    std::vector<std::string> const ask(old.begin() + static_cast<std::ptrdiff_t>(at),
                                       old.begin() + static_cast<std::ptrdiff_t>(std::min(at + kAskAtOnce, old.size())));
    auto with_copies = ask;
    for (auto const& id : ask) {
      if (auto const found = copies.find(id); found != copies.end()) with_copies.insert(with_copies.end(), found->second.begin(), found->second.end());
    }
    auto keep = named(with_copies);
    std::sort(keep.begin(), keep.end());
    auto const kept = [&](std::string const& id) { return std::binary_search(keep.begin(), keep.end(), id); };
    for (auto const& id : ask) {
      auto const found = copies.find(id);
      if (kept(id) || (found != copies.end() && std::any_of(found->second.begin(), found->second.end(), kept))) continue;
      FileLock const lock(impl_->shelf(id) + "/lock");
      auto const card = read_card(impl_->card(id));
      if (!card || card->stored_at >= before) continue;  // sent again meanwhile
      fs::remove(impl_->card(id));
      sync_folder(impl_->shelf(id));
      if (auto const format = format_of(card->type); format != nullptr && format->picture()) fs::remove(impl_->rendition(id, *format));
      fs::remove(impl_->original(id));
      ++removed;
    }
  }
  impl_->sweep_leftovers();
  return removed;
}

}  // namespace wangge::media
