// A pipeline of the little plugin's stages: a host stage, and an encoder and a generator with a slot that are one
// island.
#pragma once

namespace little {

inline constexpr const char* kCounting = R"(motet: 1
name: counting
summary: Counts & hears.
inputs: {text: text, prompt: tokens}
stages:
  codes:   {use: little.codes, in: {text: inputs.text}}
  encoder: {use: little.encode, in: {x: codes}}
  words:
    use: little.decode
    in: {tokens: inputs.prompt}
    slots:
      mix: {use: little.mix, in: {memory: encoder.hidden}}
outputs: {tokens: words.tokens, pooled: encoder.pooled}
)";

}  // namespace little
