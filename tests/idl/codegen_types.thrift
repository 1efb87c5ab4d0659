/**
 * Every type that the generator accepts, in every place where it may stand. Only for tests.
 */
namespace c_glib CodegenTypes

enum Grade {
  LOW = 1
  MIDDLE
  HIGH = 0x10
  BELOW = -7
}

typedef i32 Number
typedef string Word
typedef Grade Level
typedef binary Bytes
typedef list<i32> Numbers

struct Pair {
  1: i32 first
  2: string second
}

typedef map<string, Pair> Pairs

union Either {
  1: i32 number
  2: string text
}

exception Fault {
  1: i32 code
  2: string message
  3: list<Pair> pairs
}

struct OfBool {
  1: bool plain
  2: list<bool> listed
  3: set<bool> distinct
  4: map<bool, i32> keyed
  5: map<i32, bool> mapped
  6: list<list<bool>> deep
  7: map<string, map<string, bool>> deep_mapped
}

struct OfI8 {
  1: i8 plain
  2: list<i8> listed
  3: set<i8> distinct
  4: map<i8, i32> keyed
  5: map<i32, i8> mapped
  6: list<list<i8>> deep
  7: map<string, map<string, i8>> deep_mapped
}

struct OfI16 {
  1: i16 plain
  2: list<i16> listed
  3: set<i16> distinct
  4: map<i16, i32> keyed
  5: map<i32, i16> mapped
  6: list<list<i16>> deep
  7: map<string, map<string, i16>> deep_mapped
}

struct OfI32 {
  1: i32 plain
  2: list<i32> listed
  3: set<i32> distinct
  4: map<i32, i32> keyed
  5: map<i32, i32> mapped
  6: list<list<i32>> deep
  7: map<string, map<string, i32>> deep_mapped
}

struct OfI64 {
  1: i64 plain
  2: list<i64> listed
  3: set<i64> distinct
  4: map<i64, i32> keyed
  5: map<i32, i64> mapped
  6: list<list<i64>> deep
  7: map<string, map<string, i64>> deep_mapped
}

struct OfDouble {
  1: double plain
  2: list<double> listed
  3: set<double> distinct
  4: map<double, i32> keyed
  5: map<i32, double> mapped
  6: list<list<double>> deep
  7: map<string, map<string, double>> deep_mapped
}

struct OfString {
  1: string plain
  2: list<string> listed
  3: set<string> distinct
  4: map<string, i32> keyed
  5: map<i32, string> mapped
  6: list<list<string>> deep
  7: map<string, map<string, string>> deep_mapped
}

struct OfBinary {
  1: binary plain
  2: list<binary> listed
  3: map<i32, binary> mapped
  4: list<list<binary>> deep
  5: map<string, map<string, binary>> deep_mapped
}

struct OfEnum {
  1: Grade plain
  2: list<Grade> listed
  3: set<Grade> distinct
  4: map<Grade, i32> keyed
  5: map<i32, Grade> mapped
  6: list<list<Grade>> deep
  7: map<string, map<string, Grade>> deep_mapped
}

struct OfStruct {
  1: Pair plain
  2: list<Pair> listed
  3: set<Pair> distinct
  4: map<Pair, i32> keyed
  5: map<i32, Pair> mapped
  6: list<list<Pair>> deep
  7: map<string, map<string, Pair>> deep_mapped
}

struct OfList {
  1: list<i32> plain
  2: list<list<i32>> listed
  3: set<list<i32>> distinct
  4: map<list<i32>, i32> keyed
  5: map<i32, list<i32>> mapped
  6: list<list<list<i32>>> deep
  7: map<string, map<string, list<i32>>> deep_mapped
}

struct OfSet {
  1: set<i32> plain
}

