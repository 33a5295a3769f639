/// Cosines of a block of images with prompt sets and with each single prompt: what a ``PromptScoringRule`` sees.
public struct PromptSimilarities: Sendable {
    /// The same cosines as a rule sees them that compares with prompt sets alone.
    @usableFromInline
    package let similarities: Similarities

    /// What each column stands for.
    public var layout: PromptLayout { similarities.layout }
    /// Number of images.
    @usableFromInline
    package var imageCount: Int { similarities.imageCount }

    /// Takes cosines that have columns of single prompts; `nil` when they have none.
    package init?(_ similarities: Similarities) {
        guard similarities.columnCount == similarities.layout.rowCount else { return nil }
        self.similarities = similarities
    }

    /// Makes one item of evidence for each image and category.
    ///
    /// - Parameter make: Given a row of cosines and a category's columns.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    public func evidence(_ make: (_ row: Row, _ category: PromptLayout.Category) -> Evidence) -> [Evidence] {
        evidence { _ in
            ()
        } make: { row, _, category in
            make(row, category)
        }
    }

    /// Makes one item of evidence for each image and category, from something computed once an image.
    ///
    /// - Parameters:
    ///   - share: Computes, from a row of cosines, what the image's categories have in common.
    ///   - make: Given a row of cosines, the shared value and a category's columns.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
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

    /// Makes the evidence of all categories of an image together, as ``Similarities/evidenceOfImages(_:)``.
    @inlinable
    public func evidenceOfImages(
        _ make: (_ row: Row, _ categories: [PromptLayout.Category]) -> [Evidence]
    ) -> [Evidence] {
        similarities.evidenceOfImageRows { make(Row($0), $1) }
    }

    /// Positive minus negative nearness for each image and category, with the neutral test of ``ContrastRule``.
    ///
    /// - Parameter nearness: How near an image is to a prompt set.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    package func contrast(_ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float) -> [Evidence] {
        contrast(nearness, negative: nearness)
    }

    /// Positive minus negative nearness for each image and category, where negative sets count in another way.
    ///
    /// - Parameters:
    ///   - nearness: How near an image is to a prompt set.
    ///   - negativeNearness: The same for negative sets.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    package func contrast(
        _ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float,
        negative negativeNearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float
    ) -> [Evidence] {
        evidence { row, category in
            category.contrast({ nearness(row, $0) }, negative: { negativeNearness(row, $0) })
        }
    }

    /// For each image and category the position, among the category's positive prompts, of the nearest one; 0 for a
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
    /// The cosines of one image.
    ///
    /// A row belongs to the call that it is a parameter of: the compiler refuses to keep it for longer.
    public struct Row: ~Escapable {
        @usableFromInline
        let values: Span<Float>

        @inlinable
        @_lifetime(copy values)
        init(_ values: Span<Float>) {
            self.values = values
        }

        /// The cosine with the vector of one column.
        ///
        /// - Precondition: The layout has the column.
        @inlinable
        public subscript(column: Int) -> Float { values[column] }

        /// The cosine with the vector of a prompt set.
        ///
        /// - Precondition: The set belongs to the layout of the similarities.
        @inlinable
        public subscript(set: PromptLayout.PromptSet) -> Float { values[set.column] }

        /// The largest cosine with a single prompt of a set.
        ///
        /// - Precondition: The set has prompts.
        @inlinable
        public func best(of set: PromptLayout.PromptSet) -> Float {
            values[bestColumn(of: set)]
        }

        /// The column of the single prompt of a set that is nearest; the first of several.
        ///
        /// - Precondition: The set has prompts.
        @inlinable
        package func bestColumn(of set: PromptLayout.PromptSet) -> Int {
            precondition(!set.promptColumns.isEmpty, "the set has no prompts")
            var best = set.promptColumns.lowerBound
            for column in set.promptColumns.dropFirst() where values[column] > values[best] {
                best = column
            }
            return best
        }

        /// The mean of the `k` largest cosines with single prompts of a set, or of all when there are fewer.
        ///
        /// - Precondition: The set has prompts, and `k` is positive.
        @inlinable
        package func meanOfBest(_ k: Int, of set: PromptLayout.PromptSet) -> Float {
            precondition(!set.promptColumns.isEmpty && k > 0, "the set has prompts, and some of them count")
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
