/* The schema of conformance.thrift. Made by dunlin_gen: not to be edited. */
#include "conformance_schema.h"

const char conformance_idl_json[] =
    "{\n"
    "  \"name\": \"conformance\",\n"
    "  \"doc\": \"The conformance service: what any client in any language can be held against.\\nThe project keeps a copy in tests\\/idl\\/ and serves it with tests\\/conformance_server, which takes\\nthe same settings as every Dunlin service (so also --thrift.port, --tls.mode, --zookeeper.path).\\n\",\n"
    "  \"namespaces\": {\n"
    "    \"c_glib\": \"Conformance\",\n"
    "    \"cpp\": \"conformance\",\n"
    "    \"go\": \"conformance\",\n"
    "    \"java\": \"conformance\",\n"
    "    \"py\": \"conformance\"\n"
    "  },\n"
    "  \"includes\": [\n"
    "  ],\n"
    "  \"enums\": [\n"
    "    {\n"
    "      \"name\": \"Color\",\n"
    "      \"members\": [\n"
    "        {\n"
    "          \"name\": \"RED\",\n"
    "          \"value\": 1\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"GREEN\",\n"
    "          \"value\": 2\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"BLUE\",\n"
    "          \"value\": 10\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"NEGATIVE\",\n"
    "          \"value\": -5\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"typedefs\": [\n"
    "  ],\n"
    "  \"structs\": [\n"
    "    {\n"
    "      \"name\": \"Address\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"id\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"full_name\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"required\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"emails\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"string\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"labels\",\n"
    "          \"typeId\": \"map\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"map\",\n"
    "            \"keyTypeId\": \"string\",\n"
    "            \"valueTypeId\": \"string\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 5,\n"
    "          \"name\": \"updated_at_ms\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"required\": \"optional\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"NotFound\",\n"
    "      \"isException\": true,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"message\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Refused\",\n"
    "      \"isException\": true,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"code\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"reason\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Leaf\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"number\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"required\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"text\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"optional\",\n"
    "          \"default\": \"leaf\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Choice\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": true,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"number\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"text\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"leaf\",\n"
    "          \"typeId\": \"struct\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Leaf\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"numbers\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"i32\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"EveryType\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"flag\",\n"
    "          \"typeId\": \"bool\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"tiny\",\n"
    "          \"typeId\": \"i8\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"small\",\n"
    "          \"typeId\": \"i16\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"medium\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 5,\n"
    "          \"name\": \"large\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 6,\n"
    "          \"name\": \"real\",\n"
    "          \"typeId\": \"double\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 7,\n"
    "          \"name\": \"text\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 8,\n"
    "          \"name\": \"blob\",\n"
    "          \"typeId\": \"binary\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 9,\n"
    "          \"name\": \"color\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 10,\n"
    "          \"name\": \"leaf\",\n"
    "          \"typeId\": \"struct\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Leaf\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 11,\n"
    "          \"name\": \"longs\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"i64\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 12,\n"
    "          \"name\": \"words\",\n"
    "          \"typeId\": \"set\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"set\",\n"
    "            \"elemTypeId\": \"string\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 13,\n"
    "          \"name\": \"counts\",\n"
    "          \"typeId\": \"map\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"map\",\n"
    "            \"keyTypeId\": \"string\",\n"
    "            \"valueTypeId\": \"i32\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 14,\n"
    "          \"name\": \"leaves\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"Leaf\"\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 15,\n"
    "          \"name\": \"groups\",\n"
    "          \"typeId\": \"map\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"map\",\n"
    "            \"keyTypeId\": \"i32\",\n"
    "            \"valueTypeId\": \"list\",\n"
    "            \"valueType\": {\n"
    "              \"typeId\": \"list\",\n"
    "              \"elemTypeId\": \"struct\",\n"
    "              \"elemType\": {\n"
    "                \"typeId\": \"struct\",\n"
    "                \"class\": \"Leaf\"\n"
    "              }\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 16,\n"
    "          \"name\": \"matrix\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"list\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"list\",\n"
    "              \"elemTypeId\": \"double\"\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 17,\n"
    "          \"name\": \"choice\",\n"
    "          \"typeId\": \"union\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"union\",\n"
    "            \"class\": \"Choice\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 18,\n"
    "          \"name\": \"maybe_flag\",\n"
    "          \"typeId\": \"bool\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 19,\n"
    "          \"name\": \"maybe_large\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 20,\n"
    "          \"name\": \"maybe_text\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 21,\n"
    "          \"name\": \"blobs\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"binary\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 22,\n"
    "          \"name\": \"names\",\n"
    "          \"typeId\": \"map\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"map\",\n"
    "            \"keyTypeId\": \"i32\",\n"
    "            \"valueTypeId\": \"string\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 23,\n"
    "          \"name\": \"numbers\",\n"
    "          \"typeId\": \"set\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"set\",\n"
    "            \"elemTypeId\": \"i32\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 24,\n"
    "          \"name\": \"with_default\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\",\n"
    "          \"default\": 42\n"
    "        },\n"
    "        {\n"
    "          \"key\": 25,\n"
    "          \"name\": \"flags\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"bool\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 26,\n"
    "          \"name\": \"nested\",\n"
    "          \"typeId\": \"map\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"map\",\n"
    "            \"keyTypeId\": \"string\",\n"
    "            \"valueTypeId\": \"map\",\n"
    "            \"valueType\": {\n"
    "              \"typeId\": \"map\",\n"
    "              \"keyTypeId\": \"string\",\n"
    "              \"valueTypeId\": \"double\"\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 32767,\n"
    "          \"name\": \"far_away\",\n"
    "          \"typeId\": \"string\",\n"
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
    "      \"functions\": [\n"
    "        {\n"
    "          \"name\": \"ping\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Answers \\\"pong\\\".\\n\",\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"now_ms\",\n"
    "          \"returnTypeId\": \"i64\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Milliseconds since the epoch.\\n\",\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Conformance\",\n"
    "      \"extends\": \"Base\",\n"
    "      \"functions\": [\n"
    "        {\n"
    "          \"name\": \"put\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Address\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Stores an address in memory; gives it an id, from 1000 up, when it has none.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"address\",\n"
    "              \"typeId\": \"struct\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"struct\",\n"
    "                \"class\": \"Address\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"get\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Address\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Id 1 is always there: a fixed record of about 200 bytes on the wire.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"id\",\n"
    "              \"typeId\": \"i64\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"not_found\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"NotFound\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"search\",\n"
    "          \"returnTypeId\": \"list\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"Address\"\n"
    "            }\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"In the order of their ids.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"prefix\",\n"
    "              \"typeId\": \"string\",\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 2,\n"
    "              \"name\": \"limit\",\n"
    "              \"typeId\": \"i32\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"touch\",\n"
    "          \"returnTypeId\": \"void\",\n"
    "          \"oneway\": true,\n"
    "          \"doc\": \"Sets updated_at_ms of an address to now.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"id\",\n"
    "              \"typeId\": \"i64\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"echo\",\n"
    "          \"returnTypeId\": \"binary\",\n"
    "          \"oneway\": false,\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"payload\",\n"
    "              \"typeId\": \"binary\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"sleep\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Waits without holding a thread, then answers \\\"slept <ms>\\\". Ends early when the call is cancelled.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"ms\",\n"
    "              \"typeId\": \"i32\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"spin\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Uses the CPU for so long on the loop itself, as a careless handler would.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"ms\",\n"
    "              \"typeId\": \"i32\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"block\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Blocks a thread of the offload pool for so long.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"ms\",\n"
    "              \"typeId\": \"i32\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"cancelled\",\n"
    "          \"returnTypeId\": \"i64\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"How many calls of sleep() have been cancelled since the start.\\n\",\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"everything\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"EveryType\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"value\",\n"
    "              \"typeId\": \"struct\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"struct\",\n"
    "                \"class\": \"EveryType\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"context\",\n"
    "          \"returnTypeId\": \"map\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"map\",\n"
    "            \"keyTypeId\": \"string\",\n"
    "            \"valueTypeId\": \"string\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"What the handler was told of this call: method, protocol, client_id, trace_id, span_id,\\nparent_id, sampled, deadline_ms (what is left of it), retries, peer_address, peer_identity, tls_version.\\nA key is absent when its fact is.\\n\",\n"
    "          \"arguments\": [\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"fail\",\n"
    "          \"returnTypeId\": \"string\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"\\\"declared\\\" throws Refused, \\\"undeclared\\\" fails with a GError, \\\"nack\\\" refuses the call retryably, \\\"ok\\\" returns.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"kind\",\n"
    "              \"typeId\": \"string\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"refused\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"Refused\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"nothing\",\n"
    "          \"returnTypeId\": \"void\",\n"
    "          \"oneway\": false,\n"
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
    " * The conformance service: what any client in any language can be held against.\n"
    " * The project keeps a copy in tests/idl/ and serves it with tests/conformance_server, which takes\n"
    " * the same settings as every Dunlin service (so also --thrift.port, --tls.mode, --zookeeper.path).\n"
    " */\n"
    "namespace c_glib Conformance\n"
    "namespace java conformance\n"
    "namespace py conformance\n"
    "namespace go conformance\n"
    "namespace cpp conformance\n"
    "\n"
    "enum Color { RED = 1, GREEN = 2, BLUE = 10, NEGATIVE = -5 }\n"
    "\n"
    "struct Address {\n"
    "  1: optional i64 id\n"
    "  2: required string full_name\n"
    "  3: optional list<string> emails\n"
    "  4: optional map<string, string> labels\n"
    "  5: optional i64 updated_at_ms\n"
    "}\n"
    "\n"
    "exception NotFound { 1: string message }\n"
    "exception Refused { 1: i32 code, 2: string reason }\n"
    "\n"
    "struct Leaf { 1: required i32 number, 2: optional string text = \"leaf\" }\n"
    "\n"
    "union Choice { 1: i64 number, 2: string text, 3: Leaf leaf, 4: list<i32> numbers }\n"
    "\n"
    "struct EveryType {\n"
    "  1: bool flag\n"
    "  2: byte tiny\n"
    "  3: i16 small\n"
    "  4: i32 medium\n"
    "  5: i64 large\n"
    "  6: double real\n"
    "  7: string text\n"
    "  8: binary blob\n"
    "  9: Color color\n"
    "  10: Leaf leaf\n"
    "  11: list<i64> longs\n"
    "  12: set<string> words\n"
    "  13: map<string, i32> counts\n"
    "  14: list<Leaf> leaves\n"
    "  15: map<i32, list<Leaf>> groups\n"
    "  16: list<list<double>> matrix\n"
    "  17: optional Choice choice\n"
    "  18: optional bool maybe_flag\n"
    "  19: optional i64 maybe_large\n"
    "  20: optional string maybe_text\n"
    "  21: list<binary> blobs\n"
    "  22: map<Color, string> names\n"
    "  23: set<i32> numbers\n"
    "  24: i32 with_default = 42\n"
    "  25: list<bool> flags\n"
    "  26: map<string, map<string, double>> nested\n"
    "  32767: string far_away\n"
    "}\n"
    "\n"
    "service Base {\n"
    "  /** Answers \"pong\". */\n"
    "  string ping()\n"
    "  /** Milliseconds since the epoch. */\n"
    "  i64 now_ms()\n"
    "}\n"
    "\n"
    "service Conformance extends Base {\n"
    "  /** Stores an address in memory; gives it an id, from 1000 up, when it has none. */\n"
    "  Address put(1: Address address)\n"
    "  /** Id 1 is always there: a fixed record of about 200 bytes on the wire. */\n"
    "  Address get(1: i64 id) throws (1: NotFound not_found)\n"
    "  /** In the order of their ids. */\n"
    "  list<Address> search(1: string prefix, 2: i32 limit)\n"
    "  /** Sets updated_at_ms of an address to now. */\n"
    "  oneway void touch(1: i64 id)\n"
    "  binary echo(1: binary payload)\n"
    "  /** Waits without holding a thread, then answers \"slept <ms>\". Ends early when the call is cancelled. */\n"
    "  string sleep(1: i32 ms)\n"
    "  /** Uses the CPU for so long on the loop itself, as a careless handler would. */\n"
    "  string spin(1: i32 ms)\n"
    "  /** Blocks a thread of the offload pool for so long. */\n"
    "  string block(1: i32 ms)\n"
    "  /** How many calls of sleep() have been cancelled since the start. */\n"
    "  i64 cancelled()\n"
    "  EveryType everything(1: EveryType value)\n"
    "  /**\n"
    "   * What the handler was told of this call: method, protocol, client_id, trace_id, span_id,\n"
    "   * parent_id, sampled, deadline_ms (what is left of it), retries, peer_address, peer_identity, tls_version.\n"
    "   * A key is absent when its fact is.\n"
    "   */\n"
    "  map<string, string> context()\n"
    "  /** \"declared\" throws Refused, \"undeclared\" fails with a GError, \"nack\" refuses the call retryably, \"ok\" returns. */\n"
    "  string fail(1: string kind) throws (1: Refused refused)\n"
    "  void nothing()\n"
    "}\n";

