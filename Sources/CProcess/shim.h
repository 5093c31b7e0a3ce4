#pragma once
#include <sys/prctl.h>

/* Swift cannot call a variadic function (prctl). */
static inline int process_renounce_privileges(void)
{
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
