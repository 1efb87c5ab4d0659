/* The schema of address_book.thrift. Made by dunlin_gen: not to be edited. */
#include "address_book_schema.h"

const char address_book_idl_json[] =
    "{\n"
    "  \"name\": \"address_book\",\n"
    "  \"doc\": \"An address book: contacts that are found by name, kept by several people at once.\\n\\nTimes are milliseconds since 1970-01-01T00:00:00Z. Texts are UTF-8. Where a length is limited it\\nis counted in characters.\\n\",\n"
    "  \"namespaces\": {\n"
    "    \"c_glib\": \"AddressBook\",\n"
    "    \"cpp\": \"address_book\",\n"
    "    \"go\": \"address_book\",\n"
    "    \"java\": \"addressbook\",\n"
    "    \"py\": \"address_book\",\n"
    "    \"scala\": \"addressbook\"\n"
    "  },\n"
    "  \"includes\": [\n"
    "    \"dunlin\"\n"
    "  ],\n"
    "  \"enums\": [\n"
    "    {\n"
    "      \"name\": \"PhoneKind\",\n"
    "      \"doc\": \"What a telephone number is for.\\n\",\n"
    "      \"members\": [\n"
    "        {\n"
    "          \"name\": \"MOBILE\",\n"
    "          \"value\": 1\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"HOME\",\n"
    "          \"value\": 2\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"WORK\",\n"
    "          \"value\": 3\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"FAX\",\n"
    "          \"value\": 4\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"OTHER\",\n"
    "          \"value\": 5\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"AddressKind\",\n"
    "      \"doc\": \"What a postal address is for.\\n\",\n"
    "      \"members\": [\n"
    "        {\n"
    "          \"name\": \"HOME\",\n"
    "          \"value\": 1\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"WORK\",\n"
    "          \"value\": 2\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"OTHER\",\n"
    "          \"value\": 3\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"typedefs\": [\n"
    "  ],\n"
    "  \"structs\": [\n"
    "    {\n"
    "      \"name\": \"Name\",\n"
    "      \"doc\": \"How a person or an organisation is called. At least one of given and family is not empty.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"given\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"100\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"family\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"100\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"middle\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"100\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"title\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Such as \\\"Dr\\\".\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"50\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 5,\n"
    "          \"name\": \"suffix\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Such as \\\"Jr\\\".\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"50\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 6,\n"
    "          \"name\": \"nickname\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"What friends say.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"100\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Phone\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"kind\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"number\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"E.164, or as people dial it: digits, spaces and any of + - ( ) . \\/\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"40\",\n"
    "            \"min_length\": \"3\",\n"
    "            \"pattern\": \"^[0-9 +().\\/-]+$\",\n"
    "            \"sensitive\": \"true\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"PostalAddress\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"kind\",\n"
    "          \"typeId\": \"i32\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"lines\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"string\"\n"
    "          },\n"
    "          \"doc\": \"Street, house number, floor: at least one line, at most five.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"city\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"100\",\n"
    "            \"min_length\": \"1\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"region\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"100\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 5,\n"
    "          \"name\": \"postal_code\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"20\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 6,\n"
    "          \"name\": \"country\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"ISO 3166-1 alpha-2, capital letters.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"pattern\": \"^[A-Z][A-Z]$\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Contact\",\n"
    "      \"doc\": \"One entry of the book.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"id\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"Given by create(); unset before.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"revision\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"Rises by one with every change: update() and remove() compare it. Set by the service.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"name\",\n"
    "          \"typeId\": \"struct\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Name\"\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 4,\n"
    "          \"name\": \"organisation\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"200\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 5,\n"
    "          \"name\": \"emails\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"string\"\n"
    "          },\n"
    "          \"doc\": \"An address belongs to one contact only, whatever the case of its letters. At most 20.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 6,\n"
    "          \"name\": \"phones\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"Phone\"\n"
    "            }\n"
    "          },\n"
    "          \"doc\": \"At most 20.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 7,\n"
    "          \"name\": \"addresses\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"PostalAddress\"\n"
    "            }\n"
    "          },\n"
    "          \"doc\": \"At most 20.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 8,\n"
    "          \"name\": \"labels\",\n"
    "          \"typeId\": \"set\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"set\",\n"
    "            \"elemTypeId\": \"string\"\n"
    "          },\n"
    "          \"doc\": \"Words of the owner's choice, such as \\\"family\\\". At most 50, each at most 50 characters.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 9,\n"
    "          \"name\": \"notes\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"annotations\":           {\n"
    "            \"max_length\": \"10000\",\n"
    "            \"sensitive\": \"true\"\n"
    "          },\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 10,\n"
    "          \"name\": \"created_ms\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"Set by the service.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 11,\n"
    "          \"name\": \"updated_ms\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"Set by the service.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 12,\n"
    "          \"name\": \"last_used_ms\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"When mark_used() was called last; does not count as a change. Set by the service.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Page\",\n"
    "      \"doc\": \"Some contacts of a search, in the order of family name, given name, id.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"contacts\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"Contact\"\n"
    "            }\n"
    "          },\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"next_cursor\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Hand it to search() for what follows; unset on the last page.\\n\",\n"
    "          \"required\": \"optional\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"Batch\",\n"
    "      \"doc\": \"Contacts by their ids.\\n\",\n"
    "      \"isException\": false,\n"
    "      \"isUnion\": false,\n"
    "      \"fields\": [\n"
    "        {\n"
    "          \"key\": 1,\n"
    "          \"name\": \"contacts\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"struct\",\n"
    "            \"elemType\": {\n"
    "              \"typeId\": \"struct\",\n"
    "              \"class\": \"Contact\"\n"
    "            }\n"
    "          },\n"
    "          \"doc\": \"Those that there are, in the order in which they were asked for, each once.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 2,\n"
    "          \"name\": \"missing\",\n"
    "          \"typeId\": \"list\",\n"
    "          \"type\": {\n"
    "            \"typeId\": \"list\",\n"
    "            \"elemTypeId\": \"i64\"\n"
    "          },\n"
    "          \"doc\": \"The ids that there are not.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"NotFound\",\n"
    "      \"doc\": \"There is no contact with this id.\\n\",\n"
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
    "    },\n"
    "    {\n"
    "      \"name\": \"AlreadyExists\",\n"
    "      \"doc\": \"Another contact has one of the e-mail addresses.\\n\",\n"
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
    "          \"name\": \"email\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"The e-mail address.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"id\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"Id of the contact that has it.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"RevisionConflict\",\n"
    "      \"doc\": \"Somebody else has changed the contact since it was read: read it again, and decide again.\\n\",\n"
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
    "        },\n"
    "        {\n"
    "          \"key\": 3,\n"
    "          \"name\": \"current_revision\",\n"
    "          \"typeId\": \"i64\",\n"
    "          \"doc\": \"The contact's revision now.\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"InvalidArgument\",\n"
    "      \"doc\": \"A value is not allowed.\\n\",\n"
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
    "          \"name\": \"field\",\n"
    "          \"typeId\": \"string\",\n"
    "          \"doc\": \"Which, as a path: \\\"contact.phones[1].number\\\".\\n\",\n"
    "          \"required\": \"req_out\"\n"
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ],\n"
    "  \"constants\": [\n"
    "    {\n"
    "      \"name\": \"DEFAULT_PAGE\",\n"
    "      \"typeId\": \"i32\",\n"
    "      \"doc\": \"Contacts that search() gives at once when the caller names no limit.\\n\",\n"
    "      \"value\": 50\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"MAX_PAGE\",\n"
    "      \"typeId\": \"i32\",\n"
    "      \"doc\": \"Contacts that search() gives at once at most.\\n\",\n"
    "      \"value\": 500\n"
    "    },\n"
    "    {\n"
    "      \"name\": \"MAX_BATCH\",\n"
    "      \"typeId\": \"i32\",\n"
    "      \"doc\": \"Contacts that get_many() takes at once at most.\\n\",\n"
    "      \"value\": 500\n"
    "    }\n"
    "  ],\n"
    "  \"services\": [\n"
    "    {\n"
    "      \"name\": \"AddressBook\",\n"
    "      \"extends\": \"dunlin.Base\",\n"
    "      \"doc\": \"The address book.\\n\",\n"
    "      \"functions\": [\n"
    "        {\n"
    "          \"name\": \"create\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Contact\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Stores a new contact. Id, revision and times of the argument are ignored.\\nReturns the contact as stored: with its id, revision 1 and times.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"contact\",\n"
    "              \"typeId\": \"struct\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"struct\",\n"
    "                \"class\": \"Contact\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"exists\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"AlreadyExists\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 2,\n"
    "              \"name\": \"invalid\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"InvalidArgument\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"get\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Contact\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"One contact.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
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
    "          \"name\": \"update\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Contact\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Replaces the contact that has this id, provided that its revision is still the one given.\\nReturns the contact as stored, with its new revision.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"contact\",\n"
    "              \"typeId\": \"struct\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"struct\",\n"
    "                \"class\": \"Contact\"\n"
    "              },\n"
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
    "            },\n"
    "            {\n"
    "              \"key\": 2,\n"
    "              \"name\": \"exists\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"AlreadyExists\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 3,\n"
    "              \"name\": \"conflict\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"RevisionConflict\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 4,\n"
    "              \"name\": \"invalid\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"InvalidArgument\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"remove\",\n"
    "          \"returnTypeId\": \"void\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Removes a contact, provided that its revision is still the one given; 0 stands for any.\\n\",\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"id\",\n"
    "              \"typeId\": \"i64\",\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 2,\n"
    "              \"name\": \"revision\",\n"
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
    "            },\n"
    "            {\n"
    "              \"key\": 2,\n"
    "              \"name\": \"conflict\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"RevisionConflict\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"search\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Page\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Contacts whose given name, family name, nickname or organisation begins with the prefix,\\nwhatever the case of its letters; an empty prefix finds all. limit 0 stands for DEFAULT_PAGE.\\nThe first page has an empty cursor, the next ones Page.next_cursor of the one before.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"prefix\",\n"
    "              \"typeId\": \"string\",\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 2,\n"
    "              \"name\": \"cursor\",\n"
    "              \"typeId\": \"string\",\n"
    "              \"required\": \"req_out\"\n"
    "            },\n"
    "            {\n"
    "              \"key\": 3,\n"
    "              \"name\": \"limit\",\n"
    "              \"typeId\": \"i32\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"invalid\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"InvalidArgument\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"count\",\n"
    "          \"returnTypeId\": \"i64\",\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"How many contacts search() would find in all.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"prefix\",\n"
    "              \"typeId\": \"string\",\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"get_many\",\n"
    "          \"returnTypeId\": \"struct\",\n"
    "          \"returnType\": {\n"
    "            \"typeId\": \"struct\",\n"
    "            \"class\": \"Batch\"\n"
    "          },\n"
    "          \"oneway\": false,\n"
    "          \"doc\": \"Several contacts at once; at most MAX_BATCH.\\n\",\n"
    "          \"annotations\":           {\n"
    "            \"idempotent\": \"true\"\n"
    "          },\n"
    "          \"arguments\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"ids\",\n"
    "              \"typeId\": \"list\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"list\",\n"
    "                \"elemTypeId\": \"i64\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ],\n"
    "          \"exceptions\": [\n"
    "            {\n"
    "              \"key\": 1,\n"
    "              \"name\": \"invalid\",\n"
    "              \"typeId\": \"exception\",\n"
    "              \"type\": {\n"
    "                \"typeId\": \"exception\",\n"
    "                \"class\": \"InvalidArgument\"\n"
    "              },\n"
    "              \"required\": \"req_out\"\n"
    "            }\n"
    "          ]\n"
    "        },\n"
    "        {\n"
    "          \"name\": \"mark_used\",\n"
    "          \"returnTypeId\": \"void\",\n"
    "          \"oneway\": true,\n"
    "          \"doc\": \"Notes that a contact was made use of now. An unknown id is ignored.\\n\",\n"
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
    "        }\n"
    "      ]\n"
    "    }\n"
    "  ]\n"
    "}\n";

