// Takes IPv6 from one program, like a kernel that was started with ipv6.disable=1. Preloaded (ld.so(8)).

#define _GNU_SOURCE
#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int socket(int family, int type, int protocol) {
  if (family == AF_INET6) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  return syscall(SYS_socket, family, type, protocol);
}
