internal import CADBC
internal import CLIPCore
internal import CParquet

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Finds the library of an ADBC driver.
package enum DriverLibrary {
    /// Folders with drivers, separated by colons.
    static let variable = "ADBC_DRIVER_PATH"

    /// The file of a driver, which is opened.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary`.
    package static func file(_ name: String) throws -> String {
        try cadbc_library_of(initialiser(name, path: nil)).map { String(cString: $0) } ?? ""
    }

    /// Opens the library and returns its initialisation function.
    ///
    /// - Parameters:
    ///   - name: The driver's name, such as `postgresql`.
    ///   - path: The file, if the caller knows it.
    /// - Returns: A `cadbc_init`.
    /// - Throws: `CLIPError` with code `missingLibrary` that says how to get one.
    static func initialiser(_ name: String, path: String?) throws -> UnsafeMutableRawPointer {
        let file = "libadbc_driver_\(name).\(fileExtension)"
        let places = path.map { [$0] } ?? folders.map { "\($0)/\(file)" } + [file]
        var failures = [String]()
        for place in places {
            // Local, so that the libraries inside a driver do not take the place of others. Never closed: a driver may
            // have threads.
            guard let library = LibraryOpening.alone({ dlopen(place, RTLD_NOW | RTLD_LOCAL) }) else {
                let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
                if place == path || access(place, F_OK) == 0 { failures.append(reason) }
                continue
            }
            guard let function = names(name).lazy.compactMap({ dlsym(library, $0) }).first else {
                throw CLIPError(
                    .missingLibrary,
                    "\(place) is not an ADBC driver: it has no function \(names(name)[0])."
                )
            }
            return function
        }
        let reason = failures.isEmpty ? "There is no" : "Cannot load the"
        let details = failures.isEmpty ? "" : ": \(failures.joined(separator: "; "))"
        throw CLIPError(
            .missingLibrary,
            "\(reason) ADBC driver for \(name)://\(details). Looked for \(places.joined(separator: ", ")). \(advice(name))"
        )
    }

    private static func advice(_ name: String) -> String {
        let name = name.replacing("_", with: "-")
        return "Run 'make setup' for PostgreSQL and SQLite, or get a driver with 'pip install adbc-driver-\(name)' and "
            + "name its library with --database-driver, or its folder with \(variable)."
    }

    /// What drivers call their function: any driver, a driver of this name, and DuckDB.
    private static func names(_ name: String) -> [String] {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        let camelCase = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return ["AdbcDriverInit", "AdbcDriver\(camelCase)Init", "\(name)_adbc_init", "duckdb_adbc_init"]
    }

    private static var folders: [String] {
        let named = getenv(variable).map { String(cString: $0) }?.split(separator: ":").map(String.init) ?? []
        return named + [installed].compactMap(\.self)
    }

    /// Where the set-up installs drivers: beside `libparquet-c`.
    private static var installed: String? {
        guard let file = cadbc_library_of(pqc_version()).map({ String(cString: $0) }) else { return nil }
        return file.lastIndex(of: "/").map { "\(file[..<$0])/swift-openclip/drivers" }
    }

    private static var fileExtension: String {
        #if canImport(Darwin)
        "dylib"
        #else
        "so"
        #endif
    }
}