static const char idl_text[] =
    "/**\n"
    " * An address book: contacts that are found by name, kept by several people at once.\n"
    " *\n"
    " * Times are milliseconds since 1970-01-01T00:00:00Z. Texts are UTF-8. Where a length is limited it\n"
    " * is counted in characters.\n"
    " */\n"
    "include \"dunlin.thrift\"\n"
    "\n"
    "namespace c_glib AddressBook\n"
    "namespace java addressbook\n"
    "namespace scala addressbook\n"
    "namespace py address_book\n"
    "namespace cpp address_book\n"
    "namespace go address_book\n"
    "\n"
    "/** Contacts that search() gives at once when the caller names no limit. */\n"
    "const i32 DEFAULT_PAGE = 50\n"
    "\n"
    "/** Contacts that search() gives at once at most. */\n"
    "const i32 MAX_PAGE = 500\n"
    "\n"
    "/** Contacts that get_many() takes at once at most. */\n"
    "const i32 MAX_BATCH = 500\n"
    "\n"
    "/**\n"
    " * What a telephone number is for.\n"
    " */\n"
    "enum PhoneKind {\n"
    "  MOBILE = 1,\n"
    "  HOME = 2,\n"
    "  WORK = 3,\n"
    "  FAX = 4,\n"
    "  OTHER = 5\n"
    "}\n"
    "\n"
    "/**\n"
    " * What a postal address is for.\n"
    " */\n"
    "enum AddressKind {\n"
    "  HOME = 1,\n"
    "  WORK = 2,\n"
    "  OTHER = 3\n"
    "}\n"
    "\n"
    "/**\n"
    " * How a person or an organisation is called. At least one of given and family is not empty.\n"
    " */\n"
    "struct Name {\n"
    "  1: string given (max_length = \"100\")\n"
    "  2: string family (max_length = \"100\")\n"
    "  3: optional string middle (max_length = \"100\")\n"
    "  /** Such as \"Dr\". */\n"
    "  4: optional string title (max_length = \"50\")\n"
    "  /** Such as \"Jr\". */\n"
    "  5: optional string suffix (max_length = \"50\")\n"
    "  /** What friends say. */\n"
    "  6: optional string nickname (max_length = \"100\")\n"
    "}\n"
    "\n"
    "struct Phone {\n"
    "  1: PhoneKind kind\n"
    "  /** E.164, or as people dial it: digits, spaces and any of + - ( ) . / */\n"
    "  2: string number (min_length = \"3\", max_length = \"40\", pattern = \"^[0-9 +()./-]+$\", sensitive = \"true\")\n"
    "}\n"
    "\n"
    "struct PostalAddress {\n"
    "  1: AddressKind kind\n"
    "  /** Street, house number, floor: at least one line, at most five. */\n"
    "  2: list<string> lines\n"
    "  3: string city (min_length = \"1\", max_length = \"100\")\n"
    "  4: optional string region (max_length = \"100\")\n"
    "  5: optional string postal_code (max_length = \"20\")\n"
    "  /** ISO 3166-1 alpha-2, capital letters. */\n"
    "  6: string country (pattern = \"^[A-Z][A-Z]$\")\n"
    "}\n"
    "\n"
    "/**\n"
    " * One entry of the book.\n"
    " */\n"
    "struct Contact {\n"
    "  /** Given by create(); unset before. */\n"
    "  1: optional i64 id\n"
    "  /** Rises by one with every change: update() and remove() compare it. Set by the service. */\n"
    "  2: i64 revision\n"
    "  3: Name name\n"
    "  4: optional string organisation (max_length = \"200\")\n"
    "  /** An address belongs to one contact only, whatever the case of its letters. At most 20. */\n"
    "  5: list<string> emails\n"
    "  /** At most 20. */\n"
    "  6: list<Phone> phones\n"
    "  /** At most 20. */\n"
    "  7: list<PostalAddress> addresses\n"
    "  /** Words of the owner's choice, such as \"family\". At most 50, each at most 50 characters. */\n"
    "  8: set<string> labels\n"
    "  9: optional string notes (max_length = \"10000\", sensitive = \"true\")\n"
    "  /** Set by the service. */\n"
    "  10: optional i64 created_ms\n"
    "  /** Set by the service. */\n"
    "  11: optional i64 updated_ms\n"
    "  /** When mark_used() was called last; does not count as a change. Set by the service. */\n"
    "  12: optional i64 last_used_ms\n"
    "}\n"
    "\n"
    "/**\n"
    " * Some contacts of a search, in the order of family name, given name, id.\n"
    " */\n"
    "struct Page {\n"
    "  1: list<Contact> contacts\n"
    "  /** Hand it to search() for what follows; unset on the last page. */\n"
    "  2: optional string next_cursor\n"
    "}\n"
    "\n"
    "/**\n"
    " * Contacts by their ids.\n"
    " */\n"
    "struct Batch {\n"
    "  /** Those that there are, in the order in which they were asked for, each once. */\n"
    "  1: list<Contact> contacts\n"
    "  /** The ids that there are not. */\n"
    "  2: list<i64> missing\n"
    "}\n"
    "\n"
    "/**\n"
    " * There is no contact with this id.\n"
    " */\n"
    "exception NotFound {\n"
    "  1: string message\n"
    "  2: i64 id\n"
    "}\n"
    "\n"
    "/**\n"
    " * Another contact has one of the e-mail addresses.\n"
    " */\n"
    "exception AlreadyExists {\n"
    "  1: string message\n"
    "  /** The e-mail address. */\n"
    "  2: string email\n"
    "  /** Id of the contact that has it. */\n"
    "  3: i64 id\n"
    "}\n"
    "\n"
    "/**\n"
    " * Somebody else has changed the contact since it was read: read it again, and decide again.\n"
    " */\n"
    "exception RevisionConflict {\n"
    "  1: string message\n"
    "  2: i64 id\n"
    "  /** The contact's revision now. */\n"
    "  3: i64 current_revision\n"
    "}\n"
    "\n"
    "/**\n"
    " * A value is not allowed.\n"
    " */\n"
    "exception InvalidArgument {\n"
    "  1: string message\n"
    "  /** Which, as a path: \"contact.phones[1].number\". */\n"
    "  2: string field\n"
    "}\n"
    "\n"
    "/**\n"
    " * The address book.\n"
    " */\n"
    "service AddressBook extends dunlin.Base {\n"
    "  /**\n"
    "   * Stores a new contact. Id, revision and times of the argument are ignored.\n"
    "   * Returns the contact as stored: with its id, revision 1 and times.\n"
    "   */\n"
    "  Contact create(1: Contact contact)\n"
    "    throws (1: AlreadyExists exists, 2: InvalidArgument invalid)\n"
    "\n"
    "  /** One contact. */\n"
    "  Contact get(1: i64 id)\n"
    "    throws (1: NotFound not_found)\n"
    "    (idempotent = \"true\")\n"
    "\n"
    "  /**\n"
    "   * Replaces the contact that has this id, provided that its revision is still the one given.\n"
    "   * Returns the contact as stored, with its new revision.\n"
    "   */\n"
    "  Contact update(1: Contact contact)\n"
    "    throws (1: NotFound not_found, 2: AlreadyExists exists, 3: RevisionConflict conflict,\n"
    "            4: InvalidArgument invalid)\n"
    "\n"
    "  /** Removes a contact, provided that its revision is still the one given; 0 stands for any. */\n"
    "  void remove(1: i64 id, 2: i64 revision)\n"
    "    throws (1: NotFound not_found, 2: RevisionConflict conflict)\n"
    "\n"
    "  /**\n"
    "   * Contacts whose given name, family name, nickname or organisation begins with the prefix,\n"
    "   * whatever the case of its letters; an empty prefix finds all. limit 0 stands for DEFAULT_PAGE.\n"
    "   * The first page has an empty cursor, the next ones Page.next_cursor of the one before.\n"
    "   */\n"
    "  Page search(1: string prefix, 2: string cursor, 3: i32 limit)\n"
    "    throws (1: InvalidArgument invalid)\n"
    "    (idempotent = \"true\")\n"
    "\n"
    "  /** How many contacts search() would find in all. */\n"
    "  i64 count(1: string prefix) (idempotent = \"true\")\n"
    "\n"
    "  /** Several contacts at once; at most MAX_BATCH. */\n"
    "  Batch get_many(1: list<i64> ids)\n"
    "    throws (1: InvalidArgument invalid)\n"
    "    (idempotent = \"true\")\n"
    "\n"
    "  /** Notes that a contact was made use of now. An unknown id is ignored. */\n"
    "  oneway void mark_used(1: i64 id)\n"
    "}\n";

