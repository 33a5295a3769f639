internal import CFuzzer
internal import Foundation

// Runs one target: fuzz --TARGET [OPTION OF LIBFUZZER ...] [CORPUS ...]; libFuzzer passes the first one on to programs that it
// starts for a merger. Without a target, lists them: the name, the memory
// in MiB of an input as large as they get, and the sources, with tabs between them.

guard FuzzTarget.chosen != nil else {
    for target in FuzzTarget.all {
        let mebibytes = target.limits.memory(of: 1 << 17) >> 20
        print(([target.name, "\(mebibytes)"] + target.sources).joined(separator: "\t"))
    }
    exit(CommandLine.argc > 1 ? 1 : 0)
}
// libcurl's environment would lead requests past the target's own server.
for name in ["no_proxy", "NO_PROXY"] { unsetenv(name) }
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv
exit(
    LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        FuzzTarget.chosen?.run(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
    }
)
