// A name server that never answers, for one program. Preloaded (ld.so(8)).

#define _GNU_SOURCE
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  static const char line[] = "getaddrinfo waits\n";
  if (write(2, line, sizeof line - 1) < 0) return EAI_SYSTEM;
  for (;;) pause();
}
