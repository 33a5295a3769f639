#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Where model bundles are installed, `swift-openclip/models` in the user's cache folder, and where is kept what is remembered
/// of them.
///
/// The cache folder is `$XDG_CACHE_HOME`, or `~/.cache`.
package enum ModelLibrary {
    /// Name of the model that is installed at set-up.
    package static let defaultName = "default"

    /// Path of the folder that holds installed bundles.
    package static var folder: String {
        "\(userFolder ?? "./.cache/swift-openclip")/models"
    }

    /// Path of the folder for what ``ModelBundle`` remembers between starts: `$OPENCLIP_CACHE`, or `swift-openclip` in the user's
    /// cache folder.
    ///
    /// `nil`, for nothing, when `OPENCLIP_CACHE` is set and empty, or the environment names no folder.
    package static var cacheFolder: String? {
        getenv("OPENCLIP_CACHE") == nil ? userFolder : variable("OPENCLIP_CACHE")
    }

    private static var userFolder: String? {
        (variable("XDG_CACHE_HOME") ?? variable("HOME").map { "\($0)/.cache" }).map { "\($0)/swift-openclip" }
    }

    /// Path of a bundle given by its path or its name: a text with a slash, or the name of a folder that exists, is a
    /// path; anything else is the name of an installed bundle.
    package static func path(of bundle: String) -> String {
        bundle.contains("/") || access("\(bundle)/model.json", F_OK) == 0 ? bundle : "\(folder)/\(bundle)"
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
