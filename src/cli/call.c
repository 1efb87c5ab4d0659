/* dunlin call DEST METHOD [JSON] */
#include <stdio.h>

#include "base/error.h"
#include "cli/reply.h"
#include "cli/request.h"

static void
tell (const CliContext *context, const DunlinRawReply *raw)
{
    if (dunlin_settings_get_bool (context->settings, "call.verbose"))
        fprintf (stderr, "%s answered over %s in %.3f ms%s\n", raw->address, raw->protocol,
                 (double)raw->microseconds / 1000, raw->tries > 1 ? ", not at the first try" : "");
}

static int
show (const CliRequest *request, const CliReply *reply)
{
    if (reply->json->len > 0) {
        fwrite (reply->json->str, 1, reply->json->len, stdout);
        fputc ('\n', stdout);
    }
    if (reply->exception == NULL)
        return CLI_OK;
    fflush (stdout);
    fprintf (stderr, "dunlin: %s threw %s (%s)\n", request->method->name,
             reply->exception->type->text, reply->exception->name);
    return CLI_DECLARED;
}

static int
run (const CliContext *context, GError **error)
{
    const char *json = context->n_arguments > 2 ? context->arguments[2] : NULL;
    DunlinJsonOptions options = cli_options_json (context->settings);
    g_auto (CliService) service = { 0 };
    g_auto (CliRequest) request = { 0 };
    g_auto (DunlinRawReply) raw = { 0 };
    g_auto (CliReply) reply = { 0 };
    DunlinRawCall call;

    if (!cli_service_init (&service, context->settings, context->arguments[0], error) ||
        !cli_service_learn (&service, error) ||
        !cli_request_init (&request, &service, context->arguments[1], json, error))
        return -1;
    call = cli_request_call (&request);
    if (!dunlin_client_call_raw (service.client, &call, &raw, error))
        return -1;
    tell (context, &raw);
    if (!cli_reply_read (&reply, request.method, &raw, service.reach.client.encoding, &options,
                         error))
        return -1;
    return show (&request, &reply);
}

static const char help[] =
    "Calls one method of a service and prints its result as JSON.\n"
    "\n"
    "JSON is an object with the method's arguments by name; - reads it from standard input,\n"
    "@FILE from a file; left out it is {}. How values are written:\n"
    "  integers      numbers, or the same digits in quotes\n"
    "  doubles       numbers, \"NaN\", \"Infinity\", \"-Infinity\"\n"
    "  binary        base64 with padding\n"
    "  enums         names, or numbers\n"
    "  structs       objects; fields left out, or null, are not set\n"
    "  unions        objects with exactly one field\n"
    "  lists, sets   arrays\n"
    "  maps          objects, with the keys' text for names; with structs or containers\n"
    "                for keys: arrays of [key, value]\n"
    "What does not fit is refused with its place, and nothing is sent. METHOD may be\n"
    "SERVICE:METHOD where several services share a port.\n"
    "\n"
    "Example:\n"
    "  dunlin call zk2!zk1:2181!/services/address_book get '{\"id\": 1}'\n";

static const char *const rows[] = { "i64-as-text", "skip-unknown", NULL };

const CliCommand cli_call = {
    .name = "call",
    .arguments = "DEST METHOD [JSON]",
    .n_least = 2,
    .n_most = 3,
    .summary = "calls a method: JSON in, JSON out",
    .help = help,
    .rows = rows,
    .run = run,
};