static const DunlinSchemaType type_0 = {
    .kind = DUNLIN_SCHEMA_STRING,
    .text = "string",
};
static const DunlinSchemaType type_1 = {
    .kind = DUNLIN_SCHEMA_ENUM,
    .text = "PhoneKind",
    .enumeration = &address_book_phone_kind_schema,
};
static const DunlinSchemaType type_2 = {
    .kind = DUNLIN_SCHEMA_ENUM,
    .text = "AddressKind",
    .enumeration = &address_book_address_kind_schema,
};
static const DunlinSchemaType type_3 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<string>",
    .element = &type_0,
};
static const DunlinSchemaType type_4 = {
    .kind = DUNLIN_SCHEMA_I64,
    .text = "i64",
};
static const DunlinSchemaType type_5 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Name",
    .structure = &address_book_name_schema,
};
static const DunlinSchemaType type_6 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Phone",
    .structure = &address_book_phone_schema,
};
static const DunlinSchemaType type_7 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<Phone>",
    .element = &type_6,
};
static const DunlinSchemaType type_8 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "PostalAddress",
    .structure = &address_book_postal_address_schema,
};
static const DunlinSchemaType type_9 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<PostalAddress>",
    .element = &type_8,
};
static const DunlinSchemaType type_10 = {
    .kind = DUNLIN_SCHEMA_SET,
    .text = "set<string>",
    .element = &type_0,
};
static const DunlinSchemaType type_11 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Contact",
    .structure = &address_book_contact_schema,
};
static const DunlinSchemaType type_12 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<Contact>",
    .element = &type_11,
};
static const DunlinSchemaType type_13 = {
    .kind = DUNLIN_SCHEMA_LIST,
    .text = "list<i64>",
    .element = &type_4,
};
static const DunlinSchemaType type_14 = {
    .kind = DUNLIN_SCHEMA_I32,
    .text = "i32",
};
static const DunlinSchemaType type_15 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "AlreadyExists",
    .structure = &address_book_already_exists_schema,
};
static const DunlinSchemaType type_16 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "InvalidArgument",
    .structure = &address_book_invalid_argument_schema,
};
static const DunlinSchemaType type_17 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "NotFound",
    .structure = &address_book_not_found_schema,
};
static const DunlinSchemaType type_18 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "RevisionConflict",
    .structure = &address_book_revision_conflict_schema,
};
static const DunlinSchemaType type_19 = {
    .kind = DUNLIN_SCHEMA_VOID,
    .text = "void",
};
static const DunlinSchemaType type_20 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Page",
    .structure = &address_book_page_schema,
};
static const DunlinSchemaType type_21 = {
    .kind = DUNLIN_SCHEMA_STRUCT,
    .text = "Batch",
    .structure = &address_book_batch_schema,
};

