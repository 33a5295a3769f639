/// The cosine similarities of a block of images and the vectors of a prompt bank.
///
/// The input of a ``ScoringRule``: a matrix with one row per image and one column per vector, and a layout that gives
/// the meaning of each column.
public struct Similarities: Sendable {
    /// The meaning of each column.
    public let layout: PromptLayout
    /// The number of images.
    @usableFromInline
    package let imageCount: Int
    /// The number of columns: all of the layout's, or only those of its prompt sets.
    @usableFromInline
    package let columnCount: Int
    /// `imageCount × columnCount` cosines, in row-major order.
    @usableFromInline
    package let values: [Float]

    /// Creates similarities from cosines, in column order.
    ///
    /// - Parameters:
    ///   - layout: The meaning of each column.
    ///   - columnCount: `layout.rowCount`, or `layout.setCount` without columns of single prompts.
    ///   - values: Cosines, in row-major order.
    package init(layout: PromptLayout, columnCount: Int, values: [Float]) {
        precondition(
            columnCount == layout.rowCount || columnCount == layout.setCount,
            "the columns must match the layout"
        )
        precondition(values.count.isMultiple(of: columnCount), "the values must fill whole rows")
        self.layout = layout
        self.imageCount = values.count / columnCount
        self.columnCount = columnCount
        self.values = values
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
        evidenceOfRows { values in
            share(Row(values))
        } make: { values, shared, category in
            make(Row(values), shared, category)
        }
    }

    /// Creates the evidence of all categories of an image together, for rules in which categories compete.
    ///
    /// ```swift
    /// // The lead of a category over the best of the others.
    /// similarities.evidenceOfImages { row, categories in
    ///     let cosines = categories.map { row[$0.positive] }
    ///     return categories.indices.map { index in
    ///         let others = cosines.indices.filter { $0 != index }.map { cosines[$0] }
    ///         return Evidence(score: cosines[index] - (others.max() ?? 0), positive: cosines[index])
    ///     }
    /// }
    /// ```
    ///
    /// - Parameter make: Receives a row of similarities and the columns of all categories that the rule serves; returns
    ///   one item per category, in order.
    /// - Returns: `images × layout.categories.count` items, in row-major order.
    @inlinable
    public func evidenceOfImages(
        _ make: (_ row: Row, _ categories: [PromptLayout.Category]) -> [Evidence]
    ) -> [Evidence] {
        evidenceOfImageRows { make(Row($0), $1) }
    }

    /// Creates the evidence of all categories of an image together.
    @inlinable
    func evidenceOfImageRows(_ make: (Span<Float>, [PromptLayout.Category]) -> [Evidence]) -> [Evidence] {
        let categories = layout.categories
        let values = values.span
        var evidence = [Evidence]()
        evidence.reserveCapacity(imageCount * categories.count)
        for image in 0..<imageCount {
            let made = make(values.extracting(image * columnCount..<(image + 1) * columnCount), categories)
            precondition(made.count == categories.count, "there must be one item of evidence per category")
            evidence += made
        }
        return evidence
    }

    /// Positive minus negative similarity for each image and category, with the neutral test of `contrast`.
    ///
    /// - Parameter nearness: The similarity of an image to a prompt set.
    /// - Returns: `images × layout.categories.count` items, in row-major order.
    @inlinable
    @inline(__always)
    package func contrast(_ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float) -> [Evidence] {
        evidence { row, category in
            category.contrast({ nearness(row, $0) }, negative: { nearness(row, $0) })
        }
    }

    /// Iterates over the rows as spans, which check every index.
    @inlinable
    @inline(__always)
    func evidenceOfRows<Shared>(
        sharing share: (Span<Float>) -> Shared,
        make: (Span<Float>, Shared, PromptLayout.Category) -> Evidence
    ) -> [Evidence] {
        let categories = layout.categories
        // Swift would write the count 0 into the empty array that all threads share.
        guard imageCount > 0, !categories.isEmpty else { return [] }
        let values = values.span
        return [Evidence](unsafeUninitializedCapacity: imageCount * categories.count) { evidence, count in
            for image in 0..<imageCount {
                let row = values.extracting(image * columnCount..<(image + 1) * columnCount)
                let shared = share(row)
                for category in categories {
                    evidence.initializeElement(at: count, to: make(row, shared, category))
                    count += 1
                }
            }
        }
    }

    /// The same similarities for some of the categories.
    func selecting(_ categories: [Int]) -> Similarities {
        Similarities(layout: layout.selecting(categories), columnCount: columnCount, values: values)
    }
}

extension Similarities {
    /// The similarities of one image to prompt sets.
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
    }
}

extension PromptLayout.Category {
    /// Positive minus negative similarity, with the neutral test.
    @inlinable
    @inline(__always)
    func contrast(
        _ nearness: (PromptLayout.PromptSet) -> Float,
        negative negativeNearness: (PromptLayout.PromptSet) -> Float
    ) -> Evidence {
        let positive = nearness(self.positive)
        let negative = self.negative.map(negativeNearness)
        return Evidence(
            score: positive - (negative ?? 0),
            positive: positive,
            negative: negative,
            neutral: self.neutral.map(nearness)
        )
    }
}