static const DunlinSchemaType type_0 = {
    .kind = DUNLIN_SCHEMA_I64,
    .text = "i64",
};
static const DunlinSchemaType type_1 = {
    .kind = DUNLIN_SCHEMA_STRING,
    .text = "string",
};
static const DunlinSchemaType type_2 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<string>",
    .element = &type_1,
};
static const DunlinSchemaType type_3 = {
    .kind = DUNLIN_SCHEMA_MAP,
    .text = "map<string, string>",
    .key = &type_1,
    .element = &type_1,
};
static const DunlinSchemaType type_4 = {
    .kind = DUNLIN_SCHEMA_I32,
    .text = "i32",
};
static const DunlinSchemaType type_5 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Leaf",
    .structure = &conformance_leaf_schema,
};
static const DunlinSchemaType type_6 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<i32>",
    .element = &type_4,
};
static const DunlinSchemaType type_7 = {
    .kind = DUNLIN_SCHEMA_BOOL,
    .text = "bool",
};
static const DunlinSchemaType type_8 = {
    .kind = DUNLIN_SCHEMA_I8,
    .text = "byte",
};
static const DunlinSchemaType type_9 = {
    .kind = DUNLIN_SCHEMA_I16,
    .text = "i16",
};
static const DunlinSchemaType type_10 = {
    .kind = DUNLIN_SCHEMA_DOUBLE,
    .text = "double",
};
static const DunlinSchemaType type_11 = {
    .kind = DUNLIN_SCHEMA_BINARY,
    .text = "binary",
};
static const DunlinSchemaType type_12 = {
    .kind = DUNLIN_SCHEMA_ENUM,
    .text = "Color",
    .enumeration = &conformance_color_schema,
};
static const DunlinSchemaType type_13 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<i64>",
    .element = &type_0,
};
static const DunlinSchemaType type_14 = {
    .kind = DUNLIN_SCHEMA_SET,
    .text = "set<string>",
    .element = &type_1,
};
static const DunlinSchemaType type_15 = {
    .kind = DUNLIN_SCHEMA_MAP,
    .text = "map<string, i32>",
    .key = &type_1,
    .element = &type_4,
};
static const DunlinSchemaType type_16 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<Leaf>",
    .element = &type_5,
};
static const DunlinSchemaType type_17 = {
    .kind = DUNLIN_SCHEMA_MAP,
    .text = "map<i32, list<Leaf>>",
    .key = &type_4,
    .element = &type_16,
};
static const DunlinSchemaType type_18 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<double>",
    .element = &type_10,
};
static const DunlinSchemaType type_19 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<list<double>>",
    .element = &type_18,
};
static const DunlinSchemaType type_20 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Choice",
    .structure = &conformance_choice_schema,
};
static const DunlinSchemaType type_21 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<binary>",
    .element = &type_11,
};
static const DunlinSchemaType type_22 = {
    .kind = DUNLIN_SCHEMA_MAP,
    .text = "map<Color, string>",
    .key = &type_12,
    .element = &type_1,
};
static const DunlinSchemaType type_23 = {
    .kind = DUNLIN_SCHEMA_SET,
    .text = "set<i32>",
    .element = &type_4,
};
static const DunlinSchemaType type_24 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<bool>",
    .element = &type_7,
};
static const DunlinSchemaType type_25 = {
    .kind = DUNLIN_SCHEMA_MAP,
    .text = "map<string, double>",
    .key = &type_1,
    .element = &type_10,
};
static const DunlinSchemaType type_26 = {
    .kind = DUNLIN_SCHEMA_MAP,
    .text = "map<string, map<string, double>>",
    .key = &type_1,
    .element = &type_25,
};
static const DunlinSchemaType type_27 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Address",
    .structure = &conformance_address_schema,
};
static const DunlinSchemaType type_28 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "NotFound",
    .structure = &conformance_not_found_schema,
};
static const DunlinSchemaType type_29 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<Address>",
    .element = &type_27,
};
static const DunlinSchemaType type_30 = {
    .kind = DUNLIN_SCHEMA_VOID,
    .text = "void",
};
static const DunlinSchemaType type_31 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "EveryType",
    .structure = &conformance_every_type_schema,
};
static const DunlinSchemaType type_32 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Refused",
    .structure = &conformance_refused_schema,
};