static const DunlinSchemaMember address_book_phone_kind_members[] = {
    { .name = "MOBILE", .number = 1, .doc = "" },
    { .name = "HOME", .number = 2, .doc = "" },
    { .name = "WORK", .number = 3, .doc = "" },
    { .name = "FAX", .number = 4, .doc = "" },
    { .name = "OTHER", .number = 5, .doc = "" },
};
const DunlinSchemaEnum address_book_phone_kind_schema = {
    .name = "PhoneKind",
    .doc = "What a telephone number is for.",
    .members = address_book_phone_kind_members,
    .n_members = G_N_ELEMENTS (address_book_phone_kind_members),
};

static const DunlinSchemaMember address_book_address_kind_members[] = {
    { .name = "HOME", .number = 1, .doc = "" },
    { .name = "WORK", .number = 2, .doc = "" },
    { .name = "OTHER", .number = 3, .doc = "" },
};
const DunlinSchemaEnum address_book_address_kind_schema = {
    .name = "AddressKind",
    .doc = "What a postal address is for.",
    .members = address_book_address_kind_members,
    .n_members = G_N_ELEMENTS (address_book_address_kind_members),
};

static const DunlinSchemaNote address_book_name_fields_given_notes[] = {
    { .name = "max_length", .value = "100" },
};
static const DunlinSchemaNote address_book_name_fields_family_notes[] = {
    { .name = "max_length", .value = "100" },
};
static const DunlinSchemaNote address_book_name_fields_middle_notes[] = {
    { .name = "max_length", .value = "100" },
};
static const DunlinSchemaNote address_book_name_fields_title_notes[] = {
    { .name = "max_length", .value = "50" },
};
static const DunlinSchemaNote address_book_name_fields_suffix_notes[] = {
    { .name = "max_length", .value = "50" },
};
static const DunlinSchemaNote address_book_name_fields_nickname_notes[] = {
    { .name = "max_length", .value = "100" },
};
static const DunlinSchemaField address_book_name_fields[] = {
    {
        .id = 1,
        .name = "given",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
        .notes = address_book_name_fields_given_notes,
        .n_notes = G_N_ELEMENTS (address_book_name_fields_given_notes),
    },
    {
        .id = 2,
        .name = "family",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
        .notes = address_book_name_fields_family_notes,
        .n_notes = G_N_ELEMENTS (address_book_name_fields_family_notes),
    },
    {
        .id = 3,
        .name = "middle",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
        .notes = address_book_name_fields_middle_notes,
        .n_notes = G_N_ELEMENTS (address_book_name_fields_middle_notes),
    },
    {
        .id = 4,
        .name = "title",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Such as \"Dr\".",
        .notes = address_book_name_fields_title_notes,
        .n_notes = G_N_ELEMENTS (address_book_name_fields_title_notes),
    },
    {
        .id = 5,
        .name = "suffix",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Such as \"Jr\".",
        .notes = address_book_name_fields_suffix_notes,
        .n_notes = G_N_ELEMENTS (address_book_name_fields_suffix_notes),
    },
    {
        .id = 6,
        .name = "nickname",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "What friends say.",
        .notes = address_book_name_fields_nickname_notes,
        .n_notes = G_N_ELEMENTS (address_book_name_fields_nickname_notes),
    },
};
const DunlinSchemaStruct address_book_name_schema = {
    .name = "Name",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "How a person or an organisation is called. At least one of given and family is not empty.",
    .get_type = address_book_name_get_type,
    .fields = address_book_name_fields,
    .n_fields = G_N_ELEMENTS (address_book_name_fields),
};

