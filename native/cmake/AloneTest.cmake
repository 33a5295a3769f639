# Tests the error of <target> if its implementation is missing: runs the program from <source> with a copy of <target>
# in a separate folder.
function(add_alone_test target source)
  set(program ${target}-alone-test)
  set(alone "${CMAKE_CURRENT_BINARY_DIR}/alone")
  add_executable(${program} "${source}")
  target_include_directories(${program} PRIVATE "${PROJECT_SOURCE_DIR}/testing")
  target_link_libraries(${program} PRIVATE ${target})
  target_link_options(${program} PRIVATE LINKER:--enable-new-dtags)  # LD_LIBRARY_PATH comes before its run path
  add_custom_command(TARGET ${program} POST_BUILD
    COMMAND "${CMAKE_COMMAND}" -E make_directory "${alone}"
    COMMAND "${CMAKE_COMMAND}" -E copy "$<TARGET_FILE:${target}>" "${alone}/$<TARGET_SONAME_FILE_NAME:${target}>"
    VERBATIM)
  add_test(NAME ${target}-alone COMMAND ${program} "${alone}")
  set_tests_properties(${target}-alone PROPERTIES ENVIRONMENT "LD_LIBRARY_PATH=${alone}")
endfunction()
