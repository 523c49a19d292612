#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

/* What cmocka wants before it, in its order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
