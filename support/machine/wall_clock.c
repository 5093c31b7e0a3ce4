// Sets the wall clock of one program. Preloaded (ld.so(8)), it adds the nanoseconds in the file WALL_CLOCK to every
// reading of the clock.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// The first caller opens the file. That may be another library's constructor.
static int64_t offset(void) {
  static const volatile int64_t *memory;
  if (!memory) {
    int file = open(getenv("WALL_CLOCK"), O_RDONLY | O_CLOEXEC);
    const volatile int64_t *mapped = mmap(NULL, sizeof *mapped, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) abort();
    close(file);
    memory = mapped;
  }
  return *memory;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t sum = now->tv_sec * INT64_C(1000000000) + now->tv_nsec + offset();
    now->tv_sec = sum / 1000000000;
    now->tv_nsec = sum % 1000000000;
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  now->tv_sec = time.tv_sec;
  now->tv_usec = time.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *now) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  if (now) *now = time.tv_sec;
  return time.tv_sec;
}
