/* Every method is a transaction that runs on a thread of the offload pool, with one of a few
 * connections, while the calling fiber waits. In WAL mode readers do not wait for the writer; that
 * there is one writer at a time is seen to here, where they queue, rather than by SQLite, where
 * they would poll. */
#include "address_book/sqlite_store.h"

#include "address_book/sqlite_contacts.h"
#include "address_book/sqlite_schema.h"
#include "dunlin.h"

/* As many transactions run at once; more than a machine's disks are glad of. */
#define CONNECTIONS 8

typedef struct {
    Store parent;
    GAsyncQueue *idle; /* owned: of SqliteDb, owned */
    GMutex writing;
} SqliteStore;

/* A method's work, with the method's arguments as @data. */
typedef gboolean (*Work) (SqliteDb *db, gpointer data, GError **error);

typedef struct {
    SqliteStore *store;
    Work work;
    gpointer data;
    gboolean done;
    GError *error;
} Job;

static gboolean
run_transaction (SqliteDb *db, const char *begin, Job *job)
{
    if (!sqlite_db_run (db, begin, &job->error))
        return FALSE;
    if (job->work (db, job->data, &job->error) && sqlite_db_run (db, "COMMIT", &job->error))
        return TRUE;
    sqlite_db_run (db, "ROLLBACK", NULL);
    return FALSE;
}

static void
read_job (gpointer data)
{
    Job *job = data;
    SqliteDb *db = g_async_queue_pop (job->store->idle);

    job->done = run_transaction (db, "BEGIN", job);
    g_async_queue_push (job->store->idle, db);
}

static void
write_job (gpointer data)
{
    Job *job = data;
    g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&job->store->writing);
    SqliteDb *db = g_async_queue_pop (job->store->idle);

    job->done = run_transaction (db, "BEGIN IMMEDIATE", job);
    g_async_queue_push (job->store->idle, db);
}

static gboolean
run (Store *store, DunlinOffloadFunc func, Work work, gpointer data, GError **error)
{
    Job job = { .store = (SqliteStore *)store, .work = work, .data = data };

    if (!dunlin_offload (func, &job, error))
        return FALSE;
    if (job.error != NULL)
        g_propagate_error (error, job.error);
    return job.done;
}

static gboolean
insert_work (SqliteDb *db, gpointer data, GError **error)
{
    return sqlite_contacts_insert (db, data, error);
}

static gboolean
insert (Store *self, Contact *contact, GError **error)
{
    return run (self, write_job, insert_work, contact, error);
}

static gboolean
replace_work (SqliteDb *db, gpointer data, GError **error)
{
    return sqlite_contacts_replace (db, data, error);
}

static gboolean
replace (Store *self, Contact *contact, GError **error)
{
    return run (self, write_job, replace_work, contact, error);
}

typedef struct {
    gint64 id;
    gint64 revision;
} Removal;

static gboolean
remove_work (SqliteDb *db, gpointer data, GError **error)
{
    const Removal *removal = data;

    return sqlite_contacts_remove (db, removal->id, removal->revision, error);
}

static gboolean
remove_contact (Store *self, gint64 id, gint64 revision, GError **error)
{
    return run (self, write_job, remove_work, &(Removal){ id, revision }, error);
}

typedef struct {
    const GArray *ids;
    GPtrArray *found;
} Load;

static gboolean
load_work (SqliteDb *db, gpointer data, GError **error)
{
    Load *load = data;

    load->found = sqlite_contacts_load (db, load->ids, error);
    return load->found != NULL;
}

static GPtrArray *
load (Store *self, const GArray *ids, GError **error)
{
    Load work = { .ids = ids };

    if (!run (self, read_job, load_work, &work, error))
        g_clear_pointer (&work.found, g_ptr_array_unref);
    return work.found;
}

typedef struct {
    const char *prefix;
    const Place *after;
    int limit;
    GPtrArray *found;
} Search;

static gboolean
search_work (SqliteDb *db, gpointer data, GError **error)
{
    Search *search = data;

    search->found =
        sqlite_contacts_search (db, search->prefix, search->after, search->limit, error);
    return search->found != NULL;
}

static GPtrArray *
search (Store *self, const char *prefix, const Place *after, int limit, GError **error)
{
    Search work = { .prefix = prefix, .after = after, .limit = limit };

    if (!run (self, read_job, search_work, &work, error))
        g_clear_pointer (&work.found, g_ptr_array_unref);
    return work.found;
}

typedef struct {
    const char *prefix;
    gint64 number;
} Count;

static gboolean
count_work (SqliteDb *db, gpointer data, GError **error)
{
    Count *count = data;

    count->number = sqlite_contacts_count (db, count->prefix, error);
    return count->number >= 0;
}

static gint64
count (Store *self, const char *prefix, GError **error)
{
    Count work = { .prefix = prefix, .number = -1 };

    return run (self, read_job, count_work, &work, error) ? work.number : -1;
}

typedef struct {
    gint64 id;
    gint64 used_ms;
} Touch;

static gboolean
touch_work (SqliteDb *db, gpointer data, GError **error)
{
    const Touch *touch = data;

    return sqlite_contacts_touch (db, touch->id, touch->used_ms, error);
}

static gboolean
touch (Store *self, gint64 id, gint64 used_ms, GError **error)
{
    return run (self, write_job, touch_work, &(Touch){ id, used_ms }, error);
}

static void
free_store (Store *store)
{
    SqliteStore *self = (SqliteStore *)store;

    g_async_queue_unref (self->idle);
    g_mutex_clear (&self->writing);
    g_free (self);
}

static const StoreMethods methods = {
    .insert = insert,
    .replace = replace,
    .remove = remove_contact,
    .load = load,
    .search = search,
    .count = count,
    .touch = touch,
    .free = free_store,
};

/* The first connection looks at the file and brings its tables up to date. */
static gboolean
connect (SqliteStore *self, const char *file, int connections, GError **error)
{
    for (int i = 0; i < connections; i++) {
        g_autoptr (SqliteDb) db = sqlite_db_open (file, error);

        if (db == NULL ||
            (i == 0 && !(sqlite_db_is_sound (db, error) && sqlite_schema_upgrade (db, error))))
            return FALSE;
        g_async_queue_push (self->idle, g_steal_pointer (&db));
    }
    return TRUE;
}

Store *
sqlite_store_open (const char *path, GError **error)
{
    /* Absolute, so that no name means anything special to SQLite. */
    g_autofree char *file = path[0] != '\0' ? g_canonicalize_filename (path, NULL) : NULL;
    SqliteStore *self = g_new0 (SqliteStore, 1);
    g_autoptr (Store) store = &self->parent;
    /* A temporary database is known to its one connection only. */
    int connections = file != NULL ? CONNECTIONS : 1;

    self->parent.methods = &methods;
    self->idle = g_async_queue_new_full ((GDestroyNotify)sqlite_db_free);
    g_mutex_init (&self->writing);
    return connect (self, file, connections, error) ? g_steal_pointer (&store) : NULL;
}
