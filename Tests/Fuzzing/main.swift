internal import CFuzzer
internal import Foundation

// Runs one target: fuzz TARGET [OPTION OF LIBFUZZER ...] [CORPUS ...]. Without a target, lists them.

guard FuzzTarget.chosen != nil else {
    print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
    exit(CommandLine.argc > 1 ? 1 : 0)
}
var count = CommandLine.argc - 1
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv + 1
exit(
    LLVMFuzzerRunDriver(&count, &arguments) { data, size in
        FuzzTarget.chosen?.run(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
    }
)
