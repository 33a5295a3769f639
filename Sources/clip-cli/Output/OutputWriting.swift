/// A command that writes files: its outputs are checked before it starts.
protocol OutputWriting {
    /// The outputs.
    var outputs: [Output] { get }
    /// The files and folders that it reads.
    var inputs: [String?] { get }
}

/// A command whose outputs are files.
protocol FileWriting: OutputWriting {
    var overwriting: OverwriteOption { get }
}

/// An output, as an option names it.
struct Output {
    enum Kind {
        /// A file; one that the tool wrote is replaced.
        case file
        /// A category file; a calibrated one is replaced, and so is the one that is read.
        case categories(read: String)
        /// A CSV file; one that the tool wrote is replaced.
        case csv
        /// A folder that is not a store.
        case newFolder
        /// A store, or a folder that becomes one.
        case store
    }

    let option: String
    let kind: Kind
    /// The path; `nil` without the option.
    let path: String?

    static func file(_ option: String, _ path: String?) -> Output { Output(option: option, kind: .file, path: path) }
    static func csv(_ option: String, _ path: String?) -> Output { Output(option: option, kind: .csv, path: path) }
    static func categories(_ option: String, _ path: String, read: String) -> Output {
        Output(option: option, kind: .categories(read: read), path: path)
    }
    static func newFolder(_ option: String, _ path: String?) -> Output {
        Output(option: option, kind: .newFolder, path: path)
    }
    static func store(_ option: String, _ path: String) -> Output { Output(option: option, kind: .store, path: path) }
}
