#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// OpenBLAS, loaded privately at run time.
///
/// Linking it would let its `sgemm_` replace the one inside libtorch, in the same process, at a fifth of the speed.
/// `dlopen` with `RTLD_LOCAL` keeps its symbols to this type. Before loading, the kernels are chosen for the processor:
/// older releases do not know newer processors and fall back to SSE kernels from 2004.
package struct OpenBLAS: Sendable {
    private typealias SGEMM =
        @convention(c) (
            Int32, Int32, Int32, Int32, Int32, Int32,
            Float, UnsafePointer<Float>?, Int32, UnsafePointer<Float>?, Int32,
            Float, UnsafeMutablePointer<Float>?, Int32
        ) -> Void

    /// The library, or `nil` where there is none.
    package static let shared = OpenBLAS()

    /// The kernels in use, for example `SkylakeX` or `Haswell`.
    package let coreName: String
    private let sgemm: SGEMM

    private init?() {
        let names = ["libopenblas.so.0", "libopenblas.so", "libopenblas.dylib"]
        guard
            let library = LibraryOpening.alone({
                Self.withCoreType { names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first }
            }),
            let sgemm = dlsym(library, "cblas_sgemm"),
            let coreName = dlsym(library, "openblas_get_corename"),
            let setThreadCount = dlsym(library, "openblas_set_num_threads")
        else { return nil }
        typealias SetThreadCount = @convention(c) (Int32) -> Void
        // Its own threads divide tall, thin products badly: rows are spread over the processors by this library.
        unsafeBitCast(setThreadCount, to: SetThreadCount.self)(1)
        typealias CoreName = @convention(c) () -> UnsafePointer<CChar>?
        self.sgemm = unsafeBitCast(sgemm, to: SGEMM.self)
        self.coreName = unsafeBitCast(coreName, to: CoreName.self)().map { String(cString: $0) } ?? "unknown"
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

    /// Runs `load` with `OPENBLAS_CORETYPE` set for this processor, unless the person has set it.
    private static func withCoreType<T>(_ load: () -> T) -> T {
        let variable = "OPENBLAS_CORETYPE"
        guard getenv(variable) == nil, let coreType = ProcessorFeatures.current.openBLASCoreType else { return load() }
        setenv(variable, coreType, 1)
        defer { unsetenv(variable) }
        return load()
    }
}
