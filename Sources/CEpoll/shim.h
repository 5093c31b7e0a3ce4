#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

/* Swift's Glibc hides this GNU extension (accept4(2)). */
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
