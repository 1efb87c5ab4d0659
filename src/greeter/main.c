/* greeter: a service that calls others. */
#include "dunlin.h"

#include "address_book_stub.h"
#include "greeter/handler.h"

static const DunlinSetting settings[] = {
    { .name = "greeter.saying-url",
      .type = DUNLIN_SETTING_STRING,
      .help = "An HTTP service that answers with a line of text; empty: greetings go without." },
    { .name = "greeter.patience",
      .type = DUNLIN_SETTING_DURATION,
      .fallback = "500ms",
      .help = "How long a greeting waits for the others.",
      .unit = "ms",
      .minimum = 1 * DUNLIN_MILLISECOND,
      .maximum = 1 * DUNLIN_MINUTE },
};

/* Where the others are, the settings say: client.address-book.dest, client.clock.dest. */
static gboolean
find_others (DunlinApp *app, Others *others, GError **error)
{
    const char *url = dunlin_app_get_string (app, "greeter.saying-url");

    others->saying_url = url[0] != '\0' ? url : NULL;
    others->patience = dunlin_app_get_duration (app, "greeter.patience");
    others->book = dunlin_app_add_client (app, "address-book", error);
    if (others->book == NULL)
        return FALSE;
    dunlin_client_set_schema (others->book, &address_book_schema);
    others->clock = dunlin_app_add_client (app, "clock", error);
    if (others->clock == NULL)
        return FALSE;
    dunlin_client_set_schema (others->clock, &dunlin_base_schema);
    return TRUE;
}

int
main (int argc, char *argv[])
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinApp) app = dunlin_app_new ("greeter", DUNLIN_VERSION);
    g_autoptr (Greeter) handler = NULL;
    Others others;

    dunlin_app_add_settings (app, settings, G_N_ELEMENTS (settings));
    if (!dunlin_app_configure (app, &argc, &argv, &error) || !find_others (app, &others, &error))
        return dunlin_app_fail (app, error);
    handler = greeter_new (&others);
    dunlin_app_serve (app, &greeter_service, G_OBJECT (handler));
    return dunlin_app_run (app);
}
