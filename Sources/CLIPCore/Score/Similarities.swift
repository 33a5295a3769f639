/// Cosines of a block of images with the vectors of a prompt bank.
///
/// What a ``ScoringRule`` sees: a matrix with one row an image and one column a vector, and the layout that says what each
/// column is.
public struct Similarities: Sendable {
    /// What each column stands for.
    public let layout: PromptLayout
    /// Number of images.
    public let imageCount: Int
    /// Number of columns: all of the layout's, or only those of its prompt sets.
    public let columnCount: Int
    /// `imageCount × columnCount` cosines, row by row.
    public let values: [Float]

    /// Computes the cosines of images with a bank's vectors, in one matrix product.
    ///
    /// - Parameters:
    ///   - images: Unit vectors.
    ///   - bank: The prompts.
    ///   - promptColumns: Whether single prompts get columns too, or only prompt sets.
    init(_ images: EmbeddingMatrix, _ bank: PromptBank, promptColumns: Bool) {
        let columns = promptColumns ? bank.layout.rowCount : bank.layout.setCount
        self.init(
            layout: bank.layout,
            columnCount: columns,
            values: MatrixProduct.innerProducts(images, bank.vectors, rows: columns)
        )
    }

    /// Creates similarities from given cosines, for example to test a rule by hand-computed numbers.
    ///
    /// - Parameters:
    ///   - layout: What each column stands for.
    ///   - columnCount: `layout.rowCount`, or `layout.setCount` when there are no columns of single prompts.
    ///   - values: Cosines, row by row.
    public init(layout: PromptLayout, columnCount: Int, values: [Float]) {
        precondition(columnCount == layout.rowCount || columnCount == layout.setCount, "columns do not fit the layout")
        precondition(values.count.isMultiple(of: columnCount), "the values do not fill whole rows")
        self.layout = layout
        self.imageCount = values.count / columnCount
        self.columnCount = columnCount
        self.values = values
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
    public func evidence<Shared>(
        sharing share: (_ row: Row) -> Shared,
        make: (_ row: Row, _ shared: Shared, _ category: PromptLayout.Category) -> Evidence
    ) -> [Evidence] {
        let categories = layout.categories
        return values.withUnsafeBufferPointer { values in
            [Evidence](unsafeUninitializedCapacity: imageCount * categories.count) { evidence, count in
                for image in 0..<imageCount {
                    let columns = image * columnCount..<(image + 1) * columnCount
                    let row = Row(values: UnsafeBufferPointer(rebasing: values[columns]))
                    let shared = share(row)
                    for category in categories {
                        evidence.initializeElement(at: count, to: make(row, shared, category))
                        count += 1
                    }
                }
            }
        }
    }
}

extension Similarities {
    /// For each image and category the position, among the category's positive prompts, of the nearest one; 0 for a
    /// category without single prompts.
    ///
    /// - Precondition: There are columns of single prompts.
    public func bestPrompts() -> [Int32] {
        precondition(columnCount == layout.rowCount, "there are no columns of single prompts")
        return values.withUnsafeBufferPointer { values in
            (0..<imageCount).flatMap { image in
                let row = Row(
                    values: UnsafeBufferPointer(rebasing: values[image * columnCount..<(image + 1) * columnCount])
                )
                return layout.categories.map { category in
                    let prompts = category.positive.promptColumns
                    return prompts.isEmpty ? 0 : Int32(row.bestColumn(of: category.positive) - prompts.lowerBound)
                }
            }
        }
    }

    /// The same cosines for some of the categories.
    func selecting(_ categories: [Int]) -> Similarities {
        Similarities(layout: layout.selecting(categories), columnCount: columnCount, values: values)
    }

    /// Positive minus negative nearness for each image and category, with the neutral test of ``ContrastRule``.
    ///
    /// - Parameter nearness: How near an image is to a prompt set.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    public func contrast(_ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float) -> [Evidence] {
        contrast(nearness, negative: nearness)
    }

    /// Positive minus negative nearness for each image and category, where negative sets count in another way.
    ///
    /// - Parameters:
    ///   - nearness: How near an image is to a prompt set.
    ///   - negativeNearness: The same for negative sets.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    public func contrast(
        _ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float,
        negative negativeNearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float
    ) -> [Evidence] {
        evidence { row, category in
            let positive = nearness(row, category.positive)
            let negative = category.negative.map { negativeNearness(row, $0) }
            return Evidence(
                score: positive - (negative ?? 0),
                positive: positive,
                negative: negative,
                neutral: category.neutral.map { nearness(row, $0) }
            )
        }
    }
}

extension Similarities {
    /// The cosines of one image.
    public struct Row {
        @usableFromInline
        let values: UnsafeBufferPointer<Float>

        @inlinable
        init(values: UnsafeBufferPointer<Float>) {
            self.values = values
        }

        /// The cosine with the vector of one column.
        @inlinable
        public subscript(column: Int) -> Float { values[column] }

        /// The cosine with the vector of a prompt set.
        @inlinable
        public subscript(set: PromptLayout.PromptSet) -> Float { values[set.column] }

        /// The largest cosine with a single prompt of a set.
        ///
        /// - Precondition: The rule asks for prompt vectors.
        @inlinable
        public func best(of set: PromptLayout.PromptSet) -> Float {
            values[bestColumn(of: set)]
        }

        /// The column of the single prompt of a set that is nearest; the first of several.
        ///
        /// - Precondition: The rule asks for prompt vectors, and the set has prompts.
        @inlinable
        public func bestColumn(of set: PromptLayout.PromptSet) -> Int {
            requirePrompts(of: set)
            var best = set.promptColumns.lowerBound
            for column in set.promptColumns.dropFirst() where values[column] > values[best] {
                best = column
            }
            return best
        }

        /// The mean of the `k` largest cosines with single prompts of a set, or of all when there are fewer.
        ///
        /// - Precondition: The rule asks for prompt vectors, the set has prompts, and `k` is positive.
        @inlinable
        public func meanOfBest(_ k: Int, of set: PromptLayout.PromptSet) -> Float {
            requirePrompts(of: set)
            let largest = values[set.promptColumns].sorted(by: >).prefix(k)
            return largest.reduce(0, +) / Float(largest.count)
        }

        @inlinable
        func requirePrompts(of set: PromptLayout.PromptSet) {
            precondition(set.promptColumns.upperBound <= values.count, "the rule must set usesPromptVectors")
            precondition(!set.promptColumns.isEmpty, "the set has no prompts")
        }
    }
}
