/* Names that c_glib's code gets wrong of dunlin.thrift. Made by dunlin_gen: not to be edited. */
#pragma once
#define toString_ServiceState dunlin_service_state_name
