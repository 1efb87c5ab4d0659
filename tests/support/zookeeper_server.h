/* A real ZooKeeper for tests: Debian's, alone or an ensemble, on free loopback ports, in
 * directories that go away with it. Quick to start and small. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TestZookeeperServer TestZookeeperServer;

/**
 * test_zookeeper_server_new:
 * @jvm_option: (nullable): one more argument for the Java machine
 *
 * Aborts the test when none can be started.
 *
 * Returns: (transfer full): a server that answers. One tick is 500 ms: session timeouts of 1 to
 * 10 s are granted as asked for.
 */
TestZookeeperServer *test_zookeeper_server_new (const char *jvm_option);

/**
 * test_zookeeper_server_new_secure:
 * @identity: PEM file with the server's key (PKCS#8) and certificate
 * @ca: PEM file of the CAs whose clients it lets in
 *
 * Returns: (transfer full): a server with a second port, for TLS, where clients must show a
 * certificate.
 */
TestZookeeperServer *test_zookeeper_server_new_secure (const char *identity, const char *ca);

/* Those of its TLS port. */
guint16 test_zookeeper_server_secure_port (TestZookeeperServer *self);

/* As above, but only the port is taken: for what happens while ZooKeeper is down. */
TestZookeeperServer *test_zookeeper_server_new_stopped (void);
void test_zookeeper_server_free (TestZookeeperServer *self);

/* Fills @servers with @n that make one ensemble, which answers. */
void test_zookeeper_ensemble_new (TestZookeeperServer *servers[], guint n);

/* Starts it again with the same port and data; back when it answers. */
void test_zookeeper_server_start (TestZookeeperServer *self);

/* The same, back at once: without the others of its ensemble it does not answer. */
void test_zookeeper_server_start_unready (TestZookeeperServer *self);

/* Whether it leads its ensemble. */
gboolean test_zookeeper_server_is_leader (TestZookeeperServer *self);

/* kill -9; back when it is dead. */
void test_zookeeper_server_kill (TestZookeeperServer *self);

/* SIGSTOP, SIGCONT. */
void test_zookeeper_server_suspend (TestZookeeperServer *self);
void test_zookeeper_server_resume (TestZookeeperServer *self);

guint16 test_zookeeper_server_port (TestZookeeperServer *self);

/* Returns: (transfer none): "127.0.0.1:port" */
const char *test_zookeeper_server_address (TestZookeeperServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestZookeeperServer, test_zookeeper_server_free)

G_END_DECLS
