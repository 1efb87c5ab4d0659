/* conformance_server: the conformance service as a program, with the settings of every service. */
#include "dunlin.h"

#include "conformance_handler.h"

int
main (int argc, char *argv[])
{
    g_autoptr (GError) error = NULL;
    g_autoptr (DunlinApp) app = dunlin_app_new ("conformance_server", DUNLIN_VERSION);
    g_autoptr (GObject) handler = NULL;

    if (!dunlin_app_configure (app, &argc, &argv, &error))
        return dunlin_app_fail (app, error);
    handler = G_OBJECT (conformance_handler_new ());
    dunlin_app_serve (app, &conformance_service, handler);
    return dunlin_app_run (app);
}
