// A standard input that answers two reads of the thread `input` and then hangs, for one program. Preloaded (ld.so(8)).

#define _GNU_SOURCE
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int reads;

static int is_input(void) {
  char thread[16];
  return prctl(PR_GET_NAME, thread) == 0 && strcmp(thread, "input") == 0;
}

int poll(struct pollfd *files, nfds_t count, int timeout) {
  if (count == 1 && files->fd == STDIN_FILENO && is_input()) {
    files->revents = POLLIN;
    return 1;
  }
  return syscall(SYS_poll, files, count, timeout);
}

ssize_t read(int file, void *bytes, size_t count) {
  if (file == STDIN_FILENO && is_input() && ++reads > 2)
    for (;;) pause();
  return syscall(SYS_read, file, bytes, count);
}
