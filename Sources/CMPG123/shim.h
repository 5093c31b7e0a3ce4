#pragma once
#include <mpg123.h>

/* Swift cannot call mpg123_param where the header renames it by a macro. */
static inline int ringcast_mpg123_param(mpg123_handle *handle, enum mpg123_parms key, long value) {
  return mpg123_param(handle, key, value, 0.0);
}
