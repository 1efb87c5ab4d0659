/* The schema of dunlin.thrift. Made by dunlin_gen: not to be edited. */
#include "dunlin_schema.h"

const char dunlin_idl_json[] =
    "{\n"
    "  \"name\": \"dunlin\",\n"
    "  \"doc\": \"What every Dunlin service answers besides its own methods: is it there, what time does it\\nthink it is, how is it doing, and what can it do. A service gets all of it by extending Base.\\n\",\n"
    "  \"namespaces\": {\n"
    "    \"c_glib\": \"Dunlin\",\n"
    "    \"cpp\": \"dunlin\",\n"
    "    \"go\": \"dunlin\",\n"
    "    \"java\": \"dunlin\",\n"
    "    \"py\": \"dunlin\",\n"
    "    \"scala\": \"dunlin\"\n"
    "  },\n"
    "  \"includes\": [\n"
    "  ],\n"
    "  \"enums\": [\n"
    "    {\n"
    "      \"name\": \"ServiceState\",\n"
    "      \"doc\": \"Where a process is in its life.\\n\",\n"
    "      \"members\": [\n"
    "        {\n"
    "          \"name\": \"STARTING\",\n"
    "          \"value\": 1,\n"
    "          \"doc\": \"Listening, but not yet ready for calls.\\n\"\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"WARMING_UP\",\n"
    "          \"value\": 2,\n"
    "          \"doc\": \"Answers calls, but has not joined its serverset.\\n\"\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"ALIVE\",\n"
    "          \"value\": 3,\n"
    "          \"doc\": \"In service.\\n\"\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"DRAINING\",\n"
    "          \"value\": 4,\n"
    "          \"doc\": \"Left its serverset; finishes what is running and what still comes, then stops.\\n\"\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"typedefs\": [\n"
    "  ],\n"
    "  \"structs\": [\n"
    "    {\n"
    "      \"name\": \"Time\",\n"
    "      \"doc\": \"One moment, as the service's clock has it.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"seconds\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"Whole seconds since 1970-01-01T00:00:00Z.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"nanoseconds\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"doc\": \"Nanoseconds within the second, 0 to 999999999.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"iso8601\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The same moment in ISO 8601 with the offset of the zone: \\\"2024-02-29T12:30:00.000000000+01:00\\\".\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"zone\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The service's own time zone, such as \\\"Europe\\/Berlin\\\" or \\\"UTC\\\".\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Status\",\n"
    "      \"doc\": \"How a service is.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"state\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"since\",\n"
    "          \"typeId\": \"struct\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Time\"\n"
    "          },\n"
    "          \"doc\": \"When it entered this state.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"version\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Version of the service's build.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"service_name\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Name of the service.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"FieldHelp\",\n"
    "      \"doc\": \"One argument of a method, or one exception that it declares.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"id\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"doc\": \"Its id in the IDL.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"name\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"type\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Its type as the IDL writes it, such as \\\"map<string, list<i64>>\\\".\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"MethodHelp\",\n"
    "      \"doc\": \"What the IDL says of one method.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"name\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"declared_in\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The service that declares it: a method may be inherited.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"signature\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The whole declaration, such as \\\"string help_for(1: string method) throws (1: UnknownMethod unknown)\\\".\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"arguments\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"FieldHelp\"\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 5,\n"
    "          \"name\": \"result\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Type of the result as the IDL writes it; \\\"void\\\" for none.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 6,\n"
    "          \"name\": \"exceptions\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"FieldHelp\"\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 7,\n"
    "          \"name\": \"is_oneway\",\n"
    "          \"typeId\": \"bool\",\n"
    "          \"doc\": \"Whether it draws no reply.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 8,\n"
    "          \"name\": \"doc\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The IDL's comment; empty when there is none.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"UnknownMethod\",\n"
    "      \"doc\": \"The service has no such method.\\n\",\n"
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
    "          \"name\": \"method\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The name that was asked for.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"constants\": [\n"
    "  ],\n"
    "  \"services\": [\n"
    "    {\n"
    "      \"name\": \"Base\",\n"
    "      \"doc\": \"The methods of every service.\\n\",\n"
    "      \"functions\": [\n"
    "        {\n"
    "          \"name\": \"ping\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Answers \\\"pong\\\": the cheapest proof that the service is there.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"now\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Time\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"The time of the service's clock.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"status\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Status\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"The state of the process, since when it is in it, and what it is.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"help\",\n"
    "          \"returnTypeId\": \"list\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"MethodHelp\"\n"
    "            }\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Every method of the service, its own first, then the inherited ones.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"help_for\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"MethodHelp\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"One method, by its name.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"method\",\n"
    "              \"typeId\": \"string\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"unknown\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"UnknownMethod\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"describe\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"The service's whole IDL, and those that it includes, as JSON: what the Thrift compiler says of\\neach, and each as it was written: {\\\"service\\\": \\\"AddressBook\\\", \\\"idl\\\": \\\"address_book\\\",\\n\\\"idls\\\": {\\\"address_book\\\": {...}, ...}, \\\"texts\\\": {\\\"address_book\\\": \\\"...\\\", ...}}.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ]\n"
    "}\n";

