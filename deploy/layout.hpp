// Where things lie under DATA, and the short places for what must have a short path (sockets).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "deploy/settings/settings.hpp"

namespace wangge::deploy {

struct Layout {
  std::filesystem::path data;      // absolute, without links
  std::filesystem::path settings;  // wangge.toml
  std::filesystem::path run, log, spool, media, backup, keys, tls;
  std::filesystem::path archive;   // of the database's log; below it each cluster has a folder of its own
  std::filesystem::path postgres;  // folder, or link to a state folder the database's user can reach
  std::filesystem::path address;   // the gateway writes where its doors listen
  std::string bus, hints;          // endpoints of the dispatcher on this machine

  std::filesystem::path pid_file(std::string_view name) const { return run / (std::string(name) + ".pid"); }
};

// Where the doors of a running gateway listen: its own word in `address`, else the settings' port; and the certificate
// they show with https, "" when there is none.
struct Doors {
  std::string url;
  std::filesystem::path certificate;
};
Doors doors_of(Layout const& layout, Settings const& settings);

// Paths follow the settings where those say so. Makes nothing but the short folder for sockets, when one is needed.
Layout layout_of(std::filesystem::path const& data, Settings const& settings);
// Makes the folders (0750; keys and run 0700).
void make_folders(Layout const& layout);

// A 0700 folder of ours with a short path, for sockets that do not fit under `wanted`: /run/wangge-… or /tmp/wangge-….
// Sun's struct has room for 107 characters; `name_length` is what is added to the folder.
std::filesystem::path short_folder(std::filesystem::path const& wanted, std::size_t name_length);

std::string sha256_hex(std::string_view text);
std::string sha256_of_file(std::filesystem::path const& file);  // throws EnvironmentError
// Written whole or not at all: temporary name, fsync, rename, fsync of the folder.
void write_file(std::filesystem::path const& file, std::string_view text, unsigned mode = 0640);
std::string read_file(std::filesystem::path const& file);  // "" when it is not there
void sync_folder(std::filesystem::path const& folder);

}  // namespace wangge::deploy
