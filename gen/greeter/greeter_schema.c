/* The schema of greeter.thrift. Made by dunlin_gen: not to be edited. */
#include "greeter_schema.h"

const char greeter_idl_json[] =
    "{\n"
    "  \"name\": \"greeter\",\n"
    "  \"doc\": \"Greets the people of an address book: an example of a service that lives by calling others.\\n\",\n"
    "  \"namespaces\": {\n"
    "    \"c_glib\": \"Greeter\",\n"
    "    \"cpp\": \"greeter\",\n"
    "    \"go\": \"greeter\",\n"
    "    \"java\": \"greeter\",\n"
    "    \"py\": \"greeter\",\n"
    "    \"scala\": \"greeter\"\n"
    "  },\n"
    "  \"includes\": [\n"
    "    \"dunlin\"\n"
    "  ],\n"
    "  \"enums\": [\n"
    "  ],\n"
    "  \"typedefs\": [\n"
    "  ],\n"
    "  \"structs\": [\n"
    "    {\n"
    "      \"name\": \"Greeting\",\n"
    "      \"doc\": \"A greeting, and what went into it.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"text\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Such as \\\"Good morning, Ada! Well begun is half done.\\\"\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"name\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"What the person is called; unset when the address book could not be asked.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"saying\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Something to take along; unset when there was none to be had.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"missing\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"string\"\n"
    "          },\n"
    "          \"doc\": \"What could not be had in time: \\\"name\\\", \\\"clock\\\", \\\"saying\\\". Empty when all is there.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"NobodyThere\",\n"
    "      \"doc\": \"The address book has nobody with this id.\\n\",\n"
    "      \"isException\": true,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"message\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"id\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"constants\": [\n"
    "  ],\n"
    "  \"services\": [\n"
    "    {\n"
    "      \"name\": \"Greeter\",\n"
    "      \"extends\": \"dunlin.Base\",\n"
    "      \"doc\": \"The greeter.\\n\",\n"
    "      \"functions\": [\n"
    "        {\n"
    "          \"name\": \"greet\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Greeting\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Greets a contact of the address book. Always in good time: what the others do not answer soon\\nenough is left out.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"contact\",\n"
    "              \"typeId\": \"i64\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"nobody\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"NobodyThere\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ]\n"
    "}\n";

static const char idl_text[] =
    "/**\n"
    " * Greets the people of an address book: an example of a service that lives by calling others.\n"
    " */\n"
    "include \"dunlin.thrift\"\n"
    "\n"
    "namespace c_glib Greeter\n"
    "namespace java greeter\n"
    "namespace scala greeter\n"
    "namespace py greeter\n"
    "namespace cpp greeter\n"
    "namespace go greeter\n"
    "\n"
    "/**\n"
    " * A greeting, and what went into it.\n"
    " */\n"
    "struct Greeting {\n"
    "  /** Such as \"Good morning, Ada! Well begun is half done.\" */\n"
    "  1: string text\n"
    "  /** What the person is called; unset when the address book could not be asked. */\n"
    "  2: optional string name\n"
    "  /** Something to take along; unset when there was none to be had. */\n"
    "  3: optional string saying\n"
    "  /** What could not be had in time: \"name\", \"clock\", \"saying\". Empty when all is there. */\n"
    "  4: list<string> missing\n"
    "}\n"
    "\n"
    "/**\n"
    " * The address book has nobody with this id.\n"
    " */\n"
    "exception NobodyThere {\n"
    "  1: string message\n"
    "  2: i64 id\n"
    "}\n"
    "\n"
    "/**\n"
    " * The greeter.\n"
    " */\n"
    "service Greeter extends dunlin.Base {\n"
    "  /**\n"
    "   * Greets a contact of the address book. Always in good time: what the others do not answer soon\n"
    "   * enough is left out.\n"
    "   */\n"
    "  Greeting greet(1: i64 contact) throws (1: NobodyThere nobody) (idempotent = \"true\")\n"
    "}\n";

