/// What went wrong, in words a person can act on.
///
/// Every error that this package throws itself is of this type. The message names the file and the field where there
/// is one, and says what to do.
public struct CLIPError: Error, Sendable {
    /// The kind of failure: what a program branches on.
    public var code: Code

    /// What happened and what to do about it, one or more sentences, without the cause.
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
            case device, inference, storage, conflict, tooManyFailures
            case calibration
            case missingLibrary
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// A file or folder does not exist, or a folder holds nothing to work on.
        public static let notFound = Code(.notFound)
        /// A file exists and cannot be read.
        public static let unreadable = Code(.unreadable)
        /// Data is of a kind that the library does not read.
        public static let unsupportedFormat = Code(.unsupportedFormat)
        /// Data is of a known kind, and damaged.
        public static let corruptData = Code(.corruptData)
        /// An image, or the number of results, is larger than the limits allow.
        public static let limitExceeded = Code(.limitExceeded)
        /// A category file does not say what it must.
        public static let invalidCategoryFile = Code(.invalidCategoryFile)
        /// Labels contradict each other, or name images or categories that are not there.
        public static let invalidLabels = Code(.invalidLabels)
        /// A model bundle is incomplete, altered or contradicts itself.
        public static let invalidModel = Code(.invalidModel)
        /// Embeddings and model, or two stores, do not belong together.
        public static let modelMismatch = Code(.modelMismatch)
        /// A vector has the wrong dimension, is zero, or holds a value that is not finite.
        public static let invalidEmbeddings = Code(.invalidEmbeddings)
        /// A compute device is not there or cannot be used.
        public static let device = Code(.device)
        /// A model failed while it ran.
        public static let inference = Code(.inference)
        /// A store or result file cannot be written.
        public static let storage = Code(.storage)
        /// Another run writes to a store that this one reads or writes.
        public static let conflict = Code(.conflict)
        /// A run was stopped because more images failed than it was allowed.
        public static let tooManyFailures = Code(.tooManyFailures)
        /// Thresholds cannot be fitted: too few labels, or a target that cannot be reached.
        public static let calibration = Code(.calibration)
        /// A library of the system that is needed here is not installed, or cannot be loaded.
        public static let missingLibrary = Code(.missingLibrary)

        /// The code's name, for example `corruptData`.
        public var description: String { value.rawValue }
    }
}

extension CLIPError: CustomStringConvertible {
    /// The message, followed by the cause where there is one.
    public var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}

extension CLIPError {
    /// The same error with another sentence at the end of its message, which may come from the system without a full stop.
    package func advising(_ sentence: String) -> CLIPError {
        let end = message.last.map(".!?".contains) ?? true ? "" : "."
        return CLIPError(code, "\(message)\(end) \(sentence)", cause: cause)
    }
}

extension CLIPError {
    /// The same error, which does not say which image it is about, as the cause of one that does.
    package func about(_ image: String) -> CLIPError {
        CLIPError(code, "Cannot use \(image).", cause: self)
    }
}