static const DunlinSchemaNote address_book_phone_fields_number_notes[] = {
    { .name = "min_length", .value = "3" },
    { .name = "max_length", .value = "40" },
    { .name = "pattern", .value = "^[0-9 +()./-]+$" },
    { .name = "sensitive", .value = "true" },
};
static const DunlinSchemaField address_book_phone_fields[] = {
    {
        .id = 1,
        .name = "kind",
        .type = &type_1,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "number",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "E.164, or as people dial it: digits, spaces and any of + - ( ) . /",
        .notes = address_book_phone_fields_number_notes,
        .n_notes = G_N_ELEMENTS (address_book_phone_fields_number_notes),
    },
};
const DunlinSchemaStruct address_book_phone_schema = {
    .name = "Phone",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "",
    .get_type = address_book_phone_get_type,
    .fields = address_book_phone_fields,
    .n_fields = G_N_ELEMENTS (address_book_phone_fields),
};

static const DunlinSchemaNote address_book_postal_address_fields_city_notes[] = {
    { .name = "min_length", .value = "1" },
    { .name = "max_length", .value = "100" },
};
static const DunlinSchemaNote address_book_postal_address_fields_region_notes[] = {
    { .name = "max_length", .value = "100" },
};
static const DunlinSchemaNote address_book_postal_address_fields_postal_code_notes[] = {
    { .name = "max_length", .value = "20" },
};
static const DunlinSchemaNote address_book_postal_address_fields_country_notes[] = {
    { .name = "pattern", .value = "^[A-Z][A-Z]$" },
};
static const DunlinSchemaField address_book_postal_address_fields[] = {
    {
        .id = 1,
        .name = "kind",
        .type = &type_2,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "lines",
        .type = &type_3,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Street, house number, floor: at least one line, at most five.",
    },
    {
        .id = 3,
        .name = "city",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
        .notes = address_book_postal_address_fields_city_notes,
        .n_notes = G_N_ELEMENTS (address_book_postal_address_fields_city_notes),
    },
    {
        .id = 4,
        .name = "region",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
        .notes = address_book_postal_address_fields_region_notes,
        .n_notes = G_N_ELEMENTS (address_book_postal_address_fields_region_notes),
    },
    {
        .id = 5,
        .name = "postal_code",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
        .notes = address_book_postal_address_fields_postal_code_notes,
        .n_notes = G_N_ELEMENTS (address_book_postal_address_fields_postal_code_notes),
    },
    {
        .id = 6,
        .name = "country",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "ISO 3166-1 alpha-2, capital letters.",
        .notes = address_book_postal_address_fields_country_notes,
        .n_notes = G_N_ELEMENTS (address_book_postal_address_fields_country_notes),
    },
};
const DunlinSchemaStruct address_book_postal_address_schema = {
    .name = "PostalAddress",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "",
    .get_type = address_book_postal_address_get_type,
    .fields = address_book_postal_address_fields,
    .n_fields = G_N_ELEMENTS (address_book_postal_address_fields),
};