struct OfMap {
  1: map<i32, string> plain
  2: list<map<i32, string>> listed
  3: set<map<i32, string>> distinct
  4: map<map<i32, string>, i32> keyed
  5: map<i32, map<i32, string>> mapped
  6: list<list<map<i32, string>>> deep
  7: map<string, map<string, map<i32, string>>> deep_mapped
}

struct OfAliasNumber {
  1: Number plain
  2: map<Number, i32> keyed
  3: map<i32, Number> mapped
  4: map<string, map<string, Number>> deep_mapped
}

struct OfAliasText {
  1: Word plain
  2: list<Word> listed
  3: set<Word> distinct
  4: map<Word, i32> keyed
  5: map<i32, Word> mapped
  6: map<string, map<string, Word>> deep_mapped
}

struct OfAliasEnum {
  1: Level plain
  2: map<Level, i32> keyed
  3: map<i32, Level> mapped
  4: map<string, map<string, Level>> deep_mapped
}

struct OfAliasBinary {
  1: Bytes plain
  2: list<Bytes> listed
  3: map<i32, Bytes> mapped
  4: map<string, map<string, Bytes>> deep_mapped
}

struct OfAliasList {
  1: Numbers plain
  2: list<Numbers> listed
  3: set<Numbers> distinct
  4: map<Numbers, i32> keyed
  5: map<i32, Numbers> mapped
  6: map<string, map<string, Numbers>> deep_mapped
}

struct OfAliasMap {
  1: Pairs plain
  2: list<Pairs> listed
  3: set<Pairs> distinct
  4: map<Pairs, i32> keyed
  5: map<i32, Pairs> mapped
  6: map<string, map<string, Pairs>> deep_mapped
}

struct Required {
  1: required i32 number
  2: required list<i32> numbers
  3: required Pair pair
  4: required map<i32, string> names
  5: required binary bytes
  6: required Grade grade
  7: required set<Pair> pairs
  8: required string text
}

struct Optional {
  1: optional i32 number
  2: optional list<i32> numbers
  3: optional Pair pair
  4: optional map<i32, string> names
  5: optional binary bytes
  6: optional Grade grade
  7: optional set<Pair> pairs
  8: optional string text
}

const i32 SEVEN = 7

struct Defaults {
  1: i32 number = SEVEN
  2: bool flag = true
  3: i64 large = 5000000000
  4: double real = 1.5
  5: string text = "it's"
  6: Number other = -3
  7: list<i32> nothing = []
  8: map<string, string> nobody = {}
  32767: i8 tiny = -128
}

/* Fields without ids count down from -1. */
struct NoIds {
  i32 first
  7: string second
  list<string> third
}

struct Tree {
  1: string name
  2: list<Tree> children
  3: map<string, Tree> named
}

/** Names as people choose them. */
struct HTTPThing {
  1: i32 aB
  2: i32 URL
  3: i32 trailing_
  4: i32 ref_count
  5: string object
  6: list<i32> protocol
  7: map<string, i32> len
  8: i32 i
}

service Takes {
  void all(1: list<Grade> a, 2: set<Pair> b, 3: map<Pair, i32> c, 4: Number d, 5: Word e,
           6: Level f, 7: Numbers g, 8: Either h, 9: binary i)
    throws (1: Fault fault, 2: Fault other)
  void defaults(1: i32 number = 5, 2: string text = "x", 3: bool flag = true)
  void getURL(1: required i32 failure, 2: required Grade done, 3: required i32 number,
              4: required i32 call, 5: required i32 reader)
  void without_ids(i32 a, string b) throws (Fault fault)
}

service Gives extends Takes {
  list<i32> numbers() throws (1: Fault fault)
  set<i32> distinct()
  map<i32, Pair> pairs()
  Grade grade() throws (1: Fault fault)
  Number alias_number()
  Word alias_text()
  Level alias_enum()
  Numbers alias_list()
  Bytes alias_binary()
  Either either()
  double real()
  i8 tiny()
  i16 small()
  bool flag()
}

service Empty {
}