static const char idl_text[] =
    "/**\n"
    " * What every Dunlin service answers besides its own methods: is it there, what time does it\n"
    " * think it is, how is it doing, and what can it do. A service gets all of it by extending Base.\n"
    " */\n"
    "namespace c_glib Dunlin\n"
    "namespace java dunlin\n"
    "namespace scala dunlin\n"
    "namespace py dunlin\n"
    "namespace cpp dunlin\n"
    "namespace go dunlin\n"
    "\n"
    "/**\n"
    " * Where a process is in its life.\n"
    " */\n"
    "enum ServiceState {\n"
    "  /** Listening, but not yet ready for calls. */\n"
    "  STARTING = 1,\n"
    "  /** Answers calls, but has not joined its serverset. */\n"
    "  WARMING_UP = 2,\n"
    "  /** In service. */\n"
    "  ALIVE = 3,\n"
    "  /** Left its serverset; finishes what is running and what still comes, then stops. */\n"
    "  DRAINING = 4\n"
    "}\n"
    "\n"
    "/**\n"
    " * One moment, as the service's clock has it.\n"
    " */\n"
    "struct Time {\n"
    "  /** Whole seconds since 1970-01-01T00:00:00Z. */\n"
    "  1: i64 seconds\n"
    "  /** Nanoseconds within the second, 0 to 999999999. */\n"
    "  2: i32 nanoseconds\n"
    "  /** The same moment in ISO 8601 with the offset of the zone: \"2024-02-29T12:30:00.000000000+01:00\". */\n"
    "  3: string iso8601\n"
    "  /** The service's own time zone, such as \"Europe/Berlin\" or \"UTC\". */\n"
    "  4: string zone\n"
    "}\n"
    "\n"
    "/**\n"
    " * How a service is.\n"
    " */\n"
    "struct Status {\n"
    "  1: ServiceState state\n"
    "  /** When it entered this state. */\n"
    "  2: Time since\n"
    "  /** Version of the service's build. */\n"
    "  3: string version\n"
    "  /** Name of the service. */\n"
    "  4: string service_name\n"
    "}\n"
    "\n"
    "/**\n"
    " * One argument of a method, or one exception that it declares.\n"
    " */\n"
    "struct FieldHelp {\n"
    "  /** Its id in the IDL. */\n"
    "  1: i32 id\n"
    "  2: string name\n"
    "  /** Its type as the IDL writes it, such as \"map<string, list<i64>>\". */\n"
    "  3: string type\n"
    "}\n"
    "\n"
    "/**\n"
    " * What the IDL says of one method.\n"
    " */\n"
    "struct MethodHelp {\n"
    "  1: string name\n"
    "  /** The service that declares it: a method may be inherited. */\n"
    "  2: string declared_in\n"
    "  /** The whole declaration, such as \"string help_for(1: string method) throws (1: UnknownMethod unknown)\". */\n"
    "  3: string signature\n"
    "  4: list<FieldHelp> arguments\n"
    "  /** Type of the result as the IDL writes it; \"void\" for none. */\n"
    "  5: string result\n"
    "  6: list<FieldHelp> exceptions\n"
    "  /** Whether it draws no reply. */\n"
    "  7: bool is_oneway\n"
    "  /** The IDL's comment; empty when there is none. */\n"
    "  8: string doc\n"
    "}\n"
    "\n"
    "/**\n"
    " * The service has no such method.\n"
    " */\n"
    "exception UnknownMethod {\n"
    "  1: string message\n"
    "  /** The name that was asked for. */\n"
    "  2: string method\n"
    "}\n"
    "\n"
    "/**\n"
    " * The methods of every service.\n"
    " */\n"
    "service Base {\n"
    "  /** Answers \"pong\": the cheapest proof that the service is there. */\n"
    "  string ping() (idempotent = \"true\")\n"
    "\n"
    "  /** The time of the service's clock. */\n"
    "  Time now() (idempotent = \"true\")\n"
    "\n"
    "  /** The state of the process, since when it is in it, and what it is. */\n"
    "  Status status() (idempotent = \"true\")\n"
    "\n"
    "  /** Every method of the service, its own first, then the inherited ones. */\n"
    "  list<MethodHelp> help() (idempotent = \"true\")\n"
    "\n"
    "  /** One method, by its name. */\n"
    "  MethodHelp help_for(1: string method) throws (1: UnknownMethod unknown) (idempotent = \"true\")\n"
    "\n"
    "  /**\n"
    "   * The service's whole IDL, and those that it includes, as JSON: what the Thrift compiler says of\n"
    "   * each, and each as it was written: {\"service\": \"AddressBook\", \"idl\": \"address_book\",\n"
    "   * \"idls\": {\"address_book\": {...}, ...}, \"texts\": {\"address_book\": \"...\", ...}}.\n"
    "   */\n"
    "  string describe() (idempotent = \"true\")\n"
    "}\n";

