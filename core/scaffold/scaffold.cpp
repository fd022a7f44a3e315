#include "scaffold/scaffold.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

#include "base/error.hpp"
#include "base/mapped_file.hpp"
#include "base/nearest.hpp"

namespace motet::scaffold {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostLetters = 64;
constexpr std::string_view kName = "my_plugin";
constexpr std::string_view kClass = "MyPlugin";
// CMake's own targets, and the project whose package is looked for.
constexpr auto kReserved =
    std::to_array<std::string_view>({"all", "clean", "depend", "edit_cache", "help", "install", "motet", "package",
                                     "package_source", "preinstall", "rebuild_cache", "test", "my_plugin"});

std::vector<std::string> folders_of(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_directory()) out.push_back(entry.path().filename().string());
  }
  if (error) base::fail(base::ErrorKind::environment, folder.string() + ": " + error.message());
  std::sort(out.begin(), out.end());
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

std::string filled_in(std::string text, std::string_view name) {
  replace_all(text, kName, name);
  replace_all(text, kClass, class_name(name));
  return text;
}

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) base::fail(base::ErrorKind::environment, path.string() + ": cannot be written");
}

// The folder that is being filled; gone with this where it was not given its name.
class Unfinished {
 public:
  Unfinished(const fs::path& where, const std::string& name)
      : final_(where / name), folder_(where / ("." + name + "." + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directory(folder_);
  }
  ~Unfinished() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  // Files of a template's folder; what lies in a folder of a name in `but` is another template's.
  void add(const fs::path& from, const std::string& name, const std::vector<std::string>& but) {
    for (auto at = fs::recursive_directory_iterator(from); at != fs::recursive_directory_iterator(); ++at) {
      const fs::path relative = at->path().lexically_relative(from);
      if (at->is_directory()) {
        if (std::find(but.begin(), but.end(), relative.string()) != but.end()) at.disable_recursion_pending();
        continue;
      }
      const std::string bytes = base::read_file(at->path());
      const bool binary = bytes.find('\0') != std::string::npos;
      const fs::path to = filled_in(relative.string(), name);
      write(folder_ / to, binary ? bytes : filled_in(bytes, name));
      files_.push_back(to);
    }
  }
  std::vector<fs::path> finish() {
    fs::rename(folder_, final_);
    std::sort(files_.begin(), files_.end());
    return std::move(files_);
  }

 private:
  fs::path final_, folder_;
  std::vector<fs::path> files_;
};

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

}  // namespace

std::string fault_of_name(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > kMostLetters) return "has more than " + std::to_string(kMostLetters) + " letters";
  if (name.front() < 'a' || name.front() > 'z') return "must begin with a letter from a to z";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!letter && c != '_') return "may have letters from a to z, digits and underscores only";
    if (c == '_' && (i + 1 == name.size() || name[i + 1] == '_')) return "has an underscore with nothing behind it";
  }
  if (std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end()) return "means something else already";
  return {};
}

std::string class_name(std::string_view name) {
  std::string out;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') out += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = c == '_';
  }
  return out;
}

Templates::Templates(const fs::path& executable)
    : folder_((executable.parent_path() / "../share/motet/templates").lexically_normal()) {
  std::error_code ignored;
  if (!fs::is_directory(folder_ / "kinds", ignored) || !fs::is_directory(folder_ / "every", ignored)) {
    base::fail(base::ErrorKind::environment, folder_.string() + ": the templates of plugins are not there",
               "install Motet whole: cmake --install lays them beside the program");
  }
  languages_ = folders_of(folder_ / "every");
  for (const std::string& kind : folders_of(folder_ / "kinds")) {
    Kind made{kind, {}};
    for (const std::string& language : languages_) {
      if (fs::is_directory(folder_ / "kinds" / kind / language, ignored)) made.languages.push_back(language);
    }
    // What is written first is what an author without a wish gets.
    std::sort(made.languages.begin(), made.languages.end(), std::greater<>());
    kinds_.push_back(std::move(made));
  }
}

void Templates::check(const Order& order) const {
  const auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& one) { return one.name == order.kind; });
  if (kind == kinds_.end()) {
    std::vector<std::string> known;
    for (const Kind& one : kinds_) known.push_back(one.name);
    const std::vector<std::string> near = base::nearest(order.kind, known);
    base::fail(base::ErrorKind::user, "--kind " + order.kind + ": there is no such kind of plugin",
               near.empty() ? "the kinds are " + listed(known) : "did you mean '" + near.front() + "'?");
  }
  if (std::find(kind->languages.begin(), kind->languages.end(), order.language) == kind->languages.end()) {
    base::fail(base::ErrorKind::user,
               "--language " + order.language + ": there is no template of " + order.kind + " in it",
               order.kind + " is there in " + listed(kind->languages));
  }
  if (const std::string fault = fault_of_name(order.name); !fault.empty()) {
    base::fail(base::ErrorKind::user, "'" + order.name + "' cannot be a plugin's name: it " + fault,
               "write it like wave_attention");
  }
}

std::vector<fs::path> Templates::make(const Order& order, const fs::path& where) const {
  check(order);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(where / order.name, ignored)))
    base::fail(base::ErrorKind::user, (where / order.name).string() + " is there already",
               "choose another name, or move it away");
  try {
    Unfinished folder(where, order.name);
    for (const fs::path& of : {folder_ / "every", folder_ / "kinds" / order.kind}) {
      folder.add(of, order.name, languages_);
      folder.add(of / order.language, order.name, {});
    }
    return folder.finish();
  } catch (const fs::filesystem_error& error) {
    base::fail(base::ErrorKind::environment,
               (where / order.name).string() + " cannot be made: " + error.code().message());
  }
}

}  // namespace motet::scaffold
