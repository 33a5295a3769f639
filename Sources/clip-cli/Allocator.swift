#if canImport(Glibc)
internal import CMalloc
internal import Glibc
#endif

/// The allocator of the process.
enum Allocator {
    /// Lets all threads that are yet to start, and Arrow, share one arena of glibc's malloc; elsewhere there is nothing to
    /// do.
    ///
    /// `Docs/Decisions/0004-one-malloc-arena.md` says why.
    static func shareOneArena() {
        #if canImport(Glibc)
        mallopt(M_ARENA_MAX, 1)
        setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0)
        #endif
    }
}
