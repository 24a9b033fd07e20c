// What HTTPService calls of libevent 2.1, declared by hand so that no libc header is needed (this module is also compiled
// for the bare-metal ARM triple). Follows event2/{event,buffer,bufferevent,http,listener}.h of libevent 2.1.12. No stable
// API: for HTTPService only.
#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct event_base event_base;
typedef struct event event;
typedef struct evbuffer evbuffer;
typedef struct evbuffer_cb_entry evbuffer_cb_entry;
typedef struct bufferevent bufferevent;
typedef struct evconnlistener evconnlistener;
typedef struct evhttp evhttp;
typedef struct evhttp_bound_socket evhttp_bound_socket;
typedef struct evhttp_connection evhttp_connection;
typedef struct evhttp_request evhttp_request;

/// glibc's struct timeval.
typedef struct {
  int64_t seconds, microseconds;
} event_interval;

// The loop

event_base *_Nullable event_base_new(void);
int event_base_dispatch(event_base *base);
int event_base_loopbreak(event_base *base);

typedef void (*event_callback)(int descriptor, short what, void *_Nullable context);

static const short event_read = 0x02;    // EV_READ
static const short event_signal = 0x08;  // EV_SIGNAL
static const short event_stays = 0x10;   // EV_PERSIST

event *_Nullable event_new(event_base *base, int descriptor, short what, event_callback body, void *_Nullable context);
int event_add(event *event, const event_interval *_Nullable after);
void event_active(event *event, int result, short calls);

// Buffers

typedef struct {
  size_t before, added, removed;
} evbuffer_change;

evbuffer *_Nullable evbuffer_new(void);
void evbuffer_free(evbuffer *buffer);
size_t evbuffer_get_length(const evbuffer *buffer);
int evbuffer_add(evbuffer *buffer, const void *bytes, size_t count);
long evbuffer_copyout(evbuffer *buffer, void *bytes, size_t count);
int evbuffer_drain(evbuffer *buffer, size_t count);
int evbuffer_freeze(evbuffer *buffer, int at_front);
int evbuffer_unfreeze(evbuffer *buffer, int at_front);

typedef void (*evbuffer_callback)(evbuffer *buffer, const evbuffer_change *change, void *_Nullable context);
evbuffer_cb_entry *_Nullable evbuffer_add_cb(evbuffer *buffer, evbuffer_callback body, void *_Nullable context);
int evbuffer_remove_cb_entry(evbuffer *buffer, evbuffer_cb_entry *entry);

// Connections

/// The socket is closed with the last reference.
static const int bufferevent_closes_socket = 1;  // BEV_OPT_CLOSE_ON_FREE

bufferevent *_Nullable bufferevent_socket_new(event_base *base, int descriptor, int options);
int bufferevent_setfd(bufferevent *stream, int descriptor);
void bufferevent_incref(bufferevent *stream);
int bufferevent_decref(bufferevent *stream);
int bufferevent_getfd(bufferevent *stream);
evbuffer *bufferevent_get_input(bufferevent *stream);
evbuffer *bufferevent_get_output(bufferevent *stream);
void bufferevent_getcb(
    bufferevent *stream, void *_Nullable *_Nullable reading, void *_Nullable *_Nullable writing,
    void *_Nullable *_Nullable event, void *_Nullable *_Nullable context);

/// Whether the server has let go of a connection: it takes its callbacks off first.
static inline _Bool bufferevent_is_abandoned(bufferevent *stream) {
  void *event = NULL;
  bufferevent_getcb(stream, NULL, NULL, &event, NULL);
  return event == NULL;
}

// HTTP

enum {
  evhttp_get = 1 << 0,
  evhttp_post = 1 << 1,
  evhttp_head = 1 << 2,
  evhttp_put = 1 << 3,
  evhttp_delete = 1 << 4,
  evhttp_options = 1 << 5,
  evhttp_trace = 1 << 6,
  evhttp_connect = 1 << 7,
  evhttp_patch = 1 << 8,
  evhttp_all_methods = (1 << 9) - 1,
};

