#if canImport(Glibc)
internal import CMalloc
internal import Glibc
#endif

/// The allocator of the process: settings of glibc's malloc; elsewhere there is nothing to do.
///
/// `Docs/Decisions/0004-memory-of-long-runs.md` says why.
enum Allocator {
    /// Lets all threads that are yet to start, and Arrow, share one arena.
    static func shareOneArena() {
        #if canImport(Glibc)
        mallopt(M_ARENA_MAX, 1)
        setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0)
        #endif
    }

    /// Gives large blocks back to the system at once.
    static func returnLargeBlocks() {
        #if canImport(Glibc)
        mallopt(M_MMAP_THRESHOLD, 128 << 10)
        #endif
    }
}
