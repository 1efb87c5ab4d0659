// Values of EveryType that are worth a round trip, by the name of what is special in them.
package main

import (
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"

	"dunlin/interop/conformance"
)

const unicode = "Grüße, 世界, Привет, שלום, e\u0301, \u200d, \U0001F30D, \u0001, \uFFFD"

type namedValue struct {
	name  string
	value *conformance.EveryType
}

func leaf(number int32, text string) *conformance.Leaf {
	return &conformance.Leaf{Number: number, Text: text}
}

func pointer[T any](value T) *T {
	return &value
}

func full() *conformance.EveryType {
	return &conformance.EveryType{
		Flag: true, Tiny: 12, Small: -1234, Medium: 123456789, Large: -1234567890123456789,
		Real: math.Pi, Text: "text", Blob: []byte{1, 2, 3}, Color: conformance.Color_BLUE,
		Leaf: leaf(7, "seven"), Longs: []int64{0, 1, -1, math.MaxInt64, math.MinInt64},
		Words:  []string{"one", "two", "three"},
		Counts: map[string]int32{"a": 1, "b": -2, "c": math.MinInt32},
		Leaves: []*conformance.Leaf{leaf(1, "one"), leaf(-1, "")},
		Groups: map[int32][]*conformance.Leaf{1: {leaf(1, "x"), leaf(2, "y")}, -1: {}},
		Matrix: [][]float64{{1.5, -2.5}, {}, {0.0}},
		Choice: &conformance.Choice{Number: pointer(int64(math.MinInt64))}, MaybeFlag: pointer(true),
		MaybeLarge: pointer(int64(1) << 40), MaybeText: pointer("maybe"),
		Blobs: [][]byte{{9, 8, 7}, {}},
		Names: map[conformance.Color]string{conformance.Color_RED: "red",
			conformance.Color_NEGATIVE: "negative"},
		Numbers: []int32{0, -1, math.MaxInt32, math.MinInt32}, WithDefault: 43,
		Flags:   []bool{true, false, false, true},
		Nested:  map[string]map[string]float64{"x": {"y": 0.5}, "z": {}},
		FarAway: "far away",
	}
}

// alone has nothing but defaults; but Go writes a nil struct as one without its required fields.
func alone() *conformance.EveryType {
	value := conformance.NewEveryType()
	value.Leaf = leaf(0, "leaf")
	return value
}

// changed is a full value after some changes.
func changed(change func(*conformance.EveryType)) *conformance.EveryType {
	value := full()
	change(value)
	return value
}

func numbers(tiny int8, small int16, medium int32, large int64) *conformance.EveryType {
	return changed(func(v *conformance.EveryType) {
		v.Tiny, v.Small, v.Medium, v.Large, v.MaybeLarge = tiny, small, medium, large, &large
		v.WithDefault, v.Longs, v.Numbers = medium, []int64{large, 0, large}, []int32{medium}
		v.Counts = map[string]int32{"n": medium}
		v.Leaf, v.Choice = leaf(medium, "n"), &conformance.Choice{Number: &large}
		v.Groups = map[int32][]*conformance.Leaf{medium: {leaf(medium, "n")}}
	})
}

func reals() []float64 {
	return []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1),
		math.SmallestNonzeroFloat64, math.MaxFloat64}
}

func large(v *conformance.EveryType) {
	v.Longs, v.Flags, v.Leaves = nil, nil, nil
	v.Counts = map[string]int32{}
	for i := int64(0); i < 20_000; i++ {
		v.Longs = append(v.Longs, i*i*i)
		v.Flags = append(v.Flags, i%3 == 0)
	}
	for i := int32(0); i < 5_000; i++ {
		v.Leaves = append(v.Leaves, leaf(i, fmt.Sprint("leaf ", i)))
		v.Counts[fmt.Sprint("key ", i)] = i
	}
	v.Text = strings.Repeat("é", 100_000)
}

func empty(v *conformance.EveryType) {
	v.Text, v.Blob, v.Longs, v.Words, v.Counts = "", []byte{}, []int64{}, []string{}, map[string]int32{}
	v.Leaves, v.Groups = []*conformance.Leaf{}, map[int32][]*conformance.Leaf{}
	v.Matrix, v.Choice = [][]float64{}, &conformance.Choice{Numbers: []int32{}}
	v.Blobs, v.Names, v.Numbers = [][]byte{}, map[conformance.Color]string{}, []int32{}
	v.Flags, v.Nested, v.FarAway = []bool{}, map[string]map[string]float64{}, ""
}

func inUnicode(v *conformance.EveryType) {
	v.Text, v.FarAway, v.MaybeText = unicode, unicode, pointer(unicode)
	v.Words, v.Counts = []string{unicode, "é", "e\u0301"}, map[string]int32{unicode: 1}
	v.Names = map[conformance.Color]string{conformance.Color_GREEN: unicode}
	v.Leaf, v.Choice = leaf(1, unicode), &conformance.Choice{Text: pointer(unicode)}
	v.Nested = map[string]map[string]float64{unicode: {unicode: 1}}
}

