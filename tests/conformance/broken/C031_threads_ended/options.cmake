# Its code stays, so that the thread has some to run.
target_link_options(${target} PRIVATE -Wl,-z,nodelete)
