#ifndef CORE_BUILD_ID_H
#define CORE_BUILD_ID_H

#include <stdbool.h>

/*
 * What names this build of the program: the note that the linker writes from its contents
 * (elf(5), NT_GNU_BUILD_ID). Two programs that differ anywhere have two.
 */
enum { BUILD_ID_MOST = 32 };

/* Zeros behind it where it is shorter. False: the program has none. */
bool build_id(unsigned char ret[BUILD_ID_MOST]);

#endif
