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
