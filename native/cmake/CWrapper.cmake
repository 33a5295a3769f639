# Creates an installable C library from <target>, the C++ code that wraps a large C++ library.
#
#   c_wrapper(<target> PREFIX <prefix of its functions> HEADER <header> STANDARD_HEADER <header of the C standard>
#             AS <its installed name> WRAPPED <name of the wrapped library> LIBRARY_DIR <its folder>
#             ADVICE <what to do where it is missing> OWN <function> ...)
#
# This creates two libraries, so that a program starts without loading the large one. <target>, which programs link, has
# only the functions of the header; when one of them is first called, it opens <target>-implementation, which links the
# wrapped library. Docs/Decisions/0009-wrappers-open-their-libraries.md says why.
#
# Without a target <target>-implementation, only <target> is created, whose functions report that it is missing.
#
# src/front.c implements the functions OWN, which do not need the wrapped library. Both libraries export the symbols
# listed in src/<target>.map. The headers are installed together in include/<target>/, with a pkg-config file made from
# <target>.pc.in.
function(c_wrapper target)
  cmake_parse_arguments(PARSE_ARGV 1 arg ""
    "PREFIX;HEADER;STANDARD_HEADER;AS;WRAPPED;LIBRARY_DIR;ADVICE" "OWN")
  set(private_folder "swift-openclip")
  set(implementation ${target}-implementation)
  set(map "${CMAKE_CURRENT_SOURCE_DIR}/src/${target}.map")

  # The build tree presents the headers as the installed prefix does.
  set(headers "${CMAKE_CURRENT_BINARY_DIR}/include/${target}")
  configure_file("${arg_STANDARD_HEADER}" "${headers}/${arg_AS}" COPYONLY)
  configure_file("${arg_HEADER}" "${headers}/${target}.h" COPYONLY)

  set(functions "${CMAKE_CURRENT_BINARY_DIR}/${target}-functions.c")
  set(forward "${PROJECT_SOURCE_DIR}/front/forward.py")
  add_custom_command(OUTPUT "${functions}"
    COMMAND "${PYTHON}" "${forward}" "${headers}/${target}.h" --prefix ${arg_PREFIX} --own ${arg_OWN}
            --output "${functions}"
    DEPENDS "${forward}" "${headers}/${target}.h" VERBATIM)

  # The file name contains the version, so that a running process still finds its own after another version is
  # installed.
  set(file "${implementation}-${PROJECT_VERSION}.so")
  add_library(${target} SHARED "${functions}" src/front.c "${PROJECT_SOURCE_DIR}/front/implementation.c")
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/front")
  target_compile_definitions(${target} PRIVATE
    LIBRARY_VERSION="${PROJECT_VERSION}"
    IMPLEMENTATION_FILE="${file}"
    PRIVATE_FOLDER="${private_folder}"
    WRAPPED="${arg_WRAPPED}"
    WRAPPED_FOLDER="${arg_LIBRARY_DIR}"
    ADVICE="${arg_ADVICE}")
  target_link_libraries(${target} PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME "${target}"
    VERSION "${PROJECT_VERSION}"
    SOVERSION "${PROJECT_VERSION_MAJOR}"
    BUILD_RPATH "\$ORIGIN/${private_folder}"
    INSTALL_RPATH "\$ORIGIN/${private_folder}")
  set(libraries ${target})
  if(TARGET ${implementation})
    set_target_properties(${implementation} PROPERTIES
      OUTPUT_NAME "${implementation}-${PROJECT_VERSION}"
      LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${private_folder}"
      BUILD_RPATH "${arg_LIBRARY_DIR}"
      INSTALL_RPATH "${arg_LIBRARY_DIR}")
    target_link_options(${implementation} PRIVATE LINKER:-z,now)  # that a function is missing shows when it is opened
    add_dependencies(${target} ${implementation})
    list(APPEND libraries ${implementation})
    install(TARGETS ${implementation} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/${private_folder}")
  endif()
  foreach(library ${libraries})
    set_target_properties(${library} PROPERTIES PREFIX "" LINK_DEPENDS "${map}")
    target_include_directories(${library} PUBLIC "${headers}")
    target_link_options(${library} PRIVATE
      "LINKER:--version-script=${map}" LINKER:--enable-new-dtags LINKER:--as-needed)
    if(NOT SANITIZED)
      target_link_options(${library} PRIVATE LINKER:--no-undefined)
    endif()
  endforeach()

  configure_file("${target}.pc.in" "${target}.pc" @ONLY)
  install(TARGETS ${target} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(FILES "${headers}/${arg_AS}" "${headers}/${target}.h"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${target}")
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${target}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()
