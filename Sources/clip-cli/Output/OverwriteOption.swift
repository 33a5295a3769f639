internal import ArgumentParser

/// Whether output files replace files that the tool did not write.
struct OverwriteOption: ParsableArguments {
    @Flag(help: "Replace an existing output file even if clip-cli did not write it.")
    var force = false
}
