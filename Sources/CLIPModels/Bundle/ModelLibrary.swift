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

    /// Checks that no other user decides what an installed bundle is, because its encoders are programs.
    ///
    /// A bundle that is named by its path was chosen by the caller, whoever owns it.
    ///
    /// - Throws: `CLIPError` with code `unreadable`.
    static func requireTrusted(_ name: String) throws {
        let places = [folder, "\(folder)/\(name)", "\(folder)/\(name)/model.json"]
        guard let place = places.first(where: { access($0, F_OK) == 0 && !isTrusted($0) }) else { return }
        throw CLIPError(
            .unreadable,
            "Cannot use the model \(name): \(place) belongs to another user or may be written by everybody, and a model is a "
                + "program. Make the folder yours with chown and chmod, or copy the bundle elsewhere and pass its path."
        )
    }

    /// Whether this user or the system's administrator owns what is at a path, and not everybody may write it.
    ///
    /// A group may: on many systems each user has one, and files are made writable for it.
    private static func isTrusted(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && [0, geteuid()].contains(status.st_uid) && status.st_mode & 0o002 == 0
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

    /// The command that exports a model of an architecture's name, with the weights that the documentation uses.
    private static func exportAdvice(_ name: String) -> String {
        let tag = name == "ViT-B-32" ? "laion2b_s34b_b79k" : "TAG"
        let arguments = "--model \(name) --pretrained \(tag) --output \(folder)/\(name)"
        let tags = tag == "TAG" ? " 'make export ARGS=--list' lists architectures and tags." : ""
        return "Pass the path of a model bundle, or export one in the folder of swift-openclip: "
            + "make export ARGS=\"\(arguments)\"\(tags)"
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
