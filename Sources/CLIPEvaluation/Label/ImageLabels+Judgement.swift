extension ImageLabels {
    /// One label of an image.
    public struct Judgement: Sendable, Hashable {
        /// What a person said about an image and a category.
        public enum Answer: Sendable, Hashable {
            /// Nobody has looked at the image yet.
            case missing
            /// Somebody looked at the image and could not tell.
            case unsure
            /// The image does not belong to the category.
            case nonMember
            /// The image belongs to the category.
            case member

            /// Whether the image belongs to the category; `nil` if unknown.
            package var isMember: Bool? {
                switch self {
                case .missing, .unsure: nil
                case .nonMember: false
                case .member: true
                }
            }

            /// Whether the answer says more than another one about the same image and category.
            func saysMore(than other: Answer) -> Bool {
                other.isMember == nil && self != .missing && self != other
            }
        }

        /// Probabilities of being drawn.
        ///
        /// A smaller one stands for more images than a store holds, and the square of its weight may be infinite.
        package static let probabilities = 1e-12...1

        /// The image's id.
        public let id: String
        /// The name of the category; `nil` if the image belongs to no category at all.
        public let category: String?
        /// What a person said.
        public var answer: Answer
        /// The probability with which the image was drawn for this category, from 10⁻¹² to 1; `nil` if it was not
        /// drawn with a known one.
        public let probability: Double?
        /// The round of drawing in which the image was drawn, from 1; `nil` if unknown.
        public let round: Int?

        /// Labels an image as belonging to a category or not.
        ///
        /// - Parameters:
        ///   - id: The image's id.
        ///   - category: The name of the category.
        ///   - isMember: Whether the image belongs to the category.
        ///   - probability: The probability with which the image was drawn for this category, from 10⁻¹² to 1;
        ///     `nil` if it was not drawn with a known one.
        public init(id: String, category: String, isMember: Bool, probability: Double? = nil) {
            self.init(
                id: id,
                category: category,
                answer: isMember ? .member : .nonMember,
                probability: probability,
                round: nil
            )
        }

        /// Describes a drawn image, which may not be judged yet.
        package init(id: String, category: String, answer: Answer, probability: Double?, round: Int?) {
            precondition(
                probability.map(Self.probabilities.contains) ?? true,
                "a probability is at least 1e-12 and at most 1"
            )
            precondition(round ?? 1 >= 1, "rounds are counted from 1")
            self.id = id
            self.category = category
            self.answer = answer
            self.probability = probability
            self.round = round
        }

        /// Labels an image as belonging to no category.
        public init(idOfNone id: String) {
            self.id = id
            category = nil
            answer = .nonMember
            probability = nil
            round = nil
        }
    }
}
