#pragma once
#include <alsa/asoundlib.h>

/* A variadic callback, which Swift can't make: alsa-lib's own words on standard error say less than its codes. */
static void alsa_say_nothing(const char *file, int line, const char *function, int error, const char *format, ...) {}
static inline void alsa_silence(void) { snd_lib_error_set_handler(alsa_say_nothing); }
