// Writes the little models into a folder, for command_test.py.
#include <cstdio>

#include "faults/little_models.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_models FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  motet::test::write_speech_model(folder / "speech");
  motet::test::write_chat_model(folder / "chat.gguf");
  motet::test::write_recording(folder / "recording.wav");
  return 0;
}