static const DunlinSchemaType type_0 = {
    .kind = DUNLIN_SCHEMA_STRING,
    .text = "string",
};
static const DunlinSchemaType type_1 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<string>",
    .element = &type_0,
};
static const DunlinSchemaType type_2 = {
    .kind = DUNLIN_SCHEMA_I64,
    .text = "i64",
};
static const DunlinSchemaType type_3 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Greeting",
    .structure = &greeter_greeting_schema,
};
static const DunlinSchemaType type_4 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "NobodyThere",
    .structure = &greeter_nobody_there_schema,
};

static const DunlinSchemaField greeter_greeting_fields[] = {
    {
        .id = 1,
        .name = "text",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Such as \"Good morning, Ada! Well begun is half done.\"",
    },
    {
        .id = 2,
        .name = "name",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "What the person is called; unset when the address book could not be asked.",
    },
    {
        .id = 3,
        .name = "saying",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Something to take along; unset when there was none to be had.",
    },
    {
        .id = 4,
        .name = "missing",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "What could not be had in time: \"name\", \"clock\", \"saying\". Empty when all is there.",
    },
};
const DunlinSchemaStruct greeter_greeting_schema = {
    .name = "Greeting",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "A greeting, and what went into it.",
    .get_type = greeter_greeting_get_type,
    .fields = greeter_greeting_fields,
    .n_fields = G_N_ELEMENTS (greeter_greeting_fields),
};

static const DunlinSchemaField greeter_nobody_there_fields[] = {
    {
        .id = 1,
        .name = "message",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "id",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaStruct greeter_nobody_there_schema = {
    .name = "NobodyThere",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "The address book has nobody with this id.",
    .get_type = greeter_nobody_there_get_type,
    .fields = greeter_nobody_there_fields,
    .n_fields = G_N_ELEMENTS (greeter_nobody_there_fields),
};

static const DunlinSchemaField greeter_greet_arguments[] = {
    {
        .id = 1,
        .name = "contact",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField greeter_greet_exceptions[] = {
    {
        .id = 1,
        .name = "nobody",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaNote greeter_greet_notes[] = {
    { .name = "idempotent", .value = "true" },
};
const DunlinSchemaMethod greeter_method_schemas[] = {
    {
        .name = "greet",
        .oneway = FALSE,
        .doc = "Greets a contact of the address book. Always in good time: what the others do not answer soon\n"
               "enough is left out.",
        .result = &type_3,
        .arguments = greeter_greet_arguments,
        .n_arguments = G_N_ELEMENTS (greeter_greet_arguments),
        .exceptions = greeter_greet_exceptions,
        .n_exceptions = G_N_ELEMENTS (greeter_greet_exceptions),
        .notes = greeter_greet_notes,
        .n_notes = G_N_ELEMENTS (greeter_greet_notes),
    },
};
const DunlinSchemaService greeter_schema = {
    .name = "Greeter",
    .doc = "The greeter.",
    .home = &greeter_idl_schema,
    .parent = &dunlin_base_schema,
    .methods = greeter_method_schemas,
    .n_methods = 1,
};

static const DunlinSchema *const includes[] = {
    &dunlin_idl_schema,
};

static const DunlinSchemaStruct *const structs[] = {
    &greeter_greeting_schema,
    &greeter_nobody_there_schema,
};

static const DunlinSchemaService *const services[] = {
    &greeter_schema,
};

const DunlinSchema greeter_idl_schema = {
    .name = "greeter",
    .doc = "Greets the people of an address book: an example of a service that lives by calling others.",
    .text = idl_text,
    .json = greeter_idl_json,
    .sha256 = "11c14dd67f94ff9a8bf83df97799d9b7109f50d904febec2f9a9d4648dcef2a1",
    .includes = includes,
    .n_includes = G_N_ELEMENTS (includes),
    .structs = structs,
    .n_structs = G_N_ELEMENTS (structs),
    .services = services,
    .n_services = G_N_ELEMENTS (services),
};
