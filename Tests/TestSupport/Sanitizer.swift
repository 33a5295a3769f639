#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The sanitizer that the tests were built with, if any.
package enum Sanitizer {
    /// Whether there is one.
    ///
    /// Programs take more memory then, and what a library opens by name is not looked up along its own run path.
    package static let isUsed = dlsym(everyLibrary, "__sanitizer_print_stack_trace") != nil
    /// Whether it is the thread sanitizer.
    package static let isForThreads = dlsym(everyLibrary, "__tsan_acquire") != nil

    /// `RTLD_DEFAULT`, which Swift does not import.
    private static var everyLibrary: UnsafeMutableRawPointer? {
        #if canImport(Darwin)
        UnsafeMutableRawPointer(bitPattern: -2)
        #else
        nil
        #endif
    }
}
