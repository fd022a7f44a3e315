find_package(ICU REQUIRED COMPONENTS uc)
list(APPEND libs ICU::uc)
