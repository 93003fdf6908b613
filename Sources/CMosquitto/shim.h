// libmosquitto as the distribution ships it, and what the Glibc module leaves out for its loop. Not with
// _GNU_SOURCE: it changes fd_set's members, and Swift refuses two definitions of one type.
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// Each of these returns the library's code and the errno that belongs to it: nothing of Swift's
// own may run between the call and the look at errno.

/// Reads one packet (over TLS: what one record holds).
static inline int tocsin_mosquitto_read(struct mosquitto *client, int *error) {
    errno = 0;
    int code = mosquitto_loop_read(client, 1);
    *error = errno;
    return code;
}
/// Writes everything that is queued, until the socket takes no more.
static inline int tocsin_mosquitto_write(struct mosquitto *client, int *error) {
    errno = 0;
    int code = mosquitto_loop_write(client, 1);
    *error = errno;
    return code;
}
static inline int tocsin_mosquitto_connect(
    struct mosquitto *client, const char *host, int port, int keep_alive, int *error) {
    errno = 0;
    int code = mosquitto_connect_async(client, host, port, keep_alive);
    *error = errno;
    return code;
}
/// The pending error of a socket (SO_ERROR), or errno when even that cannot be asked.
static inline int tocsin_socket_error(int descriptor) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}
