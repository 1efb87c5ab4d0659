/* What the command line asks for. */
#pragma once

#include <glib.h>

typedef enum { LOAD_FRAMED, LOAD_TTWITTER, LOAD_MUX } LoadProtocol;
typedef enum { LOAD_PING, LOAD_GET, LOAD_ECHO, LOAD_SLEEP, LOAD_PUT } LoadMethod;
typedef enum { LOAD_NO_HANDSHAKES, LOAD_FULL_HANDSHAKES, LOAD_RESUMED_HANDSHAKES } LoadHandshakes;

/**
 * LoadOptions:
 * @method: not %LOAD_PUT, which only stores what %LOAD_GET gets
 * @argument: bytes of an echo, milliseconds of a sleep
 * @idle: connections that only stand there
 * @rate: calls a second that are begun, answered or not; 0: as fast as answers come
 * @tinit: whether mux sessions begin as Finagle's do
 * @tls: "off", "1.2" or "1.3"
 * @patience: seconds that the last answers are waited for
 */
typedef struct {
    int port;
    LoadProtocol protocol;
    gboolean tinit;
    LoadMethod method;
    gsize argument;
    int connections;
    int in_flight;
    int idle;
    double warm_up;
    double seconds;
    double rate;
    double patience;
    char *tls;
    LoadHandshakes handshakes;
    char *certificate;
    char *key;
    char *ca;
    int *server_pids;
    gsize n_server_pids;
    int threads;
} LoadOptions;

/* Returns: FALSE with @error when the command line cannot be meant. */
gboolean load_options_parse (LoadOptions *self, int *argc, char ***argv, GError **error);
void load_options_clear (LoadOptions *self);
