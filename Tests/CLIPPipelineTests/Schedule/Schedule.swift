import CLIPCore
import CLIPPipeline

/// A run that a seed determines, apart from the timing of its threads.
struct Schedule: Sendable {
    /// A failure that ends a run.
    enum Fatal: Sendable, Hashable {
        case counting
        case opening
        /// Walking the source, before the image at a position.
        case finding(Int)
        /// A library is missing, which reading the image at a position shows.
        case library(Int)
        /// A call of the encoder, the first being 0.
        case encoding(Int)
        /// Not even one image fits into the encoder's memory.
        case memory
        case storedImages
        /// A call of the store, the first being 0.
        case appending(Int)
        case recording(Int)
        case removing
        case finishing
    }

    /// How a run ends before its source does.
    enum Interruption: Sendable, Hashable {
        case stop
        case cancel
        /// The loop over its events is left.
        case leave
    }

    /// Where a run is interrupted.
    enum Moment: Sendable, Hashable {
        /// At one of the places where its parts wait, counted over all of them.
        case step(Int)
        /// Where reading the image at a position hangs until the run has ended.
        case hangingRead(Int)
        /// Where finding the image at a position hangs until the run has ended.
        case hangingFind(Int)
    }

    /// The seed that the rest was made from.
    let seed: UInt64
    var images = [ScheduledImage]()
    /// What an earlier run left in the store.
    var stored = [ScheduledImage]()
    var options = EmbeddingRun.Options()
    /// Whether the source knows its number of images in advance.
    var isCounted = false
    /// The number of images for which the encoder has memory.
    var encoderMemory = Int.max
    /// Whether vectors do not depend on the batch, so that none is filled up.
    var isBatchInvariant = false
    /// How often each stage lets others go first, at most.
    var patience = [Stage: Int]()
    var fatal: Fatal?
    var interruption: (how: Interruption, when: Moment)?
    /// Whether the run is a sequence of events.
    var isIterated = false

    /// What waits in a run.
    enum Stage: CaseIterable, Sendable {
        case source, read, decode, encode, store, reader
    }
}

/// An image, or what a store has of one.
struct ScheduledImage: Sendable, Hashable {
    let id: String
    /// The bytes of the file: its red, its green, and as blue the raw value of its ``kind``.
    let file: [UInt8]
    let version: String?
    var readFault: ReadFault?

    /// What reading an image may throw.
    enum ReadFault: String, Sendable, CaseIterable {
        case gone, unreadable, tooLarge, foreign, cancelled
        /// It stands for a part of the source that cannot be looked into.
        case unknownPart

        /// The error that is thrown.
        var error: any Error {
            switch self {
            case .gone: CLIPError(.notFound, "It is gone.")
            case .unreadable, .unknownPart: CLIPError(.unreadable, "The disk does not answer.")
            case .tooLarge: CLIPError.tooLarge("It", byteCount: 11, limit: 10)
            case .foreign: ForeignError()
            case .cancelled: CancellationError()
            }
        }
    }

    /// What becomes of the bytes of an image.
    enum Kind: UInt8, Sendable, CaseIterable {
        case sound, undecodable, foreign, tooNarrow, withoutVector
    }

    /// What becomes of its bytes.
    var kind: Kind { Kind(rawValue: file[2]) ?? .sound }
}

/// An error of a type that the library does not know.
struct ForeignError: Error, CustomStringConvertible {
    let description = "a foreign error"
}

extension Schedule {
    /// What every planned failure that ends a run says.
    static let plannedReason = "The schedule plans this failure."

    /// The hash of a file's bytes.
    @Sendable static func hash(_ file: [UInt8]) -> String { "\(file)" }

    /// Whether hashes are stored.
    var hashes: Bool { options.contentHash != nil }

    /// The same images without what ends the run early.
    var undisturbed: Schedule {
        var other = self
        other.fatal = nil
        other.interruption = nil
        other.options.failureLimit = nil
        return other
    }
}
