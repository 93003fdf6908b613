// What the Glibc module leaves out: epoll, eventfd, timerfd, credentials of a socket's peer.
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <semaphore.h>
#include <time.h>

// glibc 2.30 and later; its header hides it without _GNU_SOURCE, which the Glibc module lacks.
extern int sem_clockwait(sem_t *, clockid_t, const struct timespec *);

/// Waits for a post for at most `milliseconds` of the monotonic clock; 0 when posted.
static inline int tocsin_semaphore_wait(sem_t *semaphore, long milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (milliseconds % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec += 1;
        until.tv_nsec -= 1000000000L;
    }
    return sem_clockwait(semaphore, CLOCK_MONOTONIC, &until);
}
#include <pthread.h>
#include <signal.h>

// Times go through C: the owner of `struct timespec` differs with what else a Swift module imports.

/// Nanoseconds of a clock.
static inline uint64_t tocsin_clock_nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

/// A condition variable whose time-outs count on the monotonic clock.
static inline void tocsin_condition_init(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

/// Waits for at most `milliseconds`; 0 when signalled.
static inline int tocsin_condition_wait(
    pthread_cond_t *condition, pthread_mutex_t *mutex, long milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (milliseconds % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec += 1;
        until.tv_nsec -= 1000000000L;
    }
    return pthread_cond_timedwait(condition, mutex, &until);
}

/// The next of the blocked signals in `set`, or -1 after `milliseconds`.
static inline int tocsin_signal_wait(const sigset_t *set, long milliseconds) {
    struct timespec time = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
    return sigtimedwait(set, NULL, &time);
}
