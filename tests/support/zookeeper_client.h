/* A plain, blocking ZooKeeper client for tests: what somebody else sees in ZooKeeper, and does. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct TestZookeeperClient TestZookeeperClient;

/* @digest: (nullable): "user:password". Aborts the test when there is no connection in time. */
TestZookeeperClient *test_zookeeper_client_new (const char *servers, const char *digest);
void test_zookeeper_client_free (TestZookeeperClient *self);

/* Ends somebody's session as the ensemble would. @password: its 16 bytes */
void test_zookeeper_client_expire (const char *servers, gint64 session_id, const guint8 *password);

/* Returns: (transfer full): names, sorted; none when the path is missing. */
char **test_zookeeper_client_children (TestZookeeperClient *self, const char *path);

/* Returns: (transfer full) (nullable): the text in a node; %NULL when it is missing. */
char *test_zookeeper_client_get (TestZookeeperClient *self, const char *path, gint64 *owner);

/* Returns: (transfer full) (nullable): "scheme:id permissions, ..." in the node's order. */
char *test_zookeeper_client_get_acl (TestZookeeperClient *self, const char *path);

/* Each gives ZooKeeper's return code, 0 is well. */
int test_zookeeper_client_create (TestZookeeperClient *self, const char *path, const char *text);
int test_zookeeper_client_create_ephemeral (TestZookeeperClient *self, const char *path,
                                            const char *text);
/* As credentials' own: nobody else may do anything but read. */
int test_zookeeper_client_create_owned (TestZookeeperClient *self, const char *path);
/* As credentials' own, and nobody else may even read. */
int test_zookeeper_client_create_secret (TestZookeeperClient *self, const char *path);
int test_zookeeper_client_set (TestZookeeperClient *self, const char *path, const char *text);
int test_zookeeper_client_delete (TestZookeeperClient *self, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestZookeeperClient, test_zookeeper_client_free)

G_END_DECLS
