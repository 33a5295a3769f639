internal import CLIPArrow
internal import CLIPCore
internal import CLIPDatabase
internal import CLIPHTTP
internal import CLIPModels
internal import CLIPOpenVINO
internal import CLIPTorch

/// The versions of the native libraries that the tool uses, for `--version --verbose`.
///
/// Libraries that are opened when they are first needed are opened for the report. An ordinary start opens none of them.
enum VersionReport {
    private static let absent = "not installed"

    /// A line per library.
    static func text() -> String {
        let openedLater: [(name: String, version: String)] = [
            ("libtorch-c", TorchRuntime.wrapperVersion),
            ("libtorch", opened(torchVersion)),
            ("OpenVINO", opened { try InferenceEngine.openVINO().runtime.version() }),
            ("libparquet-c", ArrowLibrary.wrapperVersion),
            ("Arrow C++ and Parquet", opened(ArrowLibrary.version)),
            ("OpenBLAS", OpenBLAS.shared?.version ?? absent),
            ("libcurl", opened(HTTPReader.libraryVersion)),
            ("ADBC driver for PostgreSQL", opened { try driver("postgresql") }),
            ("ADBC driver for SQLite", opened { try driver("sqlite") }),
        ]
        let rows = openedLater + LinkedLibrary.all.map { (name: $0.name, version: $0.version ?? "unknown version") }
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { row in
            row.name + String(repeating: " ", count: width - row.name.count + 2) + row.version
        }
        return (["clip-cli \(LibraryVersion.current)", ""] + lines).joined(separator: "\n")
    }

    private static func opened(_ version: () throws -> String) -> String {
        do {
            return try version()
        } catch {
            let isAbsent = (error as? CLIPError)?.code == .missingLibrary
            return isAbsent ? absent : "installed, but does not work: \(error)"
        }
    }

    private static func torchVersion() throws -> String {
        // Opens libtorch.
        _ = try TorchRuntime.devices()
        return TorchRuntime.version
    }

    /// A driver tells its version only to those who connect to a database, and the package beside its file to everybody.
    private static func driver(_ name: String) throws -> String {
        let file = try DriverLibrary.file(name)
        let folders = (PathKind.resolved(file) ?? file).split(separator: "/").dropLast(2)
        let place = "/" + folders.joined(separator: "/")
        let names = try FolderNames.list(Array(place.utf8)).map { PathText.text($0[...]) }
        let (prefix, suffix) = ("adbc_driver_\(name)-", ".dist-info")
        let package = names.first { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
        return package.map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) } ?? "unknown version"
    }
}
