import CLIPCore
import CLIPTesting
import Testing

/// Numbers, names and exit codes on the command line.
@Suite(.serialized, .ownThreads) struct UsageTests {
    /// An option with a negative number, the words before it, and what the message must contain.
    static let negatives: [(command: [String], option: [String], message: String)] = [
        (["search", "s", "cat"], ["-k", "-1"], "-k must be at least 1"),
        (["search", "s", "cat"], ["--top", "-1"], "-k must be at least 1"),
        (["search", "s", "cat"], ["--weights", "x"], "numbers separated by commas"),
        (["search", "s", "cat"], ["--encoder-threads", "-1"], "--encoder-threads must be from 1 to 1024"),
        (["duplicates", "s"], ["--threshold", "-.5"], "--threshold must be above 0 and at most 1"),
        (["duplicates", "s"], ["--max-pairs", "-1"], "--max-pairs must be at least 1"),
        (["duplicates", "s"], ["--memory", "-1"], "--memory must be from 1 to 1048576"),
        (["embed", "p", "--output", "s"], ["--batch-size", "-1"], "--batch-size must be from 1 to 1024"),
        (["embed", "p", "--output", "s"], ["--decode-workers", "-1"], "--decode-workers must be from 1 to 256"),
        (["embed", "p", "--output", "s"], ["--max-failures", "-1"], "a number of images from 0, or a percentage"),
        (["embed", "p", "--output", "s"], ["--max-failures", "-1%"], "a number of images from 0, or a percentage"),
        (["embed", "p", "--output", "s"], ["--commit-interval", "-1e3"], "--commit-interval must be from 0 to 86400"),
        (["embed", "p", "--output", "s"], ["--connections", "-1"], "--connections must be from 1 to 1024"),
        (["embed", "p", "--output", "s"], ["--max-pixels", "-1"], "--max-pixels must be at least 1"),
        (["embed", "p", "--output", "s"], ["--max-bytes", "-1"], "--max-bytes must be at least 1"),
        (["embed", "p", "--output", "s"], ["--max-memory", "-1"], "--max-memory must be at least 1"),
        (["embed", "p", "--output", "s"], ["--max-aspect-ratio", "-1"], "--max-aspect-ratio must be at least 1"),
        (["store", "verify", "s"], ["--sample", "-1"], "--sample must not be negative"),
        (["store", "verify", "s"], ["--seed", "-1"], "a whole number from 0"),
        (["diff", "s", "a", "b"], ["--examples", "-1"], "--examples must be at least 0"),
        (
            ["report", "s", "--results", "r.parquet", "--output", "p.html"], ["--per-category", "-1"],
            "--per-category must be"
        ),
        (["report", "s", "--results", "r.parquet", "--output", "p.html"], ["--seed", "-1"], "a whole number from 0"),
        (
            ["report", "s", "--results", "r.parquet", "--output", "p.html"], ["--picture-size", "-1"],
            "--picture-size must be from 64"
        ),
        (
            ["evaluate", "s", "--categories", "c", "--labels", "l"], ["--resamples", "-1"],
            "--resamples must be from 50"
        ),
        (["ablate", "s", "--categories", "c", "--labels", "l"], ["--resamples", "-1"], "--resamples must be from 50"),
        (
            ["calibrate", "s", "--categories", "c", "--target", "f1", "--labels", "l", "--output", "o"],
            ["--folds", "-1"],
            "--folds must be from 3 to 20"
        ),
    ]

