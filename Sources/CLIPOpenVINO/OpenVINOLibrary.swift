internal import CLIPCore
internal import COpenVINO
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// OpenVINO, opened on first use and never closed.
// Sendable: the functions and the core are set once, and OpenVINO allows calls on one core from any thread.
struct OpenVINOLibrary: @unchecked Sendable {
    /// OpenVINO's name of the CPU.
    static let cpu = "CPU"
    private static let opened = Mutex<OpenVINOLibrary?>(nil)

    let functions: copenvino_functions
    let core: OpaquePointer

    /// The library; concurrent callers wait while it is opened.
    ///
    /// - Throws: `CLIPError` with code `missingLibrary` that says how to install it; the next call tries again.
    static func shared() throws -> OpenVINOLibrary {
        try opened.withLock { opened in
            if let opened { return opened }
            let new = try LibraryOpening.alone { try OpenVINOLibrary(OpenVINOPlaces.open()) }
            opened = new
            return new
        }
    }

    private init(_ library: UnsafeMutableRawPointer) throws {
        var functions = copenvino_functions()
        if let missing = copenvino_find(library, &functions) {
            throw CLIPError(
                .missingLibrary,
                "The OpenVINO that was found has no function \(String(cString: missing)): install a newer release."
            )
        }
        var core: OpaquePointer?
        try Self.check(functions, "Cannot start OpenVINO", .missingLibrary) { functions.core_create(&core) }
        guard let core else { preconditionFailure("a created core must have a handle") }
        try Self.check(functions, "Cannot set up OpenVINO", .missingLibrary) {
            withUnsafePointer(to: functions) { copenvino_read_whole_files($0, core) }
        }
        self.functions = functions
        self.core = core
    }

    /// The version, for example `2026.4.1-22982-…`.
    ///
    /// - Throws: `CLIPError` with code `inference`.
    func version() throws -> String {
        var version = copenvino_version()
        try check("Cannot read the version of OpenVINO") { functions.get_openvino_version(&version) }
        defer { functions.version_free(&version) }
        return version.build.map { String(cString: $0) } ?? "unknown"
    }

    /// Whether this CPU has instructions for products of 16-bit floats.
    ///
    /// - Throws: `CLIPError` with code `inference`.
    func hasBF16() throws -> Bool {
        let name = "OPTIMIZATION_CAPABILITIES"
        let text = try string("Cannot read what the CPU can do") {
            functions.core_get_property(core, Self.cpu, name, &$0)
        }
        return text.split(separator: " ").contains("BF16")
    }

    /// The devices that OpenVINO has plug-ins and drivers for, as it names them: `CPU`, `GPU.0`, `NPU`.
    ///
    /// - Throws: `CLIPError` with code `inference`.
    func devices() throws -> [String] {
        var devices = copenvino_devices()
        try check("Cannot list the devices") { functions.core_get_available_devices(core, &devices) }
        defer { functions.available_devices_free(&devices) }
        return UnsafeBufferPointer(start: devices.names, count: devices.count).compactMap { name in
            name.map { String(cString: $0) }
        }
    }

    /// Makes a call that returns a text.
    func string(
        _ task: @autoclosure () -> String,
        _ call: (inout UnsafeMutablePointer<CChar>?) -> copenvino_status
    ) throws(CLIPError) -> String {
        var text: UnsafeMutablePointer<CChar>?
        try check(task()) { call(&text) }
        guard let text else { return "" }
        defer { functions.free(text) }
        return String(cString: text)
    }

    /// Makes a call and throws the error that it reports.
    ///
    /// - Parameters:
    ///   - task: What failed, for example `Cannot load image_encoder.xml`.
    ///   - code: The error's code.
    ///   - call: The call.
    /// - Throws: `CLIPError` with `task` and OpenVINO's message, with code `outOfMemory` if that is what it means.
    func check(
        _ task: @autoclosure () -> String,
        _ code: CLIPError.Code = .inference,
        _ call: () -> copenvino_status
    ) throws(CLIPError) {
        try Self.check(functions, task(), code, call)
    }

    private static func check(
        _ functions: copenvino_functions,
        _ task: @autoclosure () -> String,
        _ code: CLIPError.Code,
        _ call: () -> copenvino_status
    ) throws(CLIPError) {
        let status = call()
        guard status != 0 else { return }
        var reason = String(cString: functions.get_error_info(status))
        if let message = functions.get_last_err_msg() {
            let lines = String(cString: message).split { $0.isNewline }
            reason = lines.map { $0.trimmingSpaces }.filter { !$0.isEmpty }.joined(separator: " ")
            functions.free(message)
        }
        throw OpenVINOFailure.error(task(), reason, code)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return self[first...last]
    }
}