static const DunlinSchemaType type_0 = {
    .kind = DUNLIN_SCHEMA_I64,
    .text = "i64",
};
static const DunlinSchemaType type_1 = {
    .kind = DUNLIN_SCHEMA_I32,
    .text = "i32",
};
static const DunlinSchemaType type_2 = {
    .kind = DUNLIN_SCHEMA_STRING,
    .text = "string",
};
static const DunlinSchemaType type_3 = {
    .kind = DUNLIN_SCHEMA_ENUM,
    .text = "ServiceState",
    .enumeration = &dunlin_service_state_schema,
};
static const DunlinSchemaType type_4 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Time",
    .structure = &dunlin_time_schema,
};
static const DunlinSchemaType type_5 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "FieldHelp",
    .structure = &dunlin_field_help_schema,
};
static const DunlinSchemaType type_6 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<FieldHelp>",
    .element = &type_5,
};
static const DunlinSchemaType type_7 = {
    .kind = DUNLIN_SCHEMA_BOOL,
    .text = "bool",
};
static const DunlinSchemaType type_8 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Status",
    .structure = &dunlin_status_schema,
};
static const DunlinSchemaType type_9 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "MethodHelp",
    .structure = &dunlin_method_help_schema,
};
static const DunlinSchemaType type_10 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<MethodHelp>",
    .element = &type_9,
};
static const DunlinSchemaType type_11 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "UnknownMethod",
    .structure = &dunlin_unknown_method_schema,
};

static const DunlinSchemaMember dunlin_service_state_members[] = {
    { .name = "STARTING", .number = 1, .doc = "Listening, but not yet ready for calls." },
    { .name = "WARMING_UP", .number = 2, .doc = "Answers calls, but has not joined its serverset." },
    { .name = "ALIVE", .number = 3, .doc = "In service." },
    { .name = "DRAINING", .number = 4, .doc = "Left its serverset; finishes what is running and what still comes, then stops." },
};
const DunlinSchemaEnum dunlin_service_state_schema = {
    .name = "ServiceState",
    .doc = "Where a process is in its life.",
    .members = dunlin_service_state_members,
    .n_members = G_N_ELEMENTS (dunlin_service_state_members),
};

