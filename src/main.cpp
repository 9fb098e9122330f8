#include "oe/cli/main.hpp"

int main(int argc, char** argv) {
  return oe::cli::main(argc, argv);
}
