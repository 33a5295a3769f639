internal import COpenVINO

/// Libraries that this process has loaded.
package enum LoadedLibrary {
    /// The file of the library that defines a function; `nil` if none does.
    package static func file(of function: String) -> String? {
        copenvino_library_of(function).map { String(cString: $0) }
    }
}
