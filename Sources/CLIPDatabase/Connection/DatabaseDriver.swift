internal import CADBC
internal import CLIPCore
internal import Synchronization

/// The functions of an ADBC driver.
// Sendable: the table is filled once, and a driver's functions may be called on any thread.
final class DatabaseDriver: @unchecked Sendable {
    private static let loaded = Mutex([String: DatabaseDriver]())

    let functions: cadbc_driver
    /// The driver's own state, which lives as long as the process.
    private let state: UnsafeMutablePointer<cadbc_driver>

    /// The driver for a database, which is loaded once.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary`.
    static func driver(_ name: String, path: String?) throws -> DatabaseDriver {
        try loaded.withLock { loaded in
            let key = path ?? name
            if let driver = loaded[key] { return driver }
            let driver = try DatabaseDriver(name, path: path)
            loaded[key] = driver
            return driver
        }
    }

    private init(_ name: String, path: String?) throws {
        let function = unsafeBitCast(try DriverLibrary.initialiser(name, path: path), to: cadbc_init.self)
        let state = UnsafeMutablePointer<cadbc_driver>.allocate(capacity: 1)
        state.initialize(to: cadbc_driver())
        self.state = state
        do {
            try DriverCall.check { function(CInt(CADBC_VERSION), state, $0) }
        } catch {
            throw CLIPError(.missingLibrary, "The ADBC driver for \(name):// cannot be used: \(error.message).")
        }
        functions = state.pointee
    }
}

/// A failed call of a driver, in its own words.
package struct DriverFailure: Error {
    let message: String
    /// Five letters and digits of SQL's standard; empty if unknown.
    let sqlState: String
}

/// Calls functions of a driver.
enum DriverCall {
    /// Makes a call and throws the reported error.
    static func check(
        _ call: (UnsafeMutablePointer<cadbc_error>) throws -> cadbc_status
    ) throws(DriverFailure) {
        var error = cadbc_error()
        defer { error.release?(&error) }
        let status: cadbc_status
        do {
            status = try call(&error)
        } catch {
            throw DriverFailure(message: "the driver cannot do this", sqlState: "")
        }
        guard status != CADBC_OK else { return }
        let state = withUnsafeBytes(of: error.sqlstate) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let message = error.message.map { line(String(cString: $0)) }
        throw DriverFailure(message: message ?? "the driver gives no reason (status \(status))", sqlState: state)
    }

    /// A driver's message without the query, which drivers append, in one line.
    static func line(_ message: String) -> String {
        let lines = message.split(separator: "\n").map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return lines.prefix { !$0.lowercased().hasPrefix("query") }.joined(separator: "; ")
    }
}

/// A function that the driver lacks.
struct MissingFunction: Error {}

extension Optional {
    /// The function of a driver.
    ///
    /// - Throws: `MissingFunction`.
    func orMissing() throws -> Wrapped {
        guard let self else { throw MissingFunction() }
        return self
    }
}
