// Swift's Mutex is a word that is locked by an atomic exchange, which the compiler puts into its callers, where the thread
// sanitizer sees it. Where another thread has the lock, the callers call the standard library, which is not instrumented
// and leaves the exchange to the kernel: the sanitizer sees no lock then, and reports races that are none. So these take
// the place of the library's functions where they are preloaded, say what happens, and call them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *handle

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

SWIFT void mutex_lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void mutex_unlock(SELF) __asm__(UNLOCK);
SWIFT bool mutex_try(SELF) __asm__(TRY);

SWIFT void mutex_lock(uint32_t thread, SELF) {
    typedef SWIFT void (*function)(uint32_t, SELF);
    ((function)dlsym(RTLD_NEXT, LOCK))(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT void mutex_unlock(SELF) {
    typedef SWIFT void (*function)(SELF);
    if (__tsan_release) __tsan_release(handle);
    ((function)dlsym(RTLD_NEXT, UNLOCK))(handle);
}

SWIFT bool mutex_try(SELF) {
    typedef SWIFT bool (*function)(SELF);
    bool is_locked = ((function)dlsym(RTLD_NEXT, TRY))(handle);
    if (is_locked && __tsan_acquire) __tsan_acquire(handle);
    return is_locked;
}
