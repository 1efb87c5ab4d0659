/* One resolver for all clients of the process, on the clients' own loop. All of it is touched on
 * that loop's thread only. */
#include "discovery/dest.h"

#include "client/background.h"
#include "discovery/name.h"

/* Owned, while anybody follows. */
static DunlinResolver *resolver;
static guint n_followers;

/* A client's place among them. */
typedef struct {
    DunlinClient *client; /* borrowed: unfollows before it goes */
    DunlinName *name;     /* owned */
    const DunlinResolverOptions *resolving;
    DunlinResolution *resolution; /* owned */
} Follower;

static void
on_resolved (DunlinResolution *resolution, const DunlinAddressSet *set, gpointer data)
{
    dunlin_client_set_addresses (((Follower *)data)->client, set);
}

static void
follow (gpointer data)
{
    Follower *self = data;

    if (n_followers++ == 0)
        resolver = dunlin_resolver_new (dunlin_loop_current (), self->resolving);
    self->resolution = dunlin_resolver_resolve (resolver, self->name, on_resolved, self);
}

static void
stop_following (gpointer data)
{
    Follower *self = data;

    dunlin_resolution_free (self->resolution);
    if (--n_followers == 0)
        g_clear_pointer (&resolver, dunlin_resolver_free);
}

static void
unfollow (gpointer data)
{
    Follower *self = data;

    dunlin_background_run (stop_following, self);
    dunlin_name_free (self->name);
    g_free (self);
}

DunlinClient *
dunlin_dest_client_new (const char *dest, const DunlinClientOptions *options,
                        const DunlinResolverOptions *resolving, GError **error)
{
    DunlinName *name = dunlin_name_parse (dest, error);
    Follower *follower;

    if (name == NULL)
        return NULL;
    follower = g_new0 (Follower, 1);
    follower->name = name;
    follower->resolving = resolving;
    follower->client = dunlin_client_new (options);
    dunlin_client_follow (follower->client, follower, unfollow);
    dunlin_background_run (follow, follower);
    return follower->client;
}
