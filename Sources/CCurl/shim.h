// libcurl as the distribution ships it. curl_easy_setopt and curl_easy_getinfo take variable
// arguments, which Swift cannot call: one typed function for each kind of argument.
#include <curl/curl.h>

static inline CURLcode tocsin_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tocsin_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode tocsin_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*tocsin_curl_write)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode tocsin_curl_set_write(CURL *handle, tocsin_curl_write function) {
    return curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, function);
}
static inline CURLcode tocsin_curl_set_header_write(CURL *handle, tocsin_curl_write function) {
    return curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, function);
}
static inline CURLcode tocsin_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode tocsin_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
/// The text belongs to the handle and lives until the next transfer; NULL when there is none.
static inline const char *tocsin_curl_get_text(CURL *handle, CURLINFO info) {
    char *text = NULL;
    return curl_easy_getinfo(handle, info, &text) == CURLE_OK ? text : NULL;
}
static inline CURLcode tocsin_curl_global_start(void) { return curl_global_init(CURL_GLOBAL_ALL); }
/// The result of the one transfer that has ended; -1 while none has.
static inline int tocsin_curl_finished(CURLM *multi) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE) return (int)message->data.result;
    return -1;
}