func everyValue() []namedValue {
	values := []namedValue{
		{"every field set", full()},
		{"smallest integers", numbers(math.MinInt8, math.MinInt16, math.MinInt32, math.MinInt64)},
		{"largest integers", numbers(math.MaxInt8, math.MaxInt16, math.MaxInt32, math.MaxInt64)},
		{"minus one everywhere", numbers(-1, -1, -1, -1)},
		{"nan and infinities in lists", changed(func(v *conformance.EveryType) {
			v.Matrix = [][]float64{reals(), {}, reals()}
		})},
		{"zeros in binary", changed(func(v *conformance.EveryType) {
			v.Blob, v.Blobs = []byte{0, 0, 1, 0, 255, 0}, [][]byte{{0}, {0, 0}, {}, {1, 0, 2}}
		})},
		{"unicode", changed(inUnicode)},
		{"empty containers and strings", changed(empty)},
		{"large containers", changed(large)},
		{"only defaults", alone()},
		{"a default overwritten", &conformance.EveryType{WithDefault: -7, Leaf: leaf(0, "leaf")}},
		{"optionals set to zero values", changed(func(v *conformance.EveryType) {
			v.MaybeFlag, v.MaybeLarge, v.MaybeText = pointer(false), pointer(int64(0)), pointer("")
		})},
		{"optionals unset", changed(func(v *conformance.EveryType) {
			v.Choice, v.MaybeFlag, v.MaybeLarge, v.MaybeText = nil, nil, nil, nil
		})},
		{"field 32767 alone", &conformance.EveryType{FarAway: "far", Leaf: leaf(0, "leaf")}},
	}
	for _, real := range reals() {
		real := real
		values = append(values, namedValue{fmt.Sprint("double ", real),
			changed(func(v *conformance.EveryType) { v.Real = real })})
	}
	for _, number := range []conformance.Color{1, 2, 10, -5, 99, 0, -1, math.MaxInt32, math.MinInt32} {
		number := number
		values = append(values, namedValue{fmt.Sprint("enum value ", int64(number)),
			changed(func(v *conformance.EveryType) {
				v.Color = number
				// c_glib takes a key of 0 for none: an enum with a member 0 is no key there.
				if number != 0 {
					v.Names = map[conformance.Color]string{number: "?"}
				}
			})})
	}
	choices := map[string]*conformance.Choice{
		"number": {Number: pointer(int64(0))}, "text": {Text: pointer("t")},
		"leaf": {Leaf: leaf(3, "three")}, "numbers": {Numbers: []int32{1, 2, -3}}}
	for name, choice := range choices {
		choice := choice
		values = append(values, namedValue{"union holding " + name,
			changed(func(v *conformance.EveryType) { v.Choice = choice })})
	}
	return values
}

// difference says what differs, "" when nothing does. Bit for bit in doubles, but NaN is like NaN; an
// optional field that was not set must not come back; nil and empty are the same.
func difference(sent, got *conformance.EveryType) string {
	kind := reflect.TypeOf(*sent)
	for i := 0; i < kind.NumField(); i++ {
		name := kind.Field(i).Name
		before, after := reflect.ValueOf(*sent).Field(i), reflect.ValueOf(*got).Field(i)
		if a, b := text(before), text(after); a != b {
			return fmt.Sprintf("%s: expected %.300s, got %.300s", name, a, b)
		}
	}
	return ""
}

// text is the same for what counts as the same: doubles as bits, sets and maps in order.
func text(value reflect.Value) string {
	switch value.Kind() {
	case reflect.Pointer:
		if value.IsNil() {
			return "unset"
		}
		return "&" + text(value.Elem())
	case reflect.Float64:
		if math.IsNaN(value.Float()) {
			return "NaN"
		}
		return fmt.Sprintf("%x", math.Float64bits(value.Float()))
	case reflect.Struct:
		var parts []string
		for i := 0; i < value.NumField(); i++ {
			parts = append(parts, text(value.Field(i)))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Map:
		var parts []string
		for _, key := range value.MapKeys() {
			parts = append(parts, text(key)+":"+text(value.MapIndex(key)))
		}
		sort.Strings(parts)
		return "map" + strings.Join(parts, " ")
	case reflect.Slice:
		var parts []string
		for i := 0; i < value.Len(); i++ {
			parts = append(parts, text(value.Index(i)))
		}
		// Sets of strings and of i32 are slices in Go, in any order.
		if kind := value.Type().Elem().Kind(); kind == reflect.String || kind == reflect.Int32 {
			sort.Strings(parts)
		}
		return "[" + strings.Join(parts, " ") + "]"
	default:
		return fmt.Sprintf("%#v", value.Interface())
	}
}
