/* One method: asks the others, and says what they answered. */
#include "greeter/handler.h"

#include "greeter/greeting.h"

struct _Greeter {
    GreeterGreeterHandler parent;
    Others others;
};

G_DEFINE_FINAL_TYPE (Greeter, greeter, GREETER_TYPE_GREETER_HANDLER)

static GreeterGreeting *
greeting_of (const Answers *answers)
{
    g_autofree char *text = greeting_text (answers->hour, answers->name, answers->saying);
    GreeterGreeting *greeting =
        g_object_new (GREETER_TYPE_GREETING, "text", text, "missing", answers->missing, NULL);

    if (answers->name != NULL)
        g_object_set (greeting, "name", answers->name, NULL);
    if (answers->saying != NULL)
        g_object_set (greeting, "saying", answers->saying, NULL);
    return greeting;
}

static gboolean
greet (GreeterGreeterIf *iface, GreeterGreeting **_return, const gint64 contact,
       GreeterNobodyThere **nobody, GError **error)
{
    g_auto (Answers) answers = { 0 };

    others_ask (&GREETER_HANDLER (iface)->others, contact, &answers);
    if (answers.nobody) {
        *nobody = g_object_new (GREETER_TYPE_NOBODY_THERE, "message",
                                "the address book has nobody with this id", "id", contact, NULL);
        return FALSE;
    }
    *_return = greeting_of (&answers);
    return TRUE;
}

static void
greeter_class_init (GreeterClass *class)
{
    GREETER_GREETER_HANDLER_CLASS (class)->greet = greet;
}

static void
greeter_init (Greeter *self)
{
}

Greeter *
greeter_new (const Others *others)
{
    Greeter *self = g_object_new (greeter_get_type (), NULL);

    self->others = *others;
    return self;
}
