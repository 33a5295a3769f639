#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// OpenBLAS, loaded privately at run time.
///
/// If OpenBLAS were linked, its `sgemm_` would replace the one inside libtorch in the same process and run at a fifth
/// of the speed. `dlopen` with `RTLD_LOCAL` keeps its symbols private. The kernels for the CPU are chosen before
/// loading, because older releases do not recognise newer CPUs and fall back to SSE kernels from 2004.
package struct OpenBLAS: Sendable {
    private typealias SGEMM =
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32,
            Float, UnsafePointer<Float>?, Int32, UnsafePointer<Float>?, Int32,
            Float, UnsafeMutablePointer<Float>?, Int32
        ) -> Void

    /// The library, or `nil` if it is not installed.
    package static let shared = OpenBLAS()

    /// The kernels in use, for example `SkylakeX` or `Haswell`.
    package let coreName: String
    /// The version, for example `0.3.21`.
    package let version: String
    private let sgemm: SGEMM

    private init?() {
        let names = ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"]
        guard
            let library = LibraryOpening.alone({
                Self.withCoreType { names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first }
            }),
            let sgemm = dlsym(library, "cblas_sgemm"),
            let coreName = dlsym(library, "openblas_get_corename"),
            let setThreadCount = dlsym(library, "openblas_set_num_threads"),
            let configuration = dlsym(library, "openblas_get_config")
        else { return nil }
        typealias SetThreadCount = @convention(c) (Int32) -> Void
        // OpenBLAS's threads divide tall, thin products badly. This library distributes the rows over the CPU cores
        // itself.
        unsafeBitCast(setThreadCount, to: SetThreadCount.self)(1)
        typealias Words = @convention(c) () -> UnsafePointer<CChar>?
        self.sgemm = unsafeBitCast(sgemm, to: SGEMM.self)
        self.coreName = unsafeBitCast(coreName, to: Words.self)().map { String(cString: $0) } ?? "unknown"
        // "OpenBLAS 0.3.21 DYNAMIC_ARCH …"
        let words = unsafeBitCast(configuration, to: Words.self)().map { String(cString: $0) } ?? ""
        version = words.split(separator: " ").dropFirst().first.map(String.init) ?? "unknown version"
    }

    /// `C = A · Bᵀ` for row-major `A` (m × k), `B` (n × k) and `C` (m × n).
    func multiplyTransposed(
        _ a: UnsafePointer<Float>?,
        _ b: UnsafePointer<Float>?,
        into c: UnsafeMutablePointer<Float>?,
        m: Int,
        n: Int,
        k: Int
    ) {
        let (rowMajor, plain, transposed): (Int32, Int32, Int32) = (101, 111, 112)
        let (m, n, k) = (Int32(m), Int32(n), Int32(k))
        sgemm(rowMajor, plain, transposed, m, n, k, 1, a, k, b, k, 0, c, n)
    }

    /// Runs `load` with `OPENBLAS_CORETYPE` set for this CPU, unless the user has set it.
    private static func withCoreType<T>(_ load: () -> T) -> T {
        let variable = "OPENBLAS_CORETYPE"
        guard getenv(variable) == nil, let coreType = ProcessorFeatures.current.openBLASCoreType else { return load() }
        setenv(variable, coreType, 1)
        defer { unsetenv(variable) }
        return load()
    }
}
