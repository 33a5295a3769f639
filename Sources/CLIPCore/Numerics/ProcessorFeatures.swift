/// The CPU's vector instructions, as the Linux kernel lists them.
package struct ProcessorFeatures: Sendable {
    /// The features of this machine; empty if they cannot be read.
    package static let current: ProcessorFeatures = {
        let info = (try? FileBytes.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) }
        let flags = info?.split(separator: "\n").first { $0.hasPrefix("flags") }
        return ProcessorFeatures(
            flags: Set(flags?.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init) ?? [])
        )
    }()

    private let flags: Set<String>

    package init(flags: Set<String>) {
        self.flags = flags
    }

    /// AVX2 and fused multiply-add.
    package var hasAVX2: Bool { flags.isSuperset(of: ["avx2", "fma"]) }

    /// The AVX-512 subset of server CPUs since 2017.
    package var hasAVX512: Bool { flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]) }

    /// The best OpenBLAS kernels for the CPU; `nil` leaves the choice to OpenBLAS.
    package var openBLASCoreType: String? {
        if hasAVX512 { return "SkylakeX" }
        return hasAVX2 ? "Haswell" : nil
    }
}
