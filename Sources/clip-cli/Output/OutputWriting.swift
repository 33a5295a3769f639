/// A command that writes files: where they go is checked, for all of them, before it begins.
protocol OutputWriting {
    /// What is written.
    var outputs: [Output] { get }
    /// Files and folders that are read, where they are given.
    var inputs: [String?] { get }
}

/// What an option says is to be written.
struct Output {
    enum Kind {
        /// A file, which may take the place of another.
        case file
        /// The same, as comma-separated values.
        case csv
        /// A folder without embeddings.
        case newFolder
        /// A folder for embeddings, which may hold some.
        case store
    }

    let option: String
    let kind: Kind
    /// Where; `nil` when the option is not given.
    let path: String?

    static func file(_ option: String, _ path: String?) -> Output { Output(option: option, kind: .file, path: path) }
    static func csv(_ option: String, _ path: String?) -> Output { Output(option: option, kind: .csv, path: path) }
    static func newFolder(_ option: String, _ path: String) -> Output {
        Output(option: option, kind: .newFolder, path: path)
    }
    static func store(_ option: String, _ path: String) -> Output { Output(option: option, kind: .store, path: path) }
}
