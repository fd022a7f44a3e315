list(APPEND sources ${folder}/layout_c11.c)
