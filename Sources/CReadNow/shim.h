#pragma once
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* Reads bytes of a file if the call does not have to wait for a disk (preadv2(2) with RWF_NOWAIT, which is 8 in linux/fs.h). Returns
   the number of bytes, or -1 with errno: EAGAIN if the call would wait. The structure is that of writev(2): <sys/uio.h> has no module
   of its own in Swift, and must not become a part of this one. The offset is one word (64-bit systems). */
static inline ssize_t ringcast_read_now(int file, void *bytes, size_t count, off_t offset) {
  struct { void *start; size_t length; } vector = {bytes, count};
  return syscall(SYS_preadv2, file, &vector, 1UL, (unsigned long)offset, 0UL, 8L);
}