static const DunlinSchemaField dunlin_time_fields[] = {
    {
        .id = 1,
        .name = "seconds",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Whole seconds since 1970-01-01T00:00:00Z.",
    },
    {
        .id = 2,
        .name = "nanoseconds",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Nanoseconds within the second, 0 to 999999999.",
    },
    {
        .id = 3,
        .name = "iso8601",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The same moment in ISO 8601 with the offset of the zone: \"2024-02-29T12:30:00.000000000+01:00\".",
    },
    {
        .id = 4,
        .name = "zone",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The service's own time zone, such as \"Europe/Berlin\" or \"UTC\".",
    },
};
const DunlinSchemaStruct dunlin_time_schema = {
    .name = "Time",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "One moment, as the service's clock has it.",
    .get_type = dunlin_time_get_type,
    .fields = dunlin_time_fields,
    .n_fields = G_N_ELEMENTS (dunlin_time_fields),
};

static const DunlinSchemaField dunlin_status_fields[] = {
    {
        .id = 1,
        .name = "state",
        .type = &type_3,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "since",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "When it entered this state.",
    },
    {
        .id = 3,
        .name = "version",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Version of the service's build.",
    },
    {
        .id = 4,
        .name = "service_name",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Name of the service.",
    },
};
const DunlinSchemaStruct dunlin_status_schema = {
    .name = "Status",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "How a service is.",
    .get_type = dunlin_status_get_type,
    .fields = dunlin_status_fields,
    .n_fields = G_N_ELEMENTS (dunlin_status_fields),
};

static const DunlinSchemaField dunlin_field_help_fields[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Its id in the IDL.",
    },
    {
        .id = 2,
        .name = "name",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 3,
        .name = "type",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Its type as the IDL writes it, such as \"map<string, list<i64>>\".",
    },
};
const DunlinSchemaStruct dunlin_field_help_schema = {
    .name = "FieldHelp",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "One argument of a method, or one exception that it declares.",
    .get_type = dunlin_field_help_get_type,
    .fields = dunlin_field_help_fields,
    .n_fields = G_N_ELEMENTS (dunlin_field_help_fields),
};

static const DunlinSchemaField dunlin_method_help_fields[] = {
    {
        .id = 1,
        .name = "name",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "declared_in",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The service that declares it: a method may be inherited.",
    },
    {
        .id = 3,
        .name = "signature",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The whole declaration, such as \"string help_for(1: string method) throws (1: UnknownMethod unknown)\".",
    },
    {
        .id = 4,
        .name = "arguments",
        .type = &type_6,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 5,
        .name = "result",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Type of the result as the IDL writes it; \"void\" for none.",
    },
    {
        .id = 6,
        .name = "exceptions",
        .type = &type_6,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 7,
        .name = "is_oneway",
        .type = &type_7,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Whether it draws no reply.",
    },
    {
        .id = 8,
        .name = "doc",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The IDL's comment; empty when there is none.",
    },
};
const DunlinSchemaStruct dunlin_method_help_schema = {
    .name = "MethodHelp",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "What the IDL says of one method.",
    .get_type = dunlin_method_help_get_type,
    .fields = dunlin_method_help_fields,
    .n_fields = G_N_ELEMENTS (dunlin_method_help_fields),
};

static const DunlinSchemaField dunlin_unknown_method_fields[] = {
    {
        .id = 1,
        .name = "message",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "method",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The name that was asked for.",
    },
};
const DunlinSchemaStruct dunlin_unknown_method_schema = {
    .name = "UnknownMethod",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "The service has no such method.",
    .get_type = dunlin_unknown_method_get_type,
    .fields = dunlin_unknown_method_fields,
    .n_fields = G_N_ELEMENTS (dunlin_unknown_method_fields),
};

