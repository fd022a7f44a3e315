list(APPEND sources ${folder}/layout_c11.c)
list(APPEND needs motet_plugins motet_test_broken)
