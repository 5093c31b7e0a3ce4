// A standard input that answers two reads of the thread `input` and then hangs, for one program. Preloaded (ld.so(8)).

#define _GNU_SOURCE
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t read(int file, void *bytes, size_t count) {
  static __thread int calls;
  char thread[16];
  if (file == STDIN_FILENO && ++calls > 2 && prctl(PR_GET_NAME, thread) == 0 && strcmp(thread, "input") == 0)
    for (;;) pause();
  return syscall(SYS_read, file, bytes, count);
}
