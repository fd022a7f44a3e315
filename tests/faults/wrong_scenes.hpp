// Scenes that do wrong when an allocation fails, each in another way: what trials must find.
#pragma once

#include <string>

#include "faults/scene.hpp"

namespace motet::test {

struct WrongScene {
  std::string name;
  MakeScene make;
  std::string found;  // a part of the finding; empty: there is nothing wrong with it
};

const std::vector<WrongScene>& wrong_scenes();

}  // namespace motet::test
