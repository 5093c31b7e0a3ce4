#pragma once
#include <microhttpd.h>

struct mhd_callbacks {
  void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
  MHD_AccessHandlerCallback request;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection;
  size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
  MHD_LogCallback log;
  void *context;
};

/* A TLS daemon wants to know where its certificates are; each connection is given its own as it begins. */
static inline int mhd_no_certificate(void) { return -1; }

/* Swift cannot call a variadic function (MHD_start_daemon), nor pass an enum of flags as one value. `priorities` is
   GnuTLS's string of what TLS may be spoken; NULL is no TLS. */
static inline struct MHD_Daemon *mhd_start(
  const char *priorities, unsigned int threads, size_t memory_per_connection, struct mhd_callbacks callbacks)
{
  struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
  struct MHD_OptionItem tls[] = {
    {MHD_OPTION_HTTPS_CERT_CALLBACK2, 0, (void *) mhd_no_certificate},
    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *) priorities},
    {MHD_OPTION_END, 0, NULL},
  };
  return MHD_start_daemon(
    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG
      | (priorities ? MHD_USE_TLS : 0),
    0, NULL, NULL, callbacks.request, callbacks.context,
    MHD_OPTION_ARRAY, priorities ? tls : plain,
    MHD_OPTION_EXTERNAL_LOGGER, callbacks.log, callbacks.context,
    MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0,
    /* At its own limit 0.9.75 leaves a mutex locked (new_connection_process_). */
    MHD_OPTION_CONNECTION_LIMIT, __INT_MAX__,
    MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory_per_connection,
    MHD_OPTION_URI_LOG_CALLBACK, callbacks.target, callbacks.context,
    MHD_OPTION_UNESCAPE_CALLBACK, callbacks.unescape, callbacks.context,
    MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.context,
    MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, callbacks.context,
    MHD_OPTION_END);
}

/* Nor another (MHD_set_response_options): the response is neither sent in chunks nor followed by another one. */
static inline void mhd_end_with_connection(struct MHD_Response *response)
{
  MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

/* Nor a third (MHD_get_connection_info). */
static inline int mhd_socket(struct MHD_Connection *connection)
{
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

static inline size_t mhd_head_size(struct MHD_Connection *connection)
{
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

static inline const struct sockaddr *mhd_address(struct MHD_Connection *connection)
{
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}

/* The gnutls_session_t of a connection of TLS. */
static inline void *mhd_tls_session(struct MHD_Connection *connection)
{
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session;
}

/* What was kept with the connection when it began. */
static inline void *mhd_kept(struct MHD_Connection *connection)
{
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* The first header field of a response, which goes. */
static inline enum MHD_Result mhd_forget_header(
  void *response, enum MHD_ValueKind kind, const char *name, const char *value)
{
  (void) kind;
  MHD_del_response_header((struct MHD_Response *) response, name, value);
  return MHD_NO;
}

/* Lets go of the memory of a response's header fields: for one that is queued once, and whose head is out. */
static inline void mhd_forget_headers(struct MHD_Response *response)
{
  while (MHD_get_response_headers(response, mhd_forget_header, response) > 0) {}
}
