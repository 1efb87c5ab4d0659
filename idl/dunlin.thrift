/**
 * What every Dunlin service answers besides its own methods: is it there, what time does it
 * think it is, how is it doing, and what can it do. A service gets all of it by extending Base.
 */
namespace c_glib Dunlin
namespace java dunlin
namespace scala dunlin
namespace py dunlin
namespace cpp dunlin
namespace go dunlin

/**
 * Where a process is in its life.
 */
enum ServiceState {
  /** Listening, but not yet ready for calls. */
  STARTING = 1,
  /** Answers calls, but has not joined its serverset. */
  WARMING_UP = 2,
  /** In service. */
  ALIVE = 3,
  /** Left its serverset; finishes what is running and what still comes, then stops. */
  DRAINING = 4
}

/**
 * One moment, as the service's clock has it.
 */
struct Time {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  1: i64 seconds
  /** Nanoseconds within the second, 0 to 999999999. */
  2: i32 nanoseconds
  /** The same moment in ISO 8601 with the offset of the zone: "2024-02-29T12:30:00.000000000+01:00". */
  3: string iso8601
  /** The service's own time zone, such as "Europe/Berlin" or "UTC". */
  4: string zone
}

/**
 * How a service is.
 */
struct Status {
  1: ServiceState state
  /** When it entered this state. */
  2: Time since
  /** Version of the service's build. */
  3: string version
  /** Name of the service. */
  4: string service_name
}

/**
 * One argument of a method, or one exception that it declares.
 */
struct FieldHelp {
  /** Its id in the IDL. */
  1: i32 id
  2: string name
  /** Its type as the IDL writes it, such as "map<string, list<i64>>". */
  3: string type
}

/**
 * What the IDL says of one method.
 */
struct MethodHelp {
  1: string name
  /** The service that declares it: a method may be inherited. */
  2: string declared_in
  /** The whole declaration, such as "string help_for(1: string method) throws (1: UnknownMethod unknown)". */
  3: string signature
  4: list<FieldHelp> arguments
  /** Type of the result as the IDL writes it; "void" for none. */
  5: string result
  6: list<FieldHelp> exceptions
  /** Whether it draws no reply. */
  7: bool is_oneway
  /** The IDL's comment; empty when there is none. */
  8: string doc
}

/**
 * The service has no such method.
 */
exception UnknownMethod {
  1: string message
  /** The name that was asked for. */
  2: string method
}

/**
 * The methods of every service.
 */
service Base {
  /** Answers "pong": the cheapest proof that the service is there. */
  string ping() (idempotent = "true")

  /** The time of the service's clock. */
  Time now() (idempotent = "true")

  /** The state of the process, since when it is in it, and what it is. */
  Status status() (idempotent = "true")

  /** Every method of the service, its own first, then the inherited ones. */
  list<MethodHelp> help() (idempotent = "true")

  /** One method, by its name. */
  MethodHelp help_for(1: string method) throws (1: UnknownMethod unknown) (idempotent = "true")

  /**
   * The service's whole IDL, and those that it includes, as JSON: what the Thrift compiler says of
   * each, and each as it was written: {"service": "AddressBook", "idl": "address_book",
   * "idls": {"address_book": {...}, ...}, "texts": {"address_book": "...", ...}}.
   */
  string describe() (idempotent = "true")
}
