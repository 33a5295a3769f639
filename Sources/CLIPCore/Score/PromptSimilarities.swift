/// The cosine similarities of a block of images with prompt sets and single prompts: the input of a
/// ``PromptScoringRule``.
public struct PromptSimilarities: Sendable {
    /// The same similarities for rules that use only prompt sets.
    @usableFromInline
    package let similarities: Similarities

    /// The meaning of each column.
    public var layout: PromptLayout { similarities.layout }
    /// The number of images.
    @usableFromInline
    package var imageCount: Int { similarities.imageCount }

    /// Wraps similarities; `nil` if they have no columns of single prompts.
    package init?(_ similarities: Similarities) {
        guard similarities.columnCount == similarities.layout.rowCount else { return nil }
        self.similarities = similarities
    }

    /// Creates one item of evidence per image and category.
    ///
    /// - Parameter make: Receives a row of similarities and a category's columns.
    /// - Returns: `images × layout.categories.count` items, in row-major order.
    @inlinable
    @inline(__always)
    public func evidence(_ make: (_ row: Row, _ category: PromptLayout.Category) -> Evidence) -> [Evidence] {
        evidence { _ in
            ()
        } make: { row, _, category in
            make(row, category)
        }
    }

    /// Creates one item of evidence per image and category from a value that is computed once per image.
    ///
    /// - Parameters:
    ///   - share: Computes the value that an image's categories share from a row of similarities.
    ///   - make: Receives a row of similarities, the shared value and a category's columns.
    /// - Returns: `images × layout.categories.count` items, in row-major order.
    @inlinable
    @inline(__always)
    package func evidence<Shared>(
        sharing share: (_ row: Row) -> Shared,
        make: (_ row: Row, _ shared: Shared, _ category: PromptLayout.Category) -> Evidence
    ) -> [Evidence] {
        similarities.evidenceOfRows { values in
            share(Row(values))
        } make: { values, shared, category in
            make(Row(values), shared, category)
        }
    }

    /// Creates the evidence of all categories of an image together, like ``Similarities/evidenceOfImages(_:)``.
    @inlinable
    public func evidenceOfImages(
        _ make: (_ row: Row, _ categories: [PromptLayout.Category]) -> [Evidence]
    ) -> [Evidence] {
        similarities.evidenceOfImageRows { make(Row($0), $1) }
    }

    /// Positive minus negative similarity for each image and category, with the neutral test of `contrast`.
    ///
    /// - Parameter nearness: The similarity of an image to a prompt set.
    /// - Returns: `images × layout.categories.count` items, in row-major order.
    @inlinable
    @inline(__always)
    package func contrast(_ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float) -> [Evidence] {
        contrast(nearness, negative: nearness)
    }

    /// Positive minus negative similarity for each image and category, with a separate measure for negative sets.
    ///
    /// - Parameters:
    ///   - nearness: The similarity of an image to a prompt set.
    ///   - negativeNearness: The similarity of an image to a negative set.
    /// - Returns: `images × layout.categories.count` items, in row-major order.
    @inlinable
    @inline(__always)
    package func contrast(
        _ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float,
        negative negativeNearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float
    ) -> [Evidence] {
        evidence { row, category in
            category.contrast({ nearness(row, $0) }, negative: { negativeNearness(row, $0) })
        }
    }

    /// For each image and category, the index of the nearest of the category's positive single prompts; 0 for a
    /// category without single prompts.
    package func bestPrompts() -> [Int32] {
        let columns = similarities.columnCount
        let values = similarities.values.span
        var positions = [Int32]()
        positions.reserveCapacity(imageCount * layout.categories.count)
        for image in 0..<imageCount {
            let row = Row(values.extracting(image * columns..<(image + 1) * columns))
            for category in layout.categories {
                let prompts = category.positive.promptColumns
                positions.append(
                    prompts.isEmpty ? 0 : Int32(row.bestColumn(of: category.positive) - prompts.lowerBound)
                )
            }
        }
        return positions
    }
}

extension PromptSimilarities {
    /// The similarities of one image.
    ///
    /// A row is valid only during the call that receives it. The compiler prevents it from escaping.
    public struct Row: ~Escapable {
        @usableFromInline
        let values: Span<Float>

        @inlinable
        @_lifetime(copy values)
        init(_ values: Span<Float>) {
            self.values = values
        }

        /// The similarity to the vector of a column.
        ///
        /// - Precondition: The layout has the column.
        @inlinable
        public subscript(column: Int) -> Float { values[column] }

        /// The similarity to a prompt set.
        ///
        /// - Precondition: The set belongs to the layout of the similarities.
        @inlinable
        public subscript(set: PromptLayout.PromptSet) -> Float { values[set.column] }

        /// A score with the similarities to the category's prompt sets, and with the neutral test of `contrast`.
        @inlinable
        public func evidence(for category: PromptLayout.Category, score: Float) -> Evidence {
            Evidence(
                score: score,
                positive: values[category.positive.column],
                negative: category.negative.map { values[$0.column] },
                neutral: category.neutral.map { values[$0.column] }
            )
        }

        /// The largest similarity to a single prompt of a set.
        ///
        /// - Precondition: The set has prompts.
        @inlinable
        public func best(of set: PromptLayout.PromptSet) -> Float {
            values[bestColumn(of: set)]
        }

        /// The column of the nearest single prompt of a set; the first one in case of a tie.
        ///
        /// - Precondition: The set has prompts.
        @inlinable
        package func bestColumn(of set: PromptLayout.PromptSet) -> Int {
            precondition(!set.promptColumns.isEmpty, "the set must have prompts")
            var best = set.promptColumns.lowerBound
            for column in set.promptColumns.dropFirst() where values[column] > values[best] {
                best = column
            }
            return best
        }

        /// The mean of the `k` largest similarities to single prompts of a set, or of all if there are fewer.
        ///
        /// - Precondition: The set has prompts, and `k` is positive.
        @inlinable
        package func meanOfBest(_ k: Int, of set: PromptLayout.PromptSet) -> Float {
            precondition(!set.promptColumns.isEmpty && k > 0, "the set must have prompts, and k must be positive")
            let count = min(k, set.promptColumns.count)
            var largest = [Float]()
            largest.reserveCapacity(count)
            for column in set.promptColumns {
                let value = values[column]
                if largest.count == count {
                    guard value > largest[count - 1] else { continue }
                    largest.removeLast()
                }
                largest.insert(value, at: largest.firstIndex { $0 < value } ?? largest.count)
            }
            return largest.reduce(0, +) / Float(count)
        }
    }
}