static const DunlinSchemaNote address_book_contact_fields_organisation_notes[] = {
    { .name = "max_length", .value = "200" },
};
static const DunlinSchemaNote address_book_contact_fields_notes_notes[] = {
    { .name = "max_length", .value = "10000" },
    { .name = "sensitive", .value = "true" },
};
static const DunlinSchemaField address_book_contact_fields[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Given by create(); unset before.",
    },
    {
        .id = 2,
        .name = "revision",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Rises by one with every change: update() and remove() compare it. Set by the service.",
    },
    {
        .id = 3,
        .name = "name",
        .type = &type_5,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 4,
        .name = "organisation",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
        .notes = address_book_contact_fields_organisation_notes,
        .n_notes = G_N_ELEMENTS (address_book_contact_fields_organisation_notes),
    },
    {
        .id = 5,
        .name = "emails",
        .type = &type_3,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "An address belongs to one contact only, whatever the case of its letters. At most 20.",
    },
    {
        .id = 6,
        .name = "phones",
        .type = &type_7,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "At most 20.",
    },
    {
        .id = 7,
        .name = "addresses",
        .type = &type_9,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "At most 20.",
    },
    {
        .id = 8,
        .name = "labels",
        .type = &type_10,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Words of the owner's choice, such as \"family\". At most 50, each at most 50 characters.",
    },
    {
        .id = 9,
        .name = "notes",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "",
        .notes = address_book_contact_fields_notes_notes,
        .n_notes = G_N_ELEMENTS (address_book_contact_fields_notes_notes),
    },
    {
        .id = 10,
        .name = "created_ms",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Set by the service.",
    },
    {
        .id = 11,
        .name = "updated_ms",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Set by the service.",
    },
    {
        .id = 12,
        .name = "last_used_ms",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "When mark_used() was called last; does not count as a change. Set by the service.",
    },
};
const DunlinSchemaStruct address_book_contact_schema = {
    .name = "Contact",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "One entry of the book.",
    .get_type = address_book_contact_get_type,
    .fields = address_book_contact_fields,
    .n_fields = G_N_ELEMENTS (address_book_contact_fields),
};

static const DunlinSchemaField address_book_page_fields[] = {
    {
        .id = 1,
        .name = "contacts",
        .type = &type_12,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "next_cursor",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_OPTIONAL,
        .doc = "Hand it to search() for what follows; unset on the last page.",
    },
};
const DunlinSchemaStruct address_book_page_schema = {
    .name = "Page",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "Some contacts of a search, in the order of family name, given name, id.",
    .get_type = address_book_page_get_type,
    .fields = address_book_page_fields,
    .n_fields = G_N_ELEMENTS (address_book_page_fields),
};

