// zlib as the distribution ships it; inflateInit2 is a macro, which Swift cannot call.
#include <zlib.h>

/// Starts inflating gzip (or zlib) data.
static inline int tocsin_inflate_init(z_stream *stream) {
    return inflateInit2(stream, 15 + 32);
}
/// Starts writing gzip data.
static inline int tocsin_deflate_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
