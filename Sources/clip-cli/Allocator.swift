#if canImport(Glibc)
internal import CMalloc
internal import Glibc
#endif

/// The allocator of the process.
enum Allocator {
    /// Lets all threads that are yet to start, and Arrow, share one arena of glibc's malloc, and gives large blocks back to
    /// the system at once; elsewhere there is nothing to do.
    ///
    /// `Docs/Decisions/0004-memory-of-long-runs.md` says why.
    static func boundMemory() {
        #if canImport(Glibc)
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, 128 << 10)
        setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0)
        #endif
    }
}
