# Turns <target> into an installable C library that finds the C++ library it wraps by itself.
#
#   c_wrapper(<target> HEADER <header> STANDARD_HEADER <header of the C standard> AS <its installed name>
#             LIBRARY_DIR <folder of the wrapped library>)
#
# The library exports what src/<target>.map lists, carries a run path to LIBRARY_DIR, and is installed with its two
# headers side by side in include/<target>/ and with a pkg-config file made from <target>.pc.in.
function(c_wrapper target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "HEADER;STANDARD_HEADER;AS;LIBRARY_DIR" "")

  # The build tree shows the headers as the installed prefix does.
  set(headers "${CMAKE_CURRENT_BINARY_DIR}/include/${target}")
  configure_file("${arg_STANDARD_HEADER}" "${headers}/${arg_AS}" COPYONLY)
  configure_file("${arg_HEADER}" "${headers}/${target}.h" COPYONLY)
  target_include_directories(${target} PUBLIC "${headers}")

  set(map "${CMAKE_CURRENT_SOURCE_DIR}/src/${target}.map")
  target_link_options(${target} PRIVATE
    "LINKER:--version-script=${map}" LINKER:--no-undefined LINKER:--enable-new-dtags LINKER:--as-needed)
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME "${target}"
    PREFIX ""
    VERSION "${PROJECT_VERSION}"
    SOVERSION "${PROJECT_VERSION_MAJOR}"
    LINK_DEPENDS "${map}"
    BUILD_RPATH "${arg_LIBRARY_DIR}"
    INSTALL_RPATH "${arg_LIBRARY_DIR}")

  configure_file("${target}.pc.in" "${target}.pc" @ONLY)
  install(TARGETS ${target} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(FILES "${headers}/${arg_AS}" "${headers}/${target}.h"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${target}")
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${target}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()
