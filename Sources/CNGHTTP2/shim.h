#pragma once
#include <nghttp2/nghttp2.h>
// For malloc_usable_size, which the Glibc module lacks.
#include <malloc.h>
