find_package(ICU REQUIRED COMPONENTS uc i18n)
list(APPEND libs ICU::uc ICU::i18n simdjson::simdjson)
