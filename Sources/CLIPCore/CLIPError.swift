/// An error with a message that says what went wrong and what to do.
///
/// Every error that this package throws itself has this type. The message names the file and the field where
/// applicable.
public struct CLIPError: Error, Sendable {
    /// The kind of failure, for programs to branch on.
    public var code: Code

    /// What happened and what to do about it, in one or more sentences, without the cause.
    public var message: String

    /// The lower-level error behind this one.
    public var cause: (any Error)?

    /// Creates an error.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension CLIPError {
    /// The kind of a ``CLIPError``.
    ///
    /// A struct, so that a new kind does not break a program that switches over the existing ones.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case notFound, unreadable, unsupportedFormat, corruptData, limitExceeded
            case invalidCategoryFile, invalidLabels, invalidModel, modelMismatch, invalidEmbeddings
            case device, inference, outOfMemory, storage, conflict, tooManyFailures
            case calibration
            case missingLibrary
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// A file or folder does not exist, or a folder contains nothing to process.
        public static let notFound = Code(.notFound)
        /// A file exists but cannot be read.
        public static let unreadable = Code(.unreadable)
        /// The library does not support this kind of data.
        public static let unsupportedFormat = Code(.unsupportedFormat)
        /// The data has a known format but is damaged.
        public static let corruptData = Code(.corruptData)
        /// An image or the number of results exceeds a limit.
        public static let limitExceeded = Code(.limitExceeded)
        /// A category file is invalid.
        public static let invalidCategoryFile = Code(.invalidCategoryFile)
        /// Labels contradict each other, or name unknown images or categories.
        public static let invalidLabels = Code(.invalidLabels)
        /// A model bundle is incomplete, modified or inconsistent.
        public static let invalidModel = Code(.invalidModel)
        /// Embeddings and model, or two stores, come from different models.
        public static let modelMismatch = Code(.modelMismatch)
        /// A vector has the wrong dimension, is zero, or contains a value that is not finite.
        public static let invalidEmbeddings = Code(.invalidEmbeddings)
        /// A compute device does not exist or cannot be used.
        public static let device = Code(.device)
        /// A model failed during inference.
        public static let inference = Code(.inference)
        /// A model, or the images to encode at a time, did not fit into the memory of the device or machine.
        public static let outOfMemory = Code(.outOfMemory)
        /// A store or result file cannot be written.
        public static let storage = Code(.storage)
        /// Another run is writing to a store that this run reads or writes.
        public static let conflict = Code(.conflict)
        /// A run was aborted because more images failed than allowed.
        public static let tooManyFailures = Code(.tooManyFailures)
        /// Thresholds cannot be fitted: too few labels, or a target that cannot be reached.
        public static let calibration = Code(.calibration)
        /// A required system library is not installed or cannot be loaded.
        public static let missingLibrary = Code(.missingLibrary)

        /// The code's name, for example `corruptData`.
        public var description: String { value.rawValue }
    }
}

extension CLIPError: CustomStringConvertible {
    /// The message, followed by the cause if there is one.
    public var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}

/// Several causes of an error, which `clip-cli` prints one per line.
package struct ErrorList: Error, Sendable, CustomStringConvertible {
    /// What is wrong, one entry each.
    package let entries: [String]

    /// Creates a list.
    package init(_ entries: [String]) {
        self.entries = entries
    }

    /// All entries in one line.
    package var description: String { entries.joined(separator: "; ") }
}

extension CLIPError {
    /// The same error with a sentence appended to its message; adds a missing full stop first.
    package func advising(_ sentence: String) -> CLIPError {
        let end = message.last.map(".!?".contains) ?? true ? "" : "."
        return CLIPError(code, "\(message)\(end) \(sentence)", cause: cause)
    }
}

extension CLIPError {
    /// Wraps this error, which does not name an image, in one that does.
    package func about(_ image: String) -> CLIPError {
        CLIPError(code, "Cannot use \(image).", cause: self)
    }
}