static const DunlinSchemaField address_book_batch_fields[] = {
    {
        .id = 1,
        .name = "contacts",
        .type = &type_12,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Those that there are, in the order in which they were asked for, each once.",
    },
    {
        .id = 2,
        .name = "missing",
        .type = &type_13,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The ids that there are not.",
    },
};
const DunlinSchemaStruct address_book_batch_schema = {
    .name = "Batch",
    .form = DUNLIN_SCHEMA_FORM_STRUCT,
    .doc = "Contacts by their ids.",
    .get_type = address_book_batch_get_type,
    .fields = address_book_batch_fields,
    .n_fields = G_N_ELEMENTS (address_book_batch_fields),
};

static const DunlinSchemaField address_book_not_found_fields[] = {
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
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaStruct address_book_not_found_schema = {
    .name = "NotFound",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "There is no contact with this id.",
    .get_type = address_book_not_found_get_type,
    .fields = address_book_not_found_fields,
    .n_fields = G_N_ELEMENTS (address_book_not_found_fields),
};

static const DunlinSchemaField address_book_already_exists_fields[] = {
    {
        .id = 1,
        .name = "message",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "email",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The e-mail address.",
    },
    {
        .id = 3,
        .name = "id",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Id of the contact that has it.",
    },
};
const DunlinSchemaStruct address_book_already_exists_schema = {
    .name = "AlreadyExists",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "Another contact has one of the e-mail addresses.",
    .get_type = address_book_already_exists_get_type,
    .fields = address_book_already_exists_fields,
    .n_fields = G_N_ELEMENTS (address_book_already_exists_fields),
};

static const DunlinSchemaField address_book_revision_conflict_fields[] = {
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
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 3,
        .name = "current_revision",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "The contact's revision now.",
    },
};
const DunlinSchemaStruct address_book_revision_conflict_schema = {
    .name = "RevisionConflict",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "Somebody else has changed the contact since it was read: read it again, and decide again.",
    .get_type = address_book_revision_conflict_get_type,
    .fields = address_book_revision_conflict_fields,
    .n_fields = G_N_ELEMENTS (address_book_revision_conflict_fields),
};

static const DunlinSchemaField address_book_invalid_argument_fields[] = {
    {
        .id = 1,
        .name = "message",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "field",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "Which, as a path: \"contact.phones[1].number\".",
    },
};
const DunlinSchemaStruct address_book_invalid_argument_schema = {
    .name = "InvalidArgument",
    .form = DUNLIN_SCHEMA_FORM_EXCEPTION,
    .doc = "A value is not allowed.",
    .get_type = address_book_invalid_argument_get_type,
    .fields = address_book_invalid_argument_fields,
    .n_fields = G_N_ELEMENTS (address_book_invalid_argument_fields),
};

