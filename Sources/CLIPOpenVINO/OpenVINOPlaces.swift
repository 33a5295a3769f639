internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where OpenVINO's C library is looked for.
///
/// In the folder that the environment variable `OPENVINO` names and only there, if it is set; else where
/// `scripts/setup.sh openvino` installs it, where the loader looks, and in the folders of systems' packages.
enum OpenVINOPlaces {
    private static let variable = "OPENVINO"
    private static let library = "libopenvino_c"
    /// The folders of a wheel, of an archive of OpenVINO's makers, and of systems' packages with the libraries.
    private static let subfolders = [
        "", "/libs", "/openvino/libs", "/runtime/lib/intel64", "/runtime/lib/aarch64", "/runtime/lib/arm64/Release",
        "/lib",
    ]
    private static let systemFolders = [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/local/lib", "/opt/homebrew/lib",
        "/opt/intel/openvino",
    ]

    /// Opens the library.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` that says where it was looked for and how to install it.
    static func open() throws -> UnsafeMutableRawPointer {
        let named = getenv(variable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        var failures = [String]()
        // Local, so that libraries inside OpenVINO do not take the place of others. Never closed: it has threads.
        for file in candidates(named) {
            if let library = dlopen(file, RTLD_NOW | RTLD_LOCAL) { return library }
            let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
            if file.contains("/") { failures.append(reason) }
        }
        let problem =
            failures.isEmpty ? "OpenVINO is not installed" : "Cannot load OpenVINO: \(failures.joined(separator: "; "))"
        let places =
            named.map { "in \($0), which the environment variable \(variable) names" }
            ?? "in \(installed.joined(separator: ", ")), and where the system keeps libraries"
        throw CLIPError(
            .missingLibrary,
            "\(problem). Looked for \(library) \(places). Run 'scripts/setup.sh openvino' in the folder of swift-openclip, "
                + "or name the folder of another OpenVINO with \(variable), for example that of an installed wheel."
        )
    }

    /// The files to try, in order.
    private static func candidates(_ named: String?) -> [String] {
        if let named { return files(under: [named]) }
        return files(under: installed) + ["\(library).\(fileExtension)"] + files(under: systemFolders)
    }

    /// The libraries in folders.
    ///
    /// A wheel's has the release in its name: `libopenvino_c.so.2641`.
    private static func files(under folders: [String]) -> [String] {
        folders.flatMap { folder in
            subfolders.flatMap { subfolder in
                let place = folder + subfolder
                let names = (try? FolderNames.list(Array(place.utf8)))?.map { PathText.text($0[...]) } ?? []
                return names.filter { $0.hasPrefix("\(library).") && $0.contains(".\(fileExtension)") }.sorted()
                    .map { "\(place)/\($0)" }
            }
        }
    }

    /// Where the set-up installs it: beside the C wrappers, if one is loaded, and in the prefix that set-up has by itself.
    private static var installed: [String] {
        let symbols = ["pqc_version", "ltc_version"]
        let wrappers = symbols.compactMap(LoadedLibrary.file)
        let folders =
            wrappers.compactMap { file in file.lastIndex(of: "/").map { String(file[..<$0]) } } + ["/usr/local/lib"]
        return folders.reduce(into: []) { places, folder in
            let place = "\(folder)/swift-openclip/openvino"
            if !places.contains(place) { places.append(place) }
        }
    }

    private static var fileExtension: String {
        #if canImport(Darwin)
        "dylib"
        #else
        "so"
        #endif
    }
}
