// test.recorder: the most likely token, as without a sampler, and every step's logits in a file.
#include <motet/sdk.hpp>

#include <algorithm>
#include <fstream>
#include <string>

namespace motet::test {
namespace {

class Recorder {
 public:
  static constexpr auto type = stage_type("test.recorder", "sampler")
                                   .summary("Takes the most likely token and appends each step's logits to a file.")
                                   .param<std::string>("file", "f32 [steps, vocabulary], little-endian; appended to")
                                   .required()
                                   .serial()
                                   .impure();

  explicit Recorder(const Params& p) : file_(p.string("file")) {}

  bool greedy() const { return false; }  // else the device would choose and keep the logits to itself

  std::int32_t sample(const Call&, const Sampling& sampling) const {
    std::ofstream out(file_, std::ios::binary | std::ios::app);
    out.write(reinterpret_cast<const char*>(sampling.logits.data()),
              static_cast<std::streamsize>(sampling.logits.size_bytes()));
    if (!out.flush()) throw IoError("cannot write " + file_);
    return static_cast<std::int32_t>(std::max_element(sampling.logits.begin(), sampling.logits.end()) -
                                     sampling.logits.begin());
  }

 private:
  std::string file_;
};

}  // namespace
}  // namespace motet::test

MOTET_PLUGIN("test-recorder", "1.0.0", motet::test::Recorder)
