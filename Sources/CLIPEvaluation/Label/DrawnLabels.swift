/// The rows of a category's labels, of which some may have no answer.
///
/// An image that was drawn and has no answer still stands for others of the collection. Its weight goes to the images with
/// an answer that were drawn with the same probability (weighting-class adjustment: Oh and Scheuren, 1983). Where none of
/// these has an answer, the group shares the weights of the one with the next larger probability.
struct DrawnLabels {
    /// What has no answer.
    private(set) var unanswered = LabelledEmbeddings.Unanswered()
    /// For each probability, the weight of the images drawn with it, and of those with an answer.
    private var groups = [Double: (drawn: Double, answered: Double)]()

    /// Adds a row.
    mutating func add(_ answer: ImageLabels.Judgement.Answer, probability: Double?) {
        unanswered.add(answer)
        guard let probability else { return }
        let weight = 1 / probability
        var group = groups[probability] ?? (0, 0)
        group.drawn += weight
        if answer.isMember != nil { group.answered += weight }
        groups[probability] = group
    }

    /// For each probability of being drawn, that of being drawn and having an answer.
    var answerProbabilities: [Double: Double] {
        var classes = [WeightingClass]()
        for (probability, group) in groups.sorted(by: { $0.key < $1.key }) {
            let next = WeightingClass(probabilities: [probability], drawn: group.drawn, answered: group.answered)
            if let last = classes.indices.last, classes[last].answered == 0 {
                classes[last].merge(next)
            } else {
                classes.append(next)
            }
        }
        if classes.count > 1, classes[classes.count - 1].answered == 0 {
            let last = classes.removeLast()
            classes[classes.count - 1].merge(last)
        }
        return classes.reduce(into: [:]) { result, group in
            for probability in group.probabilities where group.answered > 0 {
                result[probability] = probability * (group.answered / group.drawn)
            }
        }
    }

    private struct WeightingClass {
        var probabilities: [Double]
        var drawn: Double
        var answered: Double

        mutating func merge(_ other: WeightingClass) {
            probabilities += other.probabilities
            drawn += other.drawn
            answered += other.answered
        }
    }
}

extension LabelledEmbeddings {
    /// The rows of a category's labels, and those that have no answer.
    public struct Unanswered: Sendable, Hashable {
        /// Number of rows of images in the store.
        public fileprivate(set) var rows = 0
        /// Number of rows that nobody has labelled yet.
        public fileprivate(set) var missing = 0
        /// Number of rows labelled as `unsure`.
        public fileprivate(set) var unsure = 0

        fileprivate mutating func add(_ answer: ImageLabels.Judgement.Answer) {
            rows += 1
            switch answer {
            case .missing: missing += 1
            case .unsure: unsure += 1
            case .nonMember, .member: break
            }
        }
    }
}
