#if canImport(Glibc)
internal import CMalloc
internal import Glibc
#endif

/// Settings of glibc's malloc; no-ops on other platforms.
///
/// `Docs/Decisions/0004-memory-of-long-runs.md` says why.
enum Allocator {
    /// Makes Arrow and all threads started later share one arena.
    static func shareOneArena() {
        #if canImport(Glibc)
        mallopt(M_ARENA_MAX, 1)
        setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0)
        #endif
    }

    /// Returns large blocks to the system as soon as they are freed.
    static func returnLargeBlocks() {
        #if canImport(Glibc)
        mallopt(M_MMAP_THRESHOLD, 128 << 10)
        #endif
    }
}
