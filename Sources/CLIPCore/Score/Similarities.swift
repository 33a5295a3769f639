/// Cosines of a block of images with the vectors of a prompt bank.
///
/// What a ``ScoringRule`` sees: a matrix with one row an image and one column a vector, and the layout that says what each
/// column is.
public struct Similarities: Sendable {
    /// What each column stands for.
    public let layout: PromptLayout
    /// Number of images.
    @usableFromInline
    package let imageCount: Int
    /// Number of columns: all of the layout's, or only those of its prompt sets.
    @usableFromInline
    package let columnCount: Int
    /// `imageCount × columnCount` cosines, row by row.
    @usableFromInline
    package let values: [Float]

    /// Creates similarities from given cosines, in the order of the columns.
    ///
    /// - Parameters:
    ///   - layout: What each column stands for.
    ///   - columnCount: `layout.rowCount`, or `layout.setCount` when there are no columns of single prompts.
    ///   - values: Cosines, row by row.
    package init(layout: PromptLayout, columnCount: Int, values: [Float]) {
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

    /// Makes the evidence of all categories of an image together, for rules in which categories compete.
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
    /// - Parameter make: Given a row of cosines and the columns of all categories that the rule serves; returns one item for
    ///   each of them, in their order.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    public func evidenceOfImages(
        _ make: (_ row: Row, _ categories: [PromptLayout.Category]) -> [Evidence]
    ) -> [Evidence] {
        evidenceOfImageRows { make(Row($0), $1) }
    }

    /// Makes the evidence of all categories of an image together.
    @inlinable
    func evidenceOfImageRows(_ make: (Span<Float>, [PromptLayout.Category]) -> [Evidence]) -> [Evidence] {
        let categories = layout.categories
        let values = values.span
        var evidence = [Evidence]()
        evidence.reserveCapacity(imageCount * categories.count)
        for image in 0..<imageCount {
            let made = make(values.extracting(image * columnCount..<(image + 1) * columnCount), categories)
            precondition(made.count == categories.count, "there is one item of evidence for each category")
            evidence += made
        }
        return evidence
    }

    /// Positive minus negative nearness for each image and category, with the neutral test of ``ContrastRule``.
    ///
    /// - Parameter nearness: How near an image is to a prompt set.
    /// - Returns: `imageCount × layout.categories.count` items, image by image.
    @inlinable
    public func contrast(_ nearness: (_ row: Row, _ set: PromptLayout.PromptSet) -> Float) -> [Evidence] {
        evidence { row, category in
            category.contrast({ nearness(row, $0) }, negative: { nearness(row, $0) })
        }
    }

    /// Walks the rows as spans, which check every index.
    @inlinable
    func evidenceOfRows<Shared>(
        sharing share: (Span<Float>) -> Shared,
        make: (Span<Float>, Shared, PromptLayout.Category) -> Evidence
    ) -> [Evidence] {
        let categories = layout.categories
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

    /// The same cosines for some of the categories.
    func selecting(_ categories: [Int]) -> Similarities {
        Similarities(layout: layout.selecting(categories), columnCount: columnCount, values: values)
    }
}

extension Similarities {
    /// The cosines of one image with the vectors of prompt sets.
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

        /// The cosine with the vector of a prompt set.
        ///
        /// - Precondition: The set belongs to the layout of the similarities.
        @inlinable
        public subscript(set: PromptLayout.PromptSet) -> Float { values[set.column] }
    }
}

extension PromptLayout.Category {
    /// Positive minus negative nearness, with the neutral test.
    @inlinable
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
