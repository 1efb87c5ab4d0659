/**
 * Greets the people of an address book: an example of a service that lives by calling others.
 */
include "dunlin.thrift"

namespace c_glib Greeter
namespace java greeter
namespace scala greeter
namespace py greeter
namespace cpp greeter
namespace go greeter

/**
 * A greeting, and what went into it.
 */
struct Greeting {
  /** Such as "Good morning, Ada! Well begun is half done." */
  1: string text
  /** What the person is called; unset when the address book could not be asked. */
  2: optional string name
  /** Something to take along; unset when there was none to be had. */
  3: optional string saying
  /** What could not be had in time: "name", "clock", "saying". Empty when all is there. */
  4: list<string> missing
}

/**
 * The address book has nobody with this id.
 */
exception NobodyThere {
  1: string message
  2: i64 id
}

/**
 * The greeter.
 */
service Greeter extends dunlin.Base {
  /**
   * Greets a contact of the address book. Always in good time: what the others do not answer soon
   * enough is left out.
   */
  Greeting greet(1: i64 contact) throws (1: NobodyThere nobody) (idempotent = "true")
}
