#pragma once

/* The calls of malloc and its relatives that the calling thread has made; -1 where a sanitizer has replaced these. */
long allocations_of_thread(void);
