#include "verify/other_inputs.hpp"

#include <algorithm>
#include <optional>

#include "graph/connect.hpp"

namespace motet::verify {
namespace {

using host::TensorSpec;

// The inputs as the pipeline connects them, and ways to change them.
class Variations {
 public:
  explicit Variations(const Subject& subject)
      : subject_(subject), ports_(subject.type().inputs), given_(subject.inputs_of_negotiation()) {
    for (const plugin::PortInfo& port : ports_) types_.push_back(graph::parse_port_type(port.type));
  }

  std::vector<OtherInputs> all() {
    for (std::size_t port = 0; port < ports_.size(); ++port) {
      if (given_[port].dtype == tensor::DType::none || ports_[port].has(MOTET_PORT_FROM_CALLER)) continue;
      for (std::size_t d = 0; d < given_[port].shape.size(); ++d) other_size(port, d);
      other_ranks(port);
      for (const graph::PortType& type : types_[port]) other_alternative(port, type);
    }
    return std::move(out_);
  }

 private:
  // The alternative that the input fits; nullptr where it fits by another rule (tokens).
  const graph::PortType* fitting(std::size_t port) const {
    const TensorSpec& spec = given_[port];
    for (const graph::PortType& type : types_[port]) {
      const bool leading = !type.dims.empty() && type.dims.front().ellipsis;
      if (type.kind == graph::Kind::tensor && type.dtype == spec.dtype &&
          (leading ? spec.shape.size() + 1 >= type.dims.size() : spec.shape.size() == type.dims.size()))
        return &type;
    }
    return nullptr;
  }

  // What a dimension of the input is called there: a letter, "...0" for the first of those that "..." stands for.
  std::string called(std::size_t port, std::size_t d) const {
    const graph::PortType* type = fitting(port);
    if (type == nullptr || type->dims.empty()) return {};
    const std::size_t leading = type->dims.front().ellipsis ? given_[port].shape.size() - (type->dims.size() - 1) : 0;
    if (d < leading) return "..." + std::to_string(d);
    return type->dims[d - leading + (type->dims.front().ellipsis ? 1 : 0)].letter;
  }

  void other_size(std::size_t port, std::size_t d) {
    const tensor::Dim dim = given_[port].shape[d];
    const std::string letter = called(port, d);
    if (!dim.known() || letter.empty()) return;  // C047 gives symbols numbers
    OtherInputs other{std::to_string(dim.size + 1) + " instead of " + std::to_string(dim.size) + " as dimension " +
                          std::to_string(d) + " of the input '" + ports_[port].name + "'",
                      given_,
                      {}};
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t i = 0; i < other.specs[p].shape.size(); ++i) {
        if (called(p, i) != letter) continue;
        if (p < port) return;  // it was changed with that port
        other.specs[p].shape[i] = tensor::Dim::number(dim.size + 1);
        other.at.insert(ports_[p].name);
      }
    }
    keep(std::move(other));
  }

  void other_ranks(std::size_t port) {
    const graph::PortType* type = fitting(port);
    if (type == nullptr || type->dims.empty() || !type->dims.front().ellipsis) return;
    const tensor::SymbolicShape& shape = given_[port].shape;
    OtherInputs more{"", given_, {}}, less{"", given_, {}};
    for (std::size_t p = 0; p < ports_.size(); ++p) {  // "..." may be the same for all that have it
      const graph::PortType* other = fitting(p);
      if (other != nullptr && !other->dims.empty() && other->dims.front().ellipsis) more.at.insert(ports_[p].name);
    }
    less.at = more.at;
    const std::string end = " dimensions of the input '" + ports_[port].name + "'";
    more.what = std::to_string(shape.size() + 1) + " instead of " + std::to_string(shape.size()) + end;
    more.specs[port].shape.insert(more.specs[port].shape.begin() + (shape.empty() ? 0 : 1), tensor::Dim::number(3));
    keep(std::move(more));
    if (shape.size() < 2) return;  // the batch at least
    less.what = std::to_string(shape.size() - 1) + " instead of " + std::to_string(shape.size()) + end;
    less.specs[port].shape.erase(less.specs[port].shape.begin() + 1);
    keep(std::move(less));
  }

  // The port's other types, with sizes of their own for letters that no input has.
  void other_alternative(std::size_t port, const graph::PortType& type) {
    const bool tokens = type.kind == graph::Kind::tokens;
    if (&type == fitting(port) || type.list || (!tokens && type.kind != graph::Kind::tensor)) return;
    if (tokens ? subject_.stage().input_types[port].from_tokens : type.dtype == tensor::DType::none) return;
    OtherInputs other{graph::text(type) + " at the input '" + ports_[port].name + "'", given_, {ports_[port].name}};
    TensorSpec& spec = other.specs[port];
    const tensor::Dim batch = given_[port].shape.empty() ? tensor::Dim::number(1) : given_[port].shape.front();
    spec = tokens ? TensorSpec{tensor::DType::i32, {batch, tensor::Dim::number(5)}} : TensorSpec{type.dtype, {}};
    for (const graph::DimPattern& dim : type.dims) {
      if (dim.ellipsis) continue;
      const bool first = spec.shape.empty();
      spec.shape.push_back(dim.size >= 0 ? tensor::Dim::number(dim.size) : first ? batch : size_of(dim.letter, port));
    }
    keep(std::move(other));
  }

  tensor::Dim size_of(const std::string& letter, std::size_t without) const {
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      for (std::size_t d = 0; p != without && d < given_[p].shape.size(); ++d) {
        if (called(p, d) == letter) return given_[p].shape[d];
      }
    }
    return tensor::Dim::number(5);
  }

  // What the graph would refuse before `negotiate` is asked is not for the plugin to judge.
  void keep(OtherInputs other) {
    graph::Letters letters;
    graph::Symbols symbols = subject_.graph().symbols;
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      if (other.specs[p].dtype == tensor::DType::none) continue;
      graph::EdgeType edge = subject_.stage().input_types[p];
      edge.dtype = other.specs[p].dtype;
      edge.dims = other.specs[p].shape;
      edge.from_tokens = edge.dtype == tensor::DType::i32;
      if (graph::match(edge, types_[p], "", letters, symbols)) return;
    }
    out_.push_back(std::move(other));
  }

  const Subject& subject_;
  const std::vector<plugin::PortInfo>& ports_;
  std::vector<TensorSpec> given_;
  std::vector<std::vector<graph::PortType>> types_;
  std::vector<OtherInputs> out_;
};

}  // namespace

std::vector<OtherInputs> other_inputs(const Subject& subject) { return Variations(subject).all(); }

}  // namespace motet::verify
