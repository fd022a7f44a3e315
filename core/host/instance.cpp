#include "host/instance.hpp"

#include <algorithm>
#include <cassert>

#include "base/log.hpp"
#include "host/guarded.hpp"
#include "plugin/obligation.hpp"

namespace motet::host {
namespace {

// The table that a slot's owner sees of the filler: what only the host may do is noted and refused.
void refuse(const char* function) {
  if (const Instance* owner = current_instance()) {
    owner->checks().add(kOrderOfCalls, std::string("it called ") + function +
                                           " of the stage that fills its slot, which is the host's to do");
  }
}
motet_status refuse_create(motet_call*, const motet_host*, const motet_params*, motet_stage**) {
  refuse("create");
  return MOTET_WRONG_ORDER;
}
void refuse_destroy(motet_stage*) { refuse("destroy"); }
motet_status refuse_negotiate(motet_call*, motet_stage*, motet_negotiation*) {
  refuse("negotiate");
  return MOTET_WRONG_ORDER;
}

std::uint32_t bit(value::Kind kind) { return 1u << static_cast<std::uint32_t>(kind); }

// The kinds of values that a port's type allows; all where it cannot be read (the graph says so to the user).
std::uint32_t kinds_of(std::string_view type) {
  constexpr std::uint32_t kAll = ~0u;
  std::uint32_t kinds = 0;
  while (!type.empty()) {
    const std::size_t end = std::min(type.find('|'), type.size());
    const std::string_view one = type.substr(0, end);
    type.remove_prefix(std::min(end + 1, type.size()));
    if (one.ends_with("[]")) {
      kinds |= bit(value::Kind::list);
    } else if (one.find('[') != std::string_view::npos) {
      kinds |= bit(value::Kind::tensor);
    } else if (one == "text") {
      kinds |= bit(value::Kind::text);
    } else if (one == "image") {
      kinds |= bit(value::Kind::image);
    } else if (one == "audio") {
      kinds |= bit(value::Kind::audio);
    } else if (one == "table") {
      kinds |= bit(value::Kind::table);
    } else if (one == "tokens") {
      kinds |= bit(value::Kind::tokens);
    } else {
      return kAll;
    }
  }
  return kinds;
}

template <class Table>
const Table* extension(const motet_stage_type& type, const char* id) {
  const auto* table = static_cast<const Table*>(type.extension(id));
  return table != nullptr && table->struct_size >= sizeof(Table) ? table : nullptr;
}

}  // namespace

Instance::Instance(const plugin::LoadedType& type, InstanceSettings settings)
    : type_(type), settings_(std::move(settings)), checks_(settings_.checking) {
  host_stage_ = extension<motet_host_stage>(*type.type, "motet.host_stage/1");
  tensor_stage_ = extension<motet_tensor_stage>(*type.type, "motet.tensor_stage/1");
  generator_ = extension<motet_generator>(*type.type, "motet.generator/1");
  tokenizer_ = extension<motet_tokenizer>(*type.type, "motet.tokenizer/1");
  sampler_ = extension<motet_sampler>(*type.type, "motet.sampler/1");
  filler_type_ = *type.type;
  filler_type_.struct_size = sizeof filler_type_;
  filler_type_.create = refuse_create;
  filler_type_.destroy = refuse_destroy;
  filler_type_.negotiate = refuse_negotiate;
  for (const plugin::PortInfo& port : type.info->outputs) output_kinds_.push_back(kinds_of(port.type));
}

Instance::~Instance() {
  if (stage_ == nullptr) return;
  const InPlugin inside(*this, "destroy", nullptr);
  try {
    type_.type->destroy(stage_);
  } catch (...) {  // of another plugin's making; ours are noexcept
    base::log(base::LogLevel::error,
              settings_.stage + ": [" + plugin::obligation_name(kNoException) + "] an exception escaped from destroy");
  }
}

void Instance::broken(int obligation, std::string message) const {
  throw StageError::broken(settings_.stage, type_.info->id, obligation, std::move(message));
}

void Instance::judge(const Call& call, const char* function, motet_status status) const {
  if (checks_.on()) {
    CheckLog::Violation violation = checks_.take();
    if (violation.obligation != 0) broken(violation.obligation, violation.message);
  }
  if (call.lacks_memory() || (status == MOTET_OUT_OF_MEMORY && call.failed())) {
    Failure failure = call.failure();
    // What a plugin says of an answer that it could not get is beside the point, and there may have been no memory for
    // its message.
    if (status != MOTET_OUT_OF_MEMORY || failure.message.empty()) failure = {MOTET_OUT_OF_MEMORY, {}, "out of memory"};
    throw StageError(settings_.stage, type_.info->id, call.phase(), std::move(failure));
  }
  if (status == MOTET_OK) return;
  if (!call.failed() || call.failure().message.empty()) {
    broken(kFailureSaysWhy, std::string(function) + " returned " + std::string(status_name(status)) + " (" +
                                std::to_string(status) + ") and did not say why");
  }
  Failure failure = call.failure();
  failure.status = status;
  throw StageError(settings_.stage, type_.info->id, call.phase(), std::move(failure));
}

void Instance::require_negotiated(const char* function) const {
  if (!negotiated_) broken(kOrderOfCalls, std::string(function) + " came before negotiate");
}

namespace {

// motet_params and what its pointers point to.
class AbiParams {
 public:
  explicit AbiParams(std::span<const ParamValue> params) : values_(params.size()), lists_(params.size()) {
    for (std::size_t i = 0; i < params.size(); ++i) fill(params[i], i);
    table_ = {sizeof table_, values_.size(), values_.data()};
  }
  const motet_params* get() const { return &table_; }

