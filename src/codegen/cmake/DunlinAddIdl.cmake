# dunlin_add_idl (<target> <idl file> [GEN_DIR <dir>] [INCLUDES <target>...])
#
# Makes a library of an IDL: the c_glib code, compiled with the header in front that mends its
# faults, and Dunlin's typed stubs and schema. A program links the target and includes
# "<idl>_stub.h", which brings everything.
#   INCLUDES  targets of the IDLs that this one includes; dunlin.thrift's is always among them
#   GEN_DIR   a directory with committed output of dunlin_gen; without it the output is made while
#             building, for which thrift-compiler must be there
function (dunlin_add_idl target idl)
    cmake_parse_arguments (ARG "" "GEN_DIR" "INCLUDES" ${ARGN})
    if (ARG_UNPARSED_ARGUMENTS)
        message (FATAL_ERROR "dunlin_add_idl (${target}): unknown argument ${ARG_UNPARSED_ARGUMENTS}")
    endif ()
    cmake_path (ABSOLUTE_PATH idl BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    cmake_path (GET idl STEM name)
    cmake_path (GET idl PARENT_PATH idl_dir)
    if (NOT EXISTS "${idl}")
        message (FATAL_ERROR "dunlin_add_idl (${target}): there is no ${idl}")
    endif ()
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
    if (TARGET dunlin_flags)
        target_link_libraries (${target} PRIVATE dunlin_flags)
    endif ()
    list (FILTER sources INCLUDE REGEX "[.]c$")
    dunlin_mend_sources ("${name}" "${gen_dir}" "${sources}")
endfunction ()

# Thrift's own output is compiled with the repairs in front and without warnings; ours is neither.
function (dunlin_mend_sources name gen_dir sources)
    set (repairs "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../repairs.h")
    foreach (source ${sources})
        cmake_path (GET source FILENAME file)
        if (file STREQUAL "${name}_stub.c" OR file STREQUAL "${name}_schema.c")
            continue ()
        endif ()
        set_property (SOURCE "${source}" APPEND PROPERTY COMPILE_OPTIONS
            -w -include "${repairs}" -include "${gen_dir}/${name}_bridge.h")
        set_property (SOURCE "${source}" APPEND PROPERTY OBJECT_DEPENDS
            "${repairs};${gen_dir}/${name}_bridge.h")
    endforeach ()
endfunction ()

# Output made while building. The names of c_glib's files are known only from the IDL, so they are
# asked of the Thrift compiler when configuring, which happens again when the IDL changes. What is
# wrong with an IDL is said when building, by dunlin_gen, which knows the line and the reason.
function (dunlin_generate target idl gen_dir includes result)
    cmake_path (GET idl STEM name)
    cmake_path (GET idl PARENT_PATH idl_dir)
    set (search -I "${idl_dir}")
    foreach (include ${includes})
        get_target_property (dir ${include} DUNLIN_IDL_DIR)
        list (APPEND search -I "${dir}")
    endforeach ()
    find_program (THRIFT_COMPILER thrift REQUIRED)
    set (names_dir "${CMAKE_CURRENT_BINARY_DIR}/gen-names/${name}")
    file (REMOVE_RECURSE "${names_dir}")
    file (MAKE_DIRECTORY "${names_dir}" "${gen_dir}")
    execute_process (
        COMMAND "${THRIFT_COMPILER}" -nowarn ${search} --gen c_glib -out "${names_dir}" "${idl}"
        OUTPUT_QUIET ERROR_QUIET)
    set_property (DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${idl}")
    file (GLOB files RELATIVE "${names_dir}" "${names_dir}/*")
    list (APPEND files ${name}_stub.c ${name}_stub.h ${name}_schema.c ${name}_schema.h
        ${name}_autoptr.h ${name}_bridge.h)
    list (TRANSFORM files PREPEND "${gen_dir}/")
    # A file that stays as it was keeps its time, so the stamp is what says that all is done.
    add_custom_command (OUTPUT "${gen_dir}/stamp" BYPRODUCTS ${files}
        COMMAND dunlin_gen ${search} -o "${gen_dir}" "${idl}"
        COMMAND "${CMAKE_COMMAND}" -E touch "${gen_dir}/stamp"
        DEPENDS "${idl}" dunlin_gen COMMENT "dunlin_gen ${name}.thrift" VERBATIM)
    dunlin_count_as_generated ("${target}" "${gen_dir}/stamp")
    set_property (SOURCE ${files} PROPERTY GENERATED TRUE)
    set (sources ${files})
    list (FILTER sources INCLUDE REGEX "[.]c$")
    set (${result} ${sources} "${gen_dir}/stamp" PARENT_SCOPE)
endfunction ()

# The target dunlin_generated makes all such output and compiles nothing else: for tools that only
# read sources.
function (dunlin_count_as_generated target stamp)
    if (NOT TARGET dunlin_generated)
        add_custom_target (dunlin_generated)
    endif ()
    add_custom_target (${target}_generated DEPENDS "${stamp}")
    add_dependencies (dunlin_generated ${target}_generated)
endfunction ()
