// The stage that fills a slot, for stages that call its tokenizer or sampler themselves.
#pragma once

#include <motet/abi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "motet/call.hpp"

namespace motet {

class Filler {
 public:
  Filler(const Context& context, const motet_filler& filler) : context_(context), filler_(filler) {}

  bool is_tokenizer() const { return tokenizer_table() != nullptr; }
  // Throw UnsupportedError where the filler is no tokenizer.
  Tokens encode(std::string_view text, bool add_special) const {
    motet_value* made = nullptr;
    check(tokenizer().encode(context_.call, filler_.stage, text.data(), text.size(),
                             add_special ? std::uint32_t{MOTET_ADD_SPECIAL} : 0u, &made));
    return Tokens(context_, Value::adopt(context_, made));
  }
  Text decode(std::span<const std::int32_t> ids, bool skip_special) const {
    motet_value* made = nullptr;
    check(tokenizer().decode(context_.call, filler_.stage, ids.data(), ids.size(),
                             skip_special ? std::uint32_t{MOTET_SKIP_SPECIAL} : 0u, &made));
    return Text(context_, Value::adopt(context_, made));
  }
  std::optional<std::int32_t> token_id(std::string_view token) const {
    const std::int32_t id = tokenizer().token_id(filler_.stage, token.data(), token.size());
    return id < 0 ? std::nullopt : std::optional<std::int32_t>(id);
  }

 private:
  const motet_tokenizer* tokenizer_table() const {
    return static_cast<const motet_tokenizer*>(filler_.type->extension("motet.tokenizer/1"));
  }
  const motet_tokenizer& tokenizer() const {
    const motet_tokenizer* table = tokenizer_table();
    if (table == nullptr) throw UnsupportedError("the slot is filled with a stage that is no tokenizer", "slots");
    return *table;
  }
  // The filler has told the host why, through the same call.
  static void check(motet_status status) {
    if (status != MOTET_OK) throw AlreadyReported{status};
  }
  Context context_;
  motet_filler filler_;
};

inline std::optional<Filler> Call::slot(const char* name) const {
  motet_filler filler{sizeof filler, nullptr, nullptr};
  const motet_status status = host->slot(call, name, &filler);
  if (status == MOTET_UNSUPPORTED) return std::nullopt;
  check(status, "slots");
  return Filler(*this, filler);
}

}  // namespace motet