static const DunlinSchemaNote dunlin_base_ping_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaNote dunlin_base_now_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaNote dunlin_base_status_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaNote dunlin_base_help_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaField dunlin_base_help_for_arguments[] = {
    {
        .id = 1,
        .name = "method",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField dunlin_base_help_for_exceptions[] = {
    {
        .id = 1,
        .name = "unknown",
        .type = &type_11,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaNote dunlin_base_help_for_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaNote dunlin_base_describe_notes[] = {
    { .name = "idempotent", .value = "true" },
};
const DunlinSchemaMethod dunlin_base_method_schemas[] = {
    {
        .name = "ping",
        .oneway = FALSE,
        .doc = "Answers \"pong\": the cheapest proof that the service is there.",
        .result = &type_2,
        .notes = dunlin_base_ping_notes,
        .n_notes = G_N_ELEMENTS (dunlin_base_ping_notes),
    },
    {
        .name = "now",
        .oneway = FALSE,
        .doc = "The time of the service's clock.",
        .result = &type_4,
        .notes = dunlin_base_now_notes,
        .n_notes = G_N_ELEMENTS (dunlin_base_now_notes),
    },
    {
        .name = "status",
        .oneway = FALSE,
        .doc = "The state of the process, since when it is in it, and what it is.",
        .result = &type_8,
        .notes = dunlin_base_status_notes,
        .n_notes = G_N_ELEMENTS (dunlin_base_status_notes),
    },
    {
        .name = "help",
        .oneway = FALSE,
        .doc = "Every method of the service, its own first, then the inherited ones.",
        .result = &type_10,
        .notes = dunlin_base_help_notes,
        .n_notes = G_N_ELEMENTS (dunlin_base_help_notes),
    },
    {
        .name = "help_for",
        .oneway = FALSE,
        .doc = "One method, by its name.",
        .result = &type_9,
        .arguments = dunlin_base_help_for_arguments,
        .n_arguments = G_N_ELEMENTS (dunlin_base_help_for_arguments),
        .exceptions = dunlin_base_help_for_exceptions,
        .n_exceptions = G_N_ELEMENTS (dunlin_base_help_for_exceptions),
        .notes = dunlin_base_help_for_notes,
        .n_notes = G_N_ELEMENTS (dunlin_base_help_for_notes),
    },
    {
        .name = "describe",
        .oneway = FALSE,
        .doc = "The service's whole IDL, and those that it includes, as JSON: what the Thrift compiler says of\n"
               "each, and each as it was written: {\"service\": \"AddressBook\", \"idl\": \"address_book\",\n"
               "\"idls\": {\"address_book\": {...}, ...}, \"texts\": {\"address_book\": \"...\", ...}}.",
        .result = &type_2,
        .notes = dunlin_base_describe_notes,
        .n_notes = G_N_ELEMENTS (dunlin_base_describe_notes),
    },
};
const DunlinSchemaService dunlin_base_schema = {
    .name = "Base",
    .doc = "The methods of every service.",
    .home = &dunlin_idl_schema,
    .methods = dunlin_base_method_schemas,
    .n_methods = 6,
};

static const DunlinSchemaEnum *const enums[] = {
    &dunlin_service_state_schema,
};

static const DunlinSchemaStruct *const structs[] = {
    &dunlin_time_schema,
    &dunlin_status_schema,
    &dunlin_field_help_schema,
    &dunlin_method_help_schema,
    &dunlin_unknown_method_schema,
};

static const DunlinSchemaService *const services[] = {
    &dunlin_base_schema,
};

const DunlinSchema dunlin_idl_schema = {
    .name = "dunlin",
    .doc = "What every Dunlin service answers besides its own methods: is it there, what time does it\n"
           "think it is, how is it doing, and what can it do. A service gets all of it by extending Base.",
    .text = idl_text,
    .json = dunlin_idl_json,
    .sha256 = "24ce42ba78773ef2c088a7e382c9fcc18bed5bc0210b251471e798a549fbdecc",
    .enums = enums,
    .n_enums = G_N_ELEMENTS (enums),
    .structs = structs,
    .n_structs = G_N_ELEMENTS (structs),
    .services = services,
    .n_services = G_N_ELEMENTS (services),
};
