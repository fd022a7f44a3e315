set(exports "")