static const DunlinSchemaField address_book_create_arguments[] = {
    {
        .id = 1,
        .name = "contact",
        .type = &type_11,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_create_exceptions[] = {
    {
        .id = 1,
        .name = "exists",
        .type = &type_15,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "invalid",
        .type = &type_16,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_get_arguments[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_get_exceptions[] = {
    {
        .id = 1,
        .name = "not_found",
        .type = &type_17,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaNote address_book_get_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaField address_book_update_arguments[] = {
    {
        .id = 1,
        .name = "contact",
        .type = &type_11,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_update_exceptions[] = {
    {
        .id = 1,
        .name = "not_found",
        .type = &type_17,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "exists",
        .type = &type_15,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 3,
        .name = "conflict",
        .type = &type_18,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 4,
        .name = "invalid",
        .type = &type_16,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_remove_arguments[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "revision",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_remove_exceptions[] = {
    {
        .id = 1,
        .name = "not_found",
        .type = &type_17,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "conflict",
        .type = &type_18,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_search_arguments[] = {
    {
        .id = 1,
        .name = "prefix",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 2,
        .name = "cursor",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
    {
        .id = 3,
        .name = "limit",
        .type = &type_14,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_search_exceptions[] = {
    {
        .id = 1,
        .name = "invalid",
        .type = &type_16,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaNote address_book_search_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaField address_book_count_arguments[] = {
    {
        .id = 1,
        .name = "prefix",
        .type = &type_0,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaNote address_book_count_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaField address_book_get_many_arguments[] = {
    {
        .id = 1,
        .name = "ids",
        .type = &type_13,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaField address_book_get_many_exceptions[] = {
    {
        .id = 1,
        .name = "invalid",
        .type = &type_16,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
static const DunlinSchemaNote address_book_get_many_notes[] = {
    { .name = "idempotent", .value = "true" },
};
static const DunlinSchemaField address_book_mark_used_arguments[] = {
    {
        .id = 1,
        .name = "id",
        .type = &type_4,
        .requiredness = DUNLIN_SCHEMA_DEFAULT,
        .doc = "",
    },
};
const DunlinSchemaMethod address_book_method_schemas[] = {
    {
        .name = "create",
        .oneway = FALSE,
        .doc = "Stores a new contact. Id, revision and times of the argument are ignored.\n"
               "Returns the contact as stored: with its id, revision 1 and times.",
        .result = &type_11,
        .arguments = address_book_create_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_create_arguments),
        .exceptions = address_book_create_exceptions,
        .n_exceptions = G_N_ELEMENTS (address_book_create_exceptions),
    },
    {
        .name = "get",
        .oneway = FALSE,
        .doc = "One contact.",
        .result = &type_11,
        .arguments = address_book_get_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_get_arguments),
        .exceptions = address_book_get_exceptions,
        .n_exceptions = G_N_ELEMENTS (address_book_get_exceptions),
        .notes = address_book_get_notes,
        .n_notes = G_N_ELEMENTS (address_book_get_notes),
    },
    {
        .name = "update",
        .oneway = FALSE,
        .doc = "Replaces the contact that has this id, provided that its revision is still the one given.\n"
               "Returns the contact as stored, with its new revision.",
        .result = &type_11,
        .arguments = address_book_update_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_update_arguments),
        .exceptions = address_book_update_exceptions,
        .n_exceptions = G_N_ELEMENTS (address_book_update_exceptions),
    },
    {
        .name = "remove",
        .oneway = FALSE,
        .doc = "Removes a contact, provided that its revision is still the one given; 0 stands for any.",
        .result = &type_19,
        .arguments = address_book_remove_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_remove_arguments),
        .exceptions = address_book_remove_exceptions,
        .n_exceptions = G_N_ELEMENTS (address_book_remove_exceptions),
    },
    {
        .name = "search",
        .oneway = FALSE,
        .doc = "Contacts whose given name, family name, nickname or organisation begins with the prefix,\n"
               "whatever the case of its letters; an empty prefix finds all. limit 0 stands for DEFAULT_PAGE.\n"
               "The first page has an empty cursor, the next ones Page.next_cursor of the one before.",
        .result = &type_20,
        .arguments = address_book_search_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_search_arguments),
        .exceptions = address_book_search_exceptions,
        .n_exceptions = G_N_ELEMENTS (address_book_search_exceptions),
        .notes = address_book_search_notes,
        .n_notes = G_N_ELEMENTS (address_book_search_notes),
    },
    {
        .name = "count",
        .oneway = FALSE,
        .doc = "How many contacts search() would find in all.",
        .result = &type_4,
        .arguments = address_book_count_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_count_arguments),
        .notes = address_book_count_notes,
        .n_notes = G_N_ELEMENTS (address_book_count_notes),
    },
    {
        .name = "get_many",
        .oneway = FALSE,
        .doc = "Several contacts at once; at most MAX_BATCH.",
        .result = &type_21,
        .arguments = address_book_get_many_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_get_many_arguments),
        .exceptions = address_book_get_many_exceptions,
        .n_exceptions = G_N_ELEMENTS (address_book_get_many_exceptions),
        .notes = address_book_get_many_notes,
        .n_notes = G_N_ELEMENTS (address_book_get_many_notes),
    },
    {
        .name = "mark_used",
        .oneway = TRUE,
        .doc = "Notes that a contact was made use of now. An unknown id is ignored.",
        .result = &type_19,
        .arguments = address_book_mark_used_arguments,
        .n_arguments = G_N_ELEMENTS (address_book_mark_used_arguments),
    },
};
const DunlinSchemaService address_book_schema = {
    .name = "AddressBook",
    .doc = "The address book.",
    .home = &address_book_idl_schema,
    .parent = &dunlin_base_schema,
    .methods = address_book_method_schemas,
    .n_methods = 8,
};

static const DunlinSchema *const includes[] = {
    &dunlin_idl_schema,
};

static const DunlinSchemaEnum *const enums[] = {
    &address_book_phone_kind_schema,
    &address_book_address_kind_schema,
};

static const DunlinSchemaStruct *const structs[] = {
    &address_book_name_schema,
    &address_book_phone_schema,
    &address_book_postal_address_schema,
    &address_book_contact_schema,
    &address_book_page_schema,
    &address_book_batch_schema,
    &address_book_not_found_schema,
    &address_book_already_exists_schema,
    &address_book_revision_conflict_schema,
    &address_book_invalid_argument_schema,
};

static const DunlinSchemaService *const services[] = {
    &address_book_schema,
};

static const DunlinSchemaConstant constants[] = {
    {
        .name = "DEFAULT_PAGE",
        .type = &type_14,
        .value = "50",
        .doc = "Contacts that search() gives at once when the caller names no limit.",
    },
    {
        .name = "MAX_PAGE",
        .type = &type_14,
        .value = "500",
        .doc = "Contacts that search() gives at once at most.",
    },
    {
        .name = "MAX_BATCH",
        .type = &type_14,
        .value = "500",
        .doc = "Contacts that get_many() takes at once at most.",
    },
};

const DunlinSchema address_book_idl_schema = {
    .name = "address_book",
    .doc = "An address book: contacts that are found by name, kept by several people at once.\n"
           "\n"
           "Times are milliseconds since 1970-01-01T00:00:00Z. Texts are UTF-8. Where a length is limited it\n"
           "is counted in characters.",
    .text = idl_text,
    .json = address_book_idl_json,
    .sha256 = "2fb0d35f8dff29586ecd8a1e1be966fb0a9cecac0d43b2580907ffe7e977b891",
    .includes = includes,
    .n_includes = G_N_ELEMENTS (includes),
    .enums = enums,
    .n_enums = G_N_ELEMENTS (enums),
    .structs = structs,
    .n_structs = G_N_ELEMENTS (structs),
    .services = services,
    .n_services = G_N_ELEMENTS (services),
    .constants = constants,
    .n_constants = G_N_ELEMENTS (constants),
};
