import Foundation

/// Files that lie beside these tests.
enum Fixture {
    /// Path of a file in `Fixtures`.
    static func path(_ name: String) -> String {
        Bundle.module.bundlePath + "/Fixtures/" + name
    }
}
