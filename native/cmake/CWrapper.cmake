# Makes an installable C library of <target>, the C++ code that wraps a large C++ library.
#
#   c_wrapper(<target> PREFIX <prefix of its functions> HEADER <header> STANDARD_HEADER <header of the C standard>
#             AS <its installed name> WRAPPED <name of the wrapped library> LIBRARY_DIR <its folder>
#             ADVICE <what to do where it is missing> OWN <function> ...)
#
# Two libraries come of it, so that a program starts without the large one: <target>, which programs link, has no
# more than the functions of the header, and opens <target>-implementation, which links the wrapped library, when one
# of them is first called. Docs/Decisions/0009-wrappers-open-their-libraries.md says why.
#
# src/front.c has the functions OWN, which need no wrapped library. Both libraries export what src/<target>.map lists.
# The headers are installed side by side in include/<target>/, with a pkg-config file made from <target>.pc.in.
function(c_wrapper target)
  cmake_parse_arguments(PARSE_ARGV 1 arg ""
    "PREFIX;HEADER;STANDARD_HEADER;AS;WRAPPED;LIBRARY_DIR;ADVICE" "OWN")
  set(private_folder "swift-openclip")
  set(implementation ${target}-implementation)
  set(map "${CMAKE_CURRENT_SOURCE_DIR}/src/${target}.map")

  # The build tree shows the headers as the installed prefix does.
  set(headers "${CMAKE_CURRENT_BINARY_DIR}/include/${target}")
  configure_file("${arg_STANDARD_HEADER}" "${headers}/${arg_AS}" COPYONLY)
  configure_file("${arg_HEADER}" "${headers}/${target}.h" COPYONLY)

  set(functions "${CMAKE_CURRENT_BINARY_DIR}/${target}-functions.c")
  set(forward "${PROJECT_SOURCE_DIR}/front/forward.py")
  add_custom_command(OUTPUT "${functions}"
    COMMAND "${PYTHON}" "${forward}" "${headers}/${target}.h" --prefix ${arg_PREFIX} --own ${arg_OWN}
            --output "${functions}"
    DEPENDS "${forward}" "${headers}/${target}.h" VERBATIM)

  # Its name holds the version: a process that runs while another version is installed still finds its own.
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
  set_target_properties(${implementation} PROPERTIES
    OUTPUT_NAME "${implementation}-${PROJECT_VERSION}"
    LIBRARY_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}/${private_folder}"
    BUILD_RPATH "${arg_LIBRARY_DIR}"
    INSTALL_RPATH "${arg_LIBRARY_DIR}")
  target_link_options(${implementation} PRIVATE LINKER:-z,now)  # that a function is missing shows when it is opened
  add_dependencies(${target} ${implementation})
  foreach(library ${target} ${implementation})
    set_target_properties(${library} PROPERTIES PREFIX "" LINK_DEPENDS "${map}")
    target_include_directories(${library} PUBLIC "${headers}")
    target_link_options(${library} PRIVATE
      "LINKER:--version-script=${map}" LINKER:--no-undefined LINKER:--enable-new-dtags LINKER:--as-needed)
  endforeach()

  configure_file("${target}.pc.in" "${target}.pc" @ONLY)
  install(TARGETS ${target} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS ${implementation} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}/${private_folder}")
  install(FILES "${headers}/${arg_AS}" "${headers}/${target}.h"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/${target}")
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${target}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction()
