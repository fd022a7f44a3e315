#include "plugin/library.hpp"

#include <dlfcn.h>

#include <cerrno>
#include <exception>
#include <new>

#include "base/error.hpp"
#include "plugin/manifest.hpp"

namespace motet::plugin {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  base::fail(base::ErrorKind::plugin, file.string() + ": " + reason);
}

// dlerror() repeats the file's name and may have several lines.
std::string loader_message(const std::filesystem::path& file) {
  const char* said = dlerror();
  std::string text = said == nullptr ? "unknown reason" : said;
  const std::string prefix = file.string() + ": ";
  if (text.rfind(prefix, 0) == 0) text.erase(0, prefix.size());
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

thread_local const char* t_loading = nullptr;

class Loading {
 public:
  explicit Loading(const char* file) : before_(t_loading) { t_loading = file; }
  ~Loading() { t_loading = before_; }
  Loading(const Loading&) = delete;
  Loading& operator=(const Loading&) = delete;

 private:
  const char* before_;
};

}  // namespace

const char* loading_library() { return t_loading; }

void Library::Close::operator()(void* handle) const { dlclose(handle); }

Library::Library(std::filesystem::path file) : file_(std::filesystem::absolute(file).lexically_normal()) {
  const Loading loading(file_.c_str());
  errno = 0;
  handle_.reset(dlopen(file_.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!handle_) {
    if (errno == ENOMEM) throw std::bad_alloc();
    refuse(file_, "cannot be loaded: " + loader_message(file_));
  }
  entry_ = static_cast<const motet_plugin_entry*>(dlsym(handle_.get(), MOTET_PLUGIN_SYMBOL));
  if (entry_ == nullptr)
    refuse(file_, "[C001] it does not export the symbol " MOTET_PLUGIN_SYMBOL ", so it is no Motet plugin");
  // Before anything else is believed: another version may have laid out the rest otherwise.
  if (const std::string reason = abi_refusal(entry_->abi_major, entry_->abi_minor); !reason.empty()) {
    refuse(file_, "[C002] " + reason);
  }
  if (entry_->struct_size < sizeof(motet_plugin_entry)) refuse(file_, "[C004] the entry's struct_size is too small");
  try {
    info_ = describe(*entry_);
  } catch (const base::Error& error) {
    refuse(file_, error.what());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    refuse(file_, std::string("[C005] an exception escaped from get_factory or extension: ") + error.what());
  } catch (...) {
    refuse(file_, "[C005] an exception escaped from get_factory or extension");
  }
  info_.library = file_;
}

Library::~Library() = default;

std::filesystem::path Library::data_folder() const { return file_.parent_path() / file_.stem(); }

const motet_stage_type* Library::find(std::string_view type_id) const {
  const auto* types = static_cast<const motet_stage_types*>(entry_->get_factory("motet.stage_types/1"));
  for (std::uint32_t i = 0; i < types->count; ++i) {
    if (type_id == types->types[i]->id) return types->types[i];
  }
  return nullptr;
}

const motet_operation* Library::find_operation(std::string_view id) const {
  if (info_.operations.empty()) return nullptr;
  const auto* table = static_cast<const motet_operations*>(entry_->get_factory("motet.operations/1"));
  for (std::uint32_t i = 0; i < table->count; ++i) {
    if (id == table->operations[i]->id) return table->operations[i];
  }
  return nullptr;
}

}  // namespace motet::plugin
