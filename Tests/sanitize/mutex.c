/* Tells the thread sanitizer of Swift's Mutex. Its slow paths are in the Synchronization library, which is not built for the
   sanitizer, so that a lock that was waited for looks like none: a program of ten lines with a Mutex that is contended is
   reported. Preloaded, these stand before them (mangled names of _MutexHandle._lockSlow(_:) and _unlockSlow()). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define CONTEXT __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

/* In programs that are built for the sanitizer; others are started under the same environment. */
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

typedef SWIFT void lock_slow(uint32_t thread, CONTEXT void *mutex);
typedef SWIFT void unlock_slow(CONTEXT void *mutex);

SWIFT void tsan_lock_slow(uint32_t thread, CONTEXT void *mutex) __asm__(LOCK);
SWIFT void tsan_unlock_slow(CONTEXT void *mutex) __asm__(UNLOCK);

SWIFT void tsan_lock_slow(uint32_t thread, CONTEXT void *mutex)
{
  static lock_slow *real;
  if (!real) real = (lock_slow *)dlsym(RTLD_NEXT, LOCK);
  real(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void tsan_unlock_slow(CONTEXT void *mutex)
{
  static unlock_slow *real;
  if (!real) real = (unlock_slow *)dlsym(RTLD_NEXT, UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  real(mutex);
}
