// What a stage may ask of the graph while it is created and negotiated: weights by canonical name, symbols, offers.
#pragma once

#include <map>
#include <set>
#include <string>

#include "base/diagnostic.hpp"
#include "graph/graph.hpp"
#include "host/hooks.hpp"

namespace motet::graph {

// What an owner said for its slots' fillers: key -> text, by slot.
using Offers = std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;

class StageHooks final : public host::NegotiationHooks {
 public:
  // `owner`: of a filler, whose weights and sources it shares unless it names weights of its own; else nullptr.
  StageHooks(Graph& graph, Stage& stage, base::Place weights_place, StageHooks* owner, base::Diagnostics& diagnostics);

  const char* weights_path() override;
  const char* weights_format() override;
  bool weights_has(std::string_view name) override;
  void weight_source(const host::WeightSource& source) override;
  host::TensorSpec declare_weight(const host::WeightRequest& request) override;
  std::uint32_t fresh_symbol() override;
  void offer(std::string_view slot, std::string_view key, std::string_view text) override;
  const char* offered(std::string_view key) override;

 private:
  const weights::File* file() const;
  bool shares_owner() const { return owner_ != nullptr && stage_.weights < 0; }
  // Full canonical names that the request stands for: one for each place where the slot is called.
  std::set<std::string> full_names(const std::string& canonical) const;
  bool find(const std::string& full_name, const host::WeightRequest& request, host::TensorSpec& bound);
  std::string needed_as(const std::string& full_name) const;
  void report_missing(const std::string& full_name, const std::string& name);
  void report_type(const Weight& weight, const std::string& full_name, const host::WeightRequest& request);
  // Notes the input whose last dimension has this size, and says what it comes from; "" where there is none.
  std::string note_input_of(Dim size, base::Diagnostic& d) const;
  void report_shape(const Weight& weight, const host::WeightRequest& request);

  Graph& graph_;
  Stage& stage_;
  base::Place place_;
  StageHooks* owner_;
  base::Diagnostics& diagnostics_;
  std::map<std::string, host::WeightSource> sources_;
  Offers offers_;
};

}  // namespace motet::graph
