// SHA-256 and HMAC of libcrypto. The SHA256_* functions are the ones that allocate nothing; OpenSSL 3
// marks them as deprecated in favour of EVP, which allocates a context for each digest.
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

typedef SHA256_CTX tocsin_sha256;

static inline void tocsin_sha256_init(tocsin_sha256 *context) { SHA256_Init(context); }
static inline void tocsin_sha256_update(tocsin_sha256 *context, const void *bytes, size_t count) {
    SHA256_Update(context, bytes, count);
}
static inline void tocsin_sha256_final(tocsin_sha256 *context, unsigned char out[32]) {
    SHA256_Final(out, context);
}
/// HMAC-SHA256; returns 1 on success.
static inline int tocsin_hmac_sha256(
    const void *key, int key_count, const void *bytes, size_t count, unsigned char out[32]) {
    unsigned int length = 32;
    return HMAC(EVP_sha256(), key, key_count, (const unsigned char *)bytes, count, out, &length) != NULL
        && length == 32;
}