/// Reads what is too large to its end before it is refused, so that the client sees why.
static const int evhttp_server_lingering_close = 1;  // EVHTTP_SERVER_LINGERING_CLOSE

typedef void (*evhttp_callback)(evhttp_request *request, void *_Nullable context);
typedef void (*evhttp_connection_callback)(evhttp_connection *connection, void *_Nullable context);
typedef bufferevent *_Nullable (*evhttp_stream_maker)(event_base *base, void *_Nullable context);

evhttp *_Nullable evhttp_new(event_base *base);
evhttp_bound_socket *_Nullable evhttp_bind_socket_with_handle(evhttp *server, const char *address, uint16_t port);
int evhttp_bound_socket_get_fd(evhttp_bound_socket *bound);
evconnlistener *evhttp_bound_socket_get_listener(evhttp_bound_socket *bound);
void evhttp_del_accept_socket(evhttp *server, evhttp_bound_socket *bound);

/// The listener's context is evhttp's own, so there is none for whoever sets this.
typedef void (*evconnlistener_error_callback)(evconnlistener *listener, void *_Nullable context_of_evhttp);
void evconnlistener_set_error_cb(evconnlistener *listener, evconnlistener_error_callback _Nullable body);
int evconnlistener_enable(evconnlistener *listener);
int evconnlistener_disable(evconnlistener *listener);

void evhttp_set_max_headers_size(evhttp *server, long bytes);
void evhttp_set_max_body_size(evhttp *server, long bytes);
void evhttp_set_default_content_type(evhttp *server, const char *_Nullable type);
void evhttp_set_allowed_methods(evhttp *server, uint16_t methods);
int evhttp_set_flags(evhttp *server, int flags);
void evhttp_set_gencb(evhttp *server, evhttp_callback body, void *_Nullable context);
void evhttp_set_bevcb(evhttp *server, evhttp_stream_maker body, void *_Nullable context);

evhttp_connection *_Nullable evhttp_request_get_connection(evhttp_request *request);
bufferevent *evhttp_connection_get_bufferevent(evhttp_connection *connection);
void evhttp_connection_get_peer(evhttp_connection *connection, char *_Nullable *_Nonnull address, uint16_t *port);
void evhttp_connection_set_closecb(
    evhttp_connection *connection, evhttp_connection_callback _Nullable body, void *_Nullable context);

int evhttp_request_get_command(const evhttp_request *request);
const char *evhttp_request_get_uri(const evhttp_request *request);
evbuffer *evhttp_request_get_input_buffer(evhttp_request *request);
void evhttp_request_set_on_complete_cb(evhttp_request *request, evhttp_callback body, void *_Nullable context);

/// `struct evkeyval` and `struct evkeyvalq`: a list of headers.
typedef struct evhttp_header {
  struct evhttp_header *_Nullable next;
  struct evhttp_header *_Nullable *_Nullable previous;
  char *key;
  char *value;
} evhttp_header;

typedef struct {
  evhttp_header *_Nullable first;
  evhttp_header *_Nullable *_Nullable last;
} evhttp_headers;

evhttp_headers *evhttp_request_get_input_headers(evhttp_request *request);
evhttp_headers *evhttp_request_get_output_headers(evhttp_request *request);
int evhttp_add_header(evhttp_headers *headers, const char *key, const char *value);

void evhttp_send_reply(
    evhttp_request *request, int code, const char *_Nullable reason, evbuffer *_Nullable body);
void evhttp_send_reply_start(evhttp_request *request, int code, const char *_Nullable reason);
void evhttp_send_reply_chunk(evhttp_request *request, evbuffer *body);
void evhttp_send_reply_end(evhttp_request *request);

// The port that a socket has

int system_getsockname(int descriptor, void *address, uint32_t *count) __asm__("getsockname");

/// The port that a bound socket has, 0 where the system does not say.
static inline uint16_t event_port(int descriptor) {
  uint8_t address[128] = {0};
  uint32_t count = sizeof(address);
  if (system_getsockname(descriptor, address, &count) != 0) return 0;
  return (uint16_t)(address[2] << 8 | address[3]);
}

#pragma clang assume_nonnull end
