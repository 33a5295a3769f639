internal import CLIPCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The folders of installed model bundles, `swift-openclip/models` in the user's cache folder, and of the bundles'
/// cache.
///
/// The user's cache folder is `$XDG_CACHE_HOME` or `~/.cache`.
package enum ModelLibrary {
    /// The name of the model that set-up installs.
    package static let defaultName = "default"

    /// The vocabulary that comes with the default model: WordNet's nouns, one per line.
    package static var vocabularyPath: String { "\(folder)/\(defaultName)/nouns.txt" }

    /// The folder of installed bundles.
    package static var folder: String {
        "\(userFolder ?? "./.cache/swift-openclip")/models"
    }

    /// The folder of ``ModelBundle``'s cache: `$OPENCLIP_CACHE`, or `swift-openclip` in the user's cache folder.
    ///
    /// `nil`, which disables caching, if `OPENCLIP_CACHE` is set but empty or the environment does not define a folder.
    package static var cacheFolder: String? {
        getenv("OPENCLIP_CACHE") == nil ? userFolder : variable("OPENCLIP_CACHE")
    }

    private static var userFolder: String? {
        (variable("XDG_CACHE_HOME") ?? variable("HOME").map { "\($0)/.cache" }).map { "\($0)/swift-openclip" }
    }

    /// The path of a bundle given by path or name: a text with a slash, or the name of a bundle in the working
    /// directory, is a path; anything else is the name of an installed bundle.
    package static func path(of bundle: String) -> String {
        bundle.contains("/") || access("\(bundle)/model.json", F_OK) == 0 ? bundle : "\(folder)/\(bundle)"
    }

    /// The path of a bundle given by path or name, as ``path(of:)``, of which no other user decides what it is.
    ///
    /// Encoders are programs. A bundle that is given by a path with a slash was chosen by the caller, whoever owns it. One
    /// that is found by its name, among the installed ones or in the working directory, must be the caller's or the
    /// administrator's, and its folder too.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    static func trustedPath(of bundle: String) throws -> String {
        let path = path(of: bundle)
        guard !bundle.contains("/") else { return path }
        let isInstalled = path != bundle
        try requireTrusted(
            [isInstalled ? folder : ".", path, "\(path)/model.json"],
            named: bundle,
            advice: isInstalled
                ? "Make the folder yours with chown and chmod, or copy the bundle elsewhere and pass its path."
                : "It is in the working directory: pass ./\(bundle) if you trust it, or run the command in another folder to "
                    + "use the installed model of this name."
        )
        return path
    }

    /// Checks that no other user decides what a bundle beside another one is, of which the caller chose only the other.
    ///
    /// It may belong to the owner of the bundle that was chosen.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    static func requireTrusted(neighbour path: String, of chosen: String) throws {
        var status = stat()
        let owner = stat(chosen, &status) == 0 ? [status.st_uid] : []
        try requireTrusted(
            [path, "\(path)/model.json"],
            named: path,
            owners: owner,
            advice: "It would be used as a bundle of the same model as \(chosen). Remove or rename it, make it yours "
                + "with chown and chmod, or pass its own path."
        )
    }

    private static func requireTrusted(
        _ places: [String],
        named name: String,
        owners: [uid_t] = [],
        advice: String
    ) throws {
        let owners = [0, geteuid()] + owners
        guard let place = places.first(where: { !isTrusted($0, owners: owners) }) else { return }
        let shown = place == "." ? "the working directory" : place
        throw CLIPError(
            .unreadable,
            "Cannot use the model \(name): \(shown) belongs to another user or may be written by everybody, and a model is a "
                + "program. \(advice)"
        )
    }

    /// Whether what is at a path, and a link that leads there, belongs to one of the owners, and not everybody may replace
    /// what is in it; or nothing is there.
    ///
    /// A group may: on many systems each user has one, and files are made writable for it. In a folder such as `/tmp`, with
    /// the sticky bit, everybody may add files, but replace only their own.
    private static func isTrusted(_ path: String, owners: [uid_t]) -> Bool {
        var (status, link) = (stat(), stat())
        guard stat(path, &status) == 0, lstat(path, &link) == 0 else { return true }
        let isOwn = owners.contains(status.st_uid) && owners.contains(link.st_uid)
        let isSticky = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0
        return isOwn && (status.st_mode & 0o002 == 0 || isSticky)
    }

    /// The name of an installed bundle that a path would have; `nil` if the path is elsewhere or exists.
    static func missingModel(at path: String) -> String? {
        let start = "\(folder)/"
        guard path.hasPrefix(start), (try? PathKind(path)) == nil else { return nil }
        let name = path.dropFirst(start.count)
        return name.contains("/") ? nil : String(name)
    }

    /// The names of the installed bundles, sorted.
    package static var installed: [String] {
        let entries = (try? FolderNames.list(Array(folder.utf8)))?.map { PathText.text($0[...]) } ?? []
        return entries.filter { access("\(folder)/\($0)/model.json", F_OK) == 0 }.sorted()
    }

    /// The error for a bundle that is not installed.
    static func notInstalled(_ name: String) -> CLIPError {
        let names = installed
        let list = names.isEmpty ? "no model is installed" : "installed: \(names.joined(separator: ", "))"
        let advice = name == defaultName ? "Install it with 'make setup'." : exportAdvice(name)
        return CLIPError(.notFound, "No model named '\(name)' is installed in \(folder) (\(list)). \(advice)")
    }

    /// The command that exports a model of an architecture's name, with the weights that the documentation uses, for the
    /// engine that the name ends with.
    private static func exportAdvice(_ name: String) -> String {
        let engines = [
            ("-openvino-int8", " --engine openvino --precision int8"), ("-openvino", " --engine openvino"),
        ]
        let (ending, options) = engines.first { name.hasSuffix($0.0) && name != $0.0 } ?? ("", "")
        let architecture = name.dropLast(ending.count)
        let tag = architecture == "ViT-B-32" ? "laion2b_s34b_b79k" : "TAG"
        let arguments = "--model \(architecture) --pretrained \(tag)\(options) --output \(folder)/\(name)"
        let tags = tag == "TAG" ? " ('make export ARGS=--list' lists architectures and tags)" : ""
        return "Pass the path of a model bundle, or export one in the folder of swift-openclip\(tags): "
            + "make export ARGS=\"\(arguments)\""
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
