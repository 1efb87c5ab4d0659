/* address_book: the address book as a service. */
#include "dunlin.h"

#include "address_book/handler.h"
#include "address_book/read_only.h"
#include "address_book/sqlite_store.h"

static const DunlinSetting settings[] = {
    { .name = "address-book.file",
      .type = DUNLIN_SETTING_PATH,
      .help = "The SQLite file that keeps the contacts, made when it is not there; empty: they go "
              "away with the process." },
    { .name = "address-book.read-only",
      .type = DUNLIN_SETTING_BOOL,
      .fallback = "false",
      .help = "Whether calls that would change the book are refused." },
};

int
main (int argc, char *argv[])
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinApp) app = dunlin_app_new ("address_book", DUNLIN_VERSION);
    g_autoptr (BookHandler) handler = NULL;
    Store *store;

    dunlin_app_add_settings (app, settings, G_N_ELEMENTS (settings));
    if (!dunlin_app_configure (app, &argc, &argv, &error))
        return dunlin_app_fail (app, error);

    store = sqlite_store_open (dunlin_app_get_string (app, "address-book.file"), &error);
    if (store == NULL) {
        g_prefix_error (&error, "address-book.file: ");
        return dunlin_app_fail (app, error);
    }

    handler = book_handler_new (book_new (store));
    dunlin_app_serve (app, &address_book_service, G_OBJECT (handler));
    if (dunlin_app_get_bool (app, "address-book.read-only"))
        dunlin_app_add_filter (app, "read-only", read_only_filter, NULL, NULL);

    return dunlin_app_run (app); /* ports, TLS, ZooKeeper: all from the settings */
}