static const DunlinSchemaMember conformance_color_members[] = {
    { .name = "RED", .number = 1, .doc = "" },
    { .name = "GREEN", .number = 2, .doc = "" },
    { .name = "BLUE", .number = 10, .doc = "" },
    { .name = "NEGATIVE", .number = -5, .doc = "" },
};
const DunlinSchemaEnum conformance_color_schema = {
    .name = "Color",
    .doc = "",
    .members = conformance_color_members,
    .n_members = G_N_ELEMENTS (conformance_color_members),
};

static const DunlinSchemaField conformance_address_fields[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 2,
        .name = "full_name",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_REQUIRED,
        .doc = "",
    },
    {
        .id = 3,
        .name = "emails",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 4,
        .name = "labels",
        .type = &type_3,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 5,
        .name = "updated_at_ms",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
};
const DunlinSchemaStruct conformance_address_schema = {
    .name = "Address",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "",
    .get_type = conformance_address_get_type,
    .fields = conformance_address_fields,
    .n_fields = G_N_ELEMENTS (conformance_address_fields),
};

static const DunlinSchemaField conformance_not_found_fields[] = {
    {
        .id = 1,
        .name = "message",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaStruct conformance_not_found_schema = {
    .name = "NotFound",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "",
    .get_type = conformance_not_found_get_type,
    .fields = conformance_not_found_fields,
    .n_fields = G_N_ELEMENTS (conformance_not_found_fields),
};

static const DunlinSchemaField conformance_refused_fields[] = {
    {
        .id = 1,
        .name = "code",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "reason",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaStruct conformance_refused_schema = {
    .name = "Refused",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "",
    .get_type = conformance_refused_get_type,
    .fields = conformance_refused_fields,
    .n_fields = G_N_ELEMENTS (conformance_refused_fields),
};

static const DunlinSchemaField conformance_leaf_fields[] = {
    {
        .id = 1,
        .name = "number",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_REQUIRED,
        .doc = "",
    },
    {
        .id = 2,
        .name = "text",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .value = "\"leaf\"",
        .doc = "",
    },
};
const DunlinSchemaStruct conformance_leaf_schema = {
    .name = "Leaf",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "",
    .get_type = conformance_leaf_get_type,
    .fields = conformance_leaf_fields,
    .n_fields = G_N_ELEMENTS (conformance_leaf_fields),
};

static const DunlinSchemaField conformance_choice_fields[] = {
    {
        .id = 1,
        .name = "number",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 2,
        .name = "text",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 3,
        .name = "leaf",
        .type = &type_5,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 4,
        .name = "numbers",
        .type = &type_6,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
};
const DunlinSchemaStruct conformance_choice_schema = {
    .name = "Choice",
    .form = DUNLIN_SCHEMA_FORM_UNION,
    .doc = "",
    .get_type = conformance_choice_get_type,
    .fields = conformance_choice_fields,
    .n_fields = G_N_ELEMENTS (conformance_choice_fields),
};

static const DunlinSchemaField conformance_every_type_fields[] = {
    {
        .id = 1,
        .name = "flag",
        .type = &type_7,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "tiny",
        .type = &type_8,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 3,
        .name = "small",
        .type = &type_9,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 4,
        .name = "medium",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 5,
        .name = "large",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 6,
        .name = "real",
        .type = &type_10,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 7,
        .name = "text",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 8,
        .name = "blob",
        .type = &type_11,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 9,
        .name = "color",
        .type = &type_12,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 10,
        .name = "leaf",
        .type = &type_5,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 11,
        .name = "longs",
        .type = &type_13,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 12,
        .name = "words",
        .type = &type_14,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 13,
        .name = "counts",
        .type = &type_15,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 14,
        .name = "leaves",
        .type = &type_16,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 15,
        .name = "groups",
        .type = &type_17,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 16,
        .name = "matrix",
        .type = &type_19,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 17,
        .name = "choice",
        .type = &type_20,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 18,
        .name = "maybe_flag",
        .type = &type_7,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 19,
        .name = "maybe_large",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 20,
        .name = "maybe_text",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
    },
    {
        .id = 21,
        .name = "blobs",
        .type = &type_21,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 22,
        .name = "names",
        .type = &type_22,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 23,
        .name = "numbers",
        .type = &type_23,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 24,
        .name = "with_default",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .value = "42",
        .doc = "",
    },
    {
        .id = 25,
        .name = "flags",
        .type = &type_24,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 26,
        .name = "nested",
        .type = &type_26,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 32767,
        .name = "far_away",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaStruct conformance_every_type_schema = {
    .name = "EveryType",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "",
    .get_type = conformance_every_type_get_type,
    .fields = conformance_every_type_fields,
    .n_fields = G_N_ELEMENTS (conformance_every_type_fields),
};

const DunlinSchemaMethod conformance_base_method_schemas[] = {
    {
        .name = "ping",
        .oneway = FALSE,
        .doc = "Answers \"pong\".",
        .result = &type_1,
    },
    {
        .name = "now_ms",
        .oneway = FALSE,
        .doc = "Milliseconds since the epoch.",
        .result = &type_0,
    },
};
const DunlinSchemaService conformance_base_schema = {
    .name = "Base",
    .doc = "",
    .home = &conformance_idl_schema,
    .methods = conformance_base_method_schemas,
    .n_methods = 2,
};

static const DunlinSchemaField conformance_put_arguments[] = {
    {
        .id = 1,
        .name = "address",
        .type = &type_27,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_get_arguments[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_get_exceptions[] = {
    {
        .id = 1,
        .name = "not_found",
        .type = &type_28,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_search_arguments[] = {
    {
        .id = 1,
        .name = "prefix",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "limit",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_touch_arguments[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_echo_arguments[] = {
    {
        .id = 1,
        .name = "payload",
        .type = &type_11,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_sleep_arguments[] = {
    {
        .id = 1,
        .name = "ms",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_spin_arguments[] = {
    {
        .id = 1,
        .name = "ms",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_block_arguments[] = {
    {
        .id = 1,
        .name = "ms",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_everything_arguments[] = {
    {
        .id = 1,
        .name = "value",
        .type = &type_31,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_fail_arguments[] = {
    {
        .id = 1,
        .name = "kind",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField conformance_fail_exceptions[] = {
    {
        .id = 1,
        .name = "refused",
        .type = &type_32,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaMethod conformance_method_schemas[] = {
    {
        .name = "put",
        .oneway = FALSE,
        .doc = "Stores an address in memory; gives it an id, from 1000 up, when it has none.",
        .result = &type_27,
        .arguments = conformance_put_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_put_arguments),
    },
    {
        .name = "get",
        .oneway = FALSE,
        .doc = "Id 1 is always there: a fixed record of about 200 bytes on the wire.",
        .result = &type_27,
        .arguments = conformance_get_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_get_arguments),
        .exceptions = conformance_get_exceptions,
        .n_exceptions = G_N_ELEMENTS (conformance_get_exceptions),
    },
    {
        .name = "search",
        .oneway = FALSE,
        .doc = "In the order of their ids.",
        .result = &type_29,
        .arguments = conformance_search_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_search_arguments),
    },
    {
        .name = "touch",
        .oneway = TRUE,
        .doc = "Sets updated_at_ms of an address to now.",
        .result = &type_30,
        .arguments = conformance_touch_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_touch_arguments),
    },
    {
        .name = "echo",
        .oneway = FALSE,
        .doc = "",
        .result = &type_11,
        .arguments = conformance_echo_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_echo_arguments),
    },
    {
        .name = "sleep",
        .oneway = FALSE,
        .doc = "Waits without holding a thread, then answers \"slept <ms>\". Ends early when the call is cancelled.",
        .result = &type_1,
        .arguments = conformance_sleep_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_sleep_arguments),
    },
    {
        .name = "spin",
        .oneway = FALSE,
        .doc = "Uses the CPU for so long on the loop itself, as a careless handler would.",
        .result = &type_1,
        .arguments = conformance_spin_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_spin_arguments),
    },
    {
        .name = "block",
        .oneway = FALSE,
        .doc = "Blocks a thread of the offload pool for so long.",
        .result = &type_1,
        .arguments = conformance_block_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_block_arguments),
    },
    {
        .name = "cancelled",
        .oneway = FALSE,
        .doc = "How many calls of sleep() have been cancelled since the start.",
        .result = &type_0,
    },
    {
        .name = "everything",
        .oneway = FALSE,
        .doc = "",
        .result = &type_31,
        .arguments = conformance_everything_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_everything_arguments),
    },
    {
        .name = "context",
        .oneway = FALSE,
        .doc = "What the handler was told of this call: method, protocol, client_id, trace_id, span_id,\n"
               "parent_id, sampled, deadline_ms (what is left of it), retries, peer_address, peer_identity, tls_version.\n"
               "A key is absent when its fact is.",
        .result = &type_3,
    },
    {
        .name = "fail",
        .oneway = FALSE,
        .doc = "\"declared\" throws Refused, \"undeclared\" fails with a GError, \"nack\" refuses the call retryably, \"ok\" returns.",
        .result = &type_1,
        .arguments = conformance_fail_arguments,
        .n_arguments = G_N_ELEMENTS (conformance_fail_arguments),
        .exceptions = conformance_fail_exceptions,
        .n_exceptions = G_N_ELEMENTS (conformance_fail_exceptions),
    },
    {
        .name = "nothing",
        .oneway = FALSE,
        .doc = "",
        .result = &type_30,
    },
};
const DunlinSchemaService conformance_schema = {
    .name = "Conformance",
    .doc = "",
    .home = &conformance_idl_schema,
    .parent = &conformance_base_schema,
    .methods = conformance_method_schemas,
    .n_methods = 13,
};

static const DunlinSchemaEnum *const enums[] = {
    &conformance_color_schema,
};

static const DunlinSchemaStruct *const structs[] = {
    &conformance_address_schema,
    &conformance_not_found_schema,
    &conformance_refused_schema,
    &conformance_leaf_schema,
    &conformance_choice_schema,
    &conformance_every_type_schema,
};

static const DunlinSchemaService *const services[] = {
    &conformance_base_schema,
    &conformance_schema,
};

const DunlinSchema conformance_idl_schema = {
    .name = "conformance",
    .doc = "The conformance service: what any client in any language can be held against.\n"
           "The project keeps a copy in tests/idl/ and serves it with tests/conformance_server, which takes\n"
           "the same settings as every Dunlin service (so also --thrift.port, --tls.mode, --zookeeper.path).",
    .text = idl_text,
    .json = conformance_idl_json,
    .sha256 = "d26c37d54f618eb2c860b7b599b95482b853349b868c173ecb136834e946b602",
    .enums = enums,
    .n_enums = G_N_ELEMENTS (enums),
    .structs = structs,
    .n_structs = G_N_ELEMENTS (structs),
    .services = services,
    .n_services = G_N_ELEMENTS (services),
};