 private:
  void fill(const ParamValue& from, std::size_t i) {
    motet_param_value& to = values_[i];
    to = {};
    to.struct_size = sizeof to;
    to.name = from.name.c_str();
    to.kind = std::holds_alternative<std::monostate>(from.value) ? 0 : from.kind;
    if (const auto* boolean = std::get_if<bool>(&from.value)) {
      to.integer = *boolean ? 1 : 0;
    } else if (const auto* integer = std::get_if<std::int64_t>(&from.value)) {
      to.integer = *integer;
      to.number = static_cast<double>(*integer);
    } else if (const auto* number = std::get_if<double>(&from.value)) {
      to.number = *number;
    } else if (const auto* text = std::get_if<std::string>(&from.value)) {
      to.string = text->c_str();
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&from.value)) {
      for (const std::string& item : *list) lists_[i].push_back(item.c_str());
      to.count = list->size();
      to.strings = lists_[i].data();
    }
  }
  std::vector<motet_param_value> values_;
  std::vector<std::vector<const char*>> lists_;
  motet_params table_{};
};

}  // namespace

void Instance::make(std::span<const ParamValue> params, const CallOptions& options) {
  assert(params.size() == type_.info->params.size());
  const AbiParams abi(params);
  const motet_host& table = settings_.table != nullptr ? *settings_.table : host_table();
  guarded(Phase::create, options, "create", [&](Call& call) {
    motet_stage* made = nullptr;
    const motet_status status = type_.type->create(&call, &table, abi.get(), &made);
    if (status == MOTET_OK) stage_ = made;  // what a failed create left there is no stage
    return status;
  });
  if (stage_ == nullptr) broken(kCreateSetsStage, "create returned MOTET_OK and no stage");
}

std::unique_ptr<Instance> Instance::create(const plugin::LoadedType& type, InstanceSettings settings,
                                           std::span<const ParamValue> params, const CallOptions& options) {
  std::unique_ptr<Instance> made(new Instance(type, std::move(settings)));
  made->make(params, options);
  return made;
}

void Instance::fill(std::string slot, const Instance& filler) { fillers_[std::move(slot)] = &filler; }

const Instance* Instance::filler(std::string_view slot) const {
  const auto found = fillers_.find(slot);
  return found == fillers_.end() ? nullptr : found->second;
}

motet_filler Instance::as_filler() const { return {sizeof(motet_filler), &filler_type_, stage_}; }

namespace {

// Empty where the spec is what a tensor can have.
std::string malformed(const motet_tensor_spec& spec) {
  const auto dtype = static_cast<tensor::DType>(spec.dtype);
  if (tensor::info(dtype).dtype != dtype)
    return "has the element type " + std::to_string(spec.dtype) + ", which does not exist";
  if (spec.rank > MOTET_MAX_RANK) return "has " + std::to_string(spec.rank) + " dimensions";
  for (std::uint32_t i = 0; i < spec.rank; ++i) {
    if (spec.dims[i].size < -1) return "has a dimension of size " + std::to_string(spec.dims[i].size);
  }
  return {};
}

// Fresh symbols differ from one negotiation to the next; numbers, ranks and types may not.
bool same_answer(const TensorSpec& a, const TensorSpec& b) {
  if (a.dtype != b.dtype || a.shape.size() != b.shape.size()) return false;
  for (std::size_t i = 0; i < a.shape.size(); ++i) {
    if (a.shape[i].known() != b.shape[i].known() || (a.shape[i].known() && a.shape[i].size != b.shape[i].size))
      return false;
  }
  return true;
}

}  // namespace

void Instance::negotiate(std::span<const TensorSpec> inputs, std::span<TensorSpec> outputs,
                         const CallOptions& options) {
  if (type_.type->negotiate != nullptr) {
    std::vector<motet_tensor_spec> in;
    std::vector<motet_tensor_spec> out;
    for (const TensorSpec& spec : inputs) in.push_back(to_abi(spec));
    for (const TensorSpec& spec : outputs) out.push_back(to_abi(spec));
    motet_negotiation table{sizeof table, static_cast<std::uint32_t>(in.size()), static_cast<std::uint32_t>(out.size()),
                            in.data(), out.data()};
    guarded(Phase::negotiate, options, "negotiate",
            [&](Call& call) { return type_.type->negotiate(&call, stage_, &table); });
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (const std::string what = malformed(out[i]); !what.empty()) {
        broken(kSpecWellFormed, "negotiate's output '" +
                                    (i < info().outputs.size() ? info().outputs[i].name : std::to_string(i)) + "' " +
                                    what);
      }
      outputs[i] = from_abi(out[i]);
    }
    const bool again =
        negotiated_ && std::equal(inputs.begin(), inputs.end(), last_inputs_.begin(), last_inputs_.end());
    if (checks_.on() && again &&
        !std::equal(outputs.begin(), outputs.end(), last_outputs_.begin(), last_outputs_.end(), same_answer)) {
      broken(kNegotiatePure, "negotiate answered the same inputs with other outputs than the last time");
    }
    last_inputs_.assign(inputs.begin(), inputs.end());
    last_outputs_.assign(outputs.begin(), outputs.end());
  }
  negotiated_ = true;
}

}  // namespace motet::host
