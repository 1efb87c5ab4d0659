/* Names that c_glib's code gets wrong of conformance.thrift. Made by dunlin_gen: not to be edited. */
#pragma once
#define toString_Color conformance_color_name
