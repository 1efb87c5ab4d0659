# dunlin_add_idl (<target> <idl file> [GEN_DIR <dir>] [INCLUDES <target>...])
#
# Makes a library of an IDL: the c_glib code, compiled with the header in front that mends its
# faults, and Dunlin's typed stubs and schema. A program links the target and includes
# "<idl>_stub.h", which brings everything.
#   INCLUDES  targets of the IDLs that this one includes; dunlin.thrift's is always among them
#   GEN_DIR   a directory with committed output of dunlin_gen; without it the output is made while
#             building, for which thrift-compiler must be there
set (DUNLIN_CODEGEN_DIR "${CMAKE_CURRENT_LIST_DIR}/..")

function (dunlin_add_idl target idl)
    cmake_parse_arguments (ARG "" "GEN_DIR" "INCLUDES" ${ARGN})
    if (ARG_UNPARSED_ARGUMENTS)
        message (FATAL_ERROR "dunlin_add_idl (${target}): unknown argument ${ARG_UNPARSED_ARGUMENTS}")
    endif ()
    cmake_path (ABSOLUTE_PATH idl BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    cmake_path (GET idl STEM name)
    cmake_path (GET idl PARENT_PATH idl_dir)
    if (TARGET dunlin_idl AND NOT target STREQUAL "dunlin_idl")
        list (APPEND ARG_INCLUDES dunlin_idl)
        list (REMOVE_DUPLICATES ARG_INCLUDES)
    endif ()

    if (ARG_GEN_DIR)
        cmake_path (ABSOLUTE_PATH ARG_GEN_DIR BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE
            OUTPUT_VARIABLE gen_dir)
        file (GLOB sources CONFIGURE_DEPENDS "${gen_dir}/*.c")
    else ()
        set (gen_dir "${CMAKE_CURRENT_BINARY_DIR}/gen/${name}")
        dunlin_generate ("${target}" "${idl}" "${gen_dir}" "${ARG_INCLUDES}" sources)
    endif ()

    add_library (${target} STATIC ${sources})
    set_target_properties (${target} PROPERTIES DUNLIN_IDL_DIR "${idl_dir}")
    target_include_directories (${target} SYSTEM PUBLIC "${gen_dir}")
    target_link_libraries (${target} PUBLIC ${ARG_INCLUDES} dunlin)
    dunlin_mend_sources ("${name}" "${gen_dir}" "${sources}")
endfunction ()

# Thrift's own output is compiled with the repairs in front and without warnings; ours is neither.
function (dunlin_mend_sources name gen_dir sources)
    foreach (source ${sources})
        cmake_path (GET source FILENAME file)
        if (file STREQUAL "${name}_stub.c" OR file STREQUAL "${name}_schema.c")
            continue ()
        endif ()
        set_property (SOURCE "${source}" APPEND PROPERTY COMPILE_OPTIONS
            -w -include "${DUNLIN_CODEGEN_DIR}/repairs.h" -include "${gen_dir}/${name}_bridge.h")
        set_property (SOURCE "${source}" APPEND PROPERTY OBJECT_DEPENDS
            "${DUNLIN_CODEGEN_DIR}/repairs.h;${gen_dir}/${name}_bridge.h")
    endforeach ()
endfunction ()

# Generates at once, to learn the files' names, and again while building whenever the IDL changes.
function (dunlin_generate target idl gen_dir includes result)
    set (search)
    foreach (include ${includes})
        get_target_property (dir ${include} DUNLIN_IDL_DIR)
        list (APPEND search -I "${dir}")
    endforeach ()
    # (the generator: see below)
    set (${result} "" PARENT_SCOPE)
endfunction ()
