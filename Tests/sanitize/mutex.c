/* Reports the locks of Swift's Mutex to the thread sanitizer. The slow paths of Mutex are in the Synchronization library,
   which is not built for the sanitizer. So the sanitizer does not see a contended lock, and reports a race even in a correct
   program of ten lines. Preloaded, these functions replace the slow paths and call them (the names are the mangled names of
   _MutexHandle._lockSlow(_:) and _unlockSlow()). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define CONTEXT __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

/* Defined in programs that are built for the sanitizer. Other programs start in the same environment. */
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
