list(APPEND libs motet_report)
