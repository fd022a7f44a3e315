// Whether a run's threads keep every processor busy.
//
// There are more threads than processors where stages may wait, for a file or another process. Where they compute
// instead, the thread that a stage is waiting for may be the one without a processor: then the others find nothing to
// do and a processor idles, so that as many threads as processors get more done than one for each stage.
#pragma once

#include <cstddef>

namespace motet::runtime {

class Saturation {
 public:
  explicit Saturation(std::size_t processors) : processors_(static_cast<double>(processors)) {}

  bool full() const { return full_; }

  // Of a portion of work that one of `threads` took: its time, and for how much of that a processor ran it.
  void observe(double us, double processor_us, std::size_t threads) {
    if (us <= 0) return;
    share_ += (processor_us / us - share_) / kWindow;
    const double busy = share_ * static_cast<double>(threads) / processors_;
    if (!full_ && busy > kFull) {
      full_ = true;
      share_ = 1;
    } else if (full_ && share_ < kWaiting) {
      full_ = false;
      share_ = 0;
    }
  }

 private:
  static constexpr double kWindow = 8;     // portions
  static constexpr double kFull = 0.7;     // of all processors' time, with every thread
  static constexpr double kWaiting = 0.6;  // of a thread's time, with as many threads as processors

  double processors_;
  double share_ = 0;  // of a thread's time that a processor ran it, lately
  bool full_ = false;
};

}  // namespace motet::runtime
