#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* One input; aborts on a finding, returns 0 else. Called by libFuzzer, and by
 * replay.c for each file of a corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
