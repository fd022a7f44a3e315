// The whole kit over one plugin: which checks on which types in which setups, each in a process of its own.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "verify/check.hpp"
#include "verify/request.hpp"

namespace motet::verify {

struct Order {
  std::filesystem::path program;                 // this one, which can run as a child
  std::filesystem::path library;                 // NAME.so
  std::vector<std::filesystem::path> pipelines;  // none: those that NAME.verify.json lists
  std::vector<std::string> set;                  // NAME=VALUE, for them
  std::vector<std::filesystem::path> plugins;    // folders where other plugins lie; the library's own comes first
  std::vector<std::string> only;                 // checks by number or slug, types and operations by id; none: all
  int strictness = kNormal;
  int jobs = 1;
  std::uint64_t seed = 0;
  std::string device = "cpu";
  std::chrono::milliseconds limit{20000};  // of one check
};

struct Verified {
  std::filesystem::path library;
  std::string plugin;  // its id and version, empty where the file could not be read
  std::uint64_t seed = 0;
  int strictness = 0;
  double ms = 0;
  std::vector<Outcome> outcomes;  // by type, setup and number; sightings have become failures of their checks
  std::size_t count(Verdict verdict) const;
  bool good() const;  // nothing failed, crashed or timed out
};

// One check of a type in a setup that --list shows and verify() would try.
struct Planned {
  const Check* check = nullptr;
  std::string type;  // or an operation; empty: the file, or a pipeline
  Setup setup;
};

std::vector<Planned> plan(const Order& order);

// `done` is told of each outcome as it comes, by one thread at a time; may be empty. Throws Error(user) where there is
// no such library, or no check or type that --only names; DiagnosticsError where a pipeline cannot be read.
Verified verify(const Order& order, const std::function<void(const Outcome&)>& done = {});

}  // namespace motet::verify