    @Test(arguments: negatives)
    func aNegativeNumberIsTheValueOfItsOption(command: [String], option: [String], message: String) throws {
        let place = try Workplace()
        let result = try Tool.run(command + option, scratch: place.folder)
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func aTextMayLookLikeANumber() throws {
        let place = try Workplace()
        let result = try place.run("tokenize", "--", "-5")
        #expect(result.status == 0 && result.output.contains("5"), "\(result.errors)")
    }

    static let misspeltCommands: [(command: [String], message: String)] = [
        (["clasify", "x"], "'clasify' is not a command of 'clip-cli'. Did you mean 'classify'? Known: embed, "),
        (
            ["models", "lst"],
            "'lst' is not a command of 'models'. Did you mean 'list'? Known: list, show, verify, devices."
        ),
        (["store", "x", "y", "--output", "z"], "'x' is not a command of 'store'. Known: info, "),
    ]

    @Test(arguments: misspeltCommands)
    func anUnknownCommandIsNamedWithTheKnownOnes(command: [String], message: String) throws {
        let place = try Workplace()
        let result = try Tool.run(command, scratch: place.folder)
        #expect(result.status == 2 && result.errors.contains(message), "\(result.errors)")
    }

    @Test func installedModelsAreListed() throws {
        let place = try Workplace()
        let result = try place.run("models", "list")
        #expect(result.status == 0 && result.output.split(separator: "\n").contains("default"), "\(result.output)")
    }

    @Test func aReportIsAnHTMLFile() throws {
        let place = try Workplace()
        let result = try place.run("report", "s", "--results", "r.parquet", "--output", "r.txt")
        #expect(result.status == 2)
        #expect(result.errors.contains("--output must end in .html or .htm, not 'r.txt'."), "\(result.errors)")
    }

    static let namesOfOtherFiles = [
        ("photos.txt", "pass it with --files-from"), ("photos.LST", "pass it with --files-from"),
        ("table.csv.gz", "Decompress it first"), ("photos.7z", "7z x"),
    ]

    @Test(arguments: namesOfOtherFiles)
    func aListOrAnUnknownArchiveIsNoImage(name: String, advice: String) throws {
        let place = try Workplace()
        let start: [UInt8] =
            switch name {
            // gzip, with one stored block.
            case "table.csv.gz":
                [
                    0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 0, 0xFD, 0xFF, 0x78, 0x2C, 0xE2, 0x8D, 0xE7, 0x94, 2, 0,
                    0, 0,
                ]
            case "photos.7z": [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]
            default: Array("x".utf8)
            }
        try place.write(start, name)
        let result = try place.run("embed", place.path(name), "--output", place.path("store"))
        #expect(result.status == 3 && result.errors.contains(advice), "\(result.errors)")
        #expect(!place.folder.names().contains("store"))
    }

    @Test(arguments: ["my.txt", "photos.list"])
    func aFolderCalledLikeAListIsAFolder(name: String) throws {
        let place = try Workplace()
        try place.write(ImageFile.bytes("gray.jpg"), "\(name)/a.jpg")
        let result = try place.run("embed", place.path(name), "--output", place.path("store"))
        #expect(result.status == 0 && result.output.contains("1 embedded"), "\(result.errors)")
    }

    static let withoutSources = [
        ["store", "verify", "s"], ["report", "s", "--results", "r.parquet", "--output", "p.html"],
        ["sample", "s", "--categories", "c.yaml", "--output", "l.csv"],
    ]

    @Test(arguments: withoutSources)
    func optionsOnSourcesNeedSources(command: [String]) throws {
        let place = try Workplace()
        let result = try Tool.run(command + ["--include", "*.png"], scratch: place.folder)
        #expect(result.status == 2 && result.errors.contains("--include is for sources"), "\(result.errors)")
        let other = try Tool.run(command + ["--connections", "4"], scratch: place.folder)
        #expect(other.status == 3, "\(other.errors)")
    }

    @Test func theHelpListsAllExitCodes() throws {
        let place = try Workplace()
        let help = try place.run("--help").output
        for code in [
            "0  success", "1  embed finished", "2  usage error", "3  runtime error", "4  a check found", "130  ",
        ] {
            #expect(help.contains(code), "\(code) is not in: \(help)")
        }
    }

    @Test func eachExitCodeMeansOneThing() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        #expect(try place.embed().status == 0)
        try place.write("text", "photos/b.jpg")
        #expect(try place.embed().status == 1)
        #expect(try place.run("embed").status == 2)
        #expect(try place.run("store", "info", place.path("gone")).status == 3)
        try place.addPhoto("gray.jpg", as: "a.jpg")
        #expect(try place.run("store", "verify", place.path("store")).status == 4)
        try place.write("threshold: 0\ncategories: {cat: {positive: [no cat]}}", "categories.yaml")
        #expect(try place.run("lint", place.path("categories.yaml"), "--no-model").status == 4)
    }

    /// A row of a table is counted below its header, a line of a list from the first.
    @Test func rowsAndLinesAreCountedFromOne() throws {
        let place = try Workplace()
        try place.addPhoto("rgb-420.jpg", as: "a.jpg")
        try place.write("id,path\n1,photos/a.jpg\n2,photos/a.jpg\n3,\n", "table.csv")
        let table = try place.run("embed", place.path("table.csv"), "--output", place.path("t"))
        #expect(table.errors.contains("Row 3 of table.csv"), "\(table.errors)")
        try place.write("\(place.path("photos/a.jpg"))\n\nhttps://user:word@example.org/a.jpg\n", "list")
        let list = try place.run("embed", "--files-from", place.path("list"), "--output", place.path("l"))
        #expect(list.errors.contains("line 3 of \(place.path("list"))"), "\(list.errors)")
    }
}
