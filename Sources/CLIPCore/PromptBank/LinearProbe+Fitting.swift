#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension LinearProbe {
    /// Fits a logistic regression to labelled images.
    ///
    /// - Parameters:
    ///   - name: The category's name for error messages.
    ///   - images: At least one image of each kind.
    ///   - regularization: The L2 penalty λ; positive.
    /// - Throws: ``CLIPError`` with code `invalidLabels` if both kinds have the same vectors, or the penalty is so
    ///   large that it leaves no difference between them.
    init(category name: String, _ images: Exemplars.Category, regularization: Double) throws {
        precondition(regularization > 0, "the penalty must be positive")
        let problem = LogisticProblem(
            positive: images.positive.embeddings,
            negative: images.negative.embeddings,
            regularization: regularization
        )
        let weights = problem.minimum()
        let norm = weights.dropLast().reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 1e-6 else {
            throw CLIPError(
                .invalidLabels,
                "The rule 'linear-probe' of category '\(name)' cannot separate its images from the others: both "
                    + "have the same vectors, or the regularization \(regularization) is too large. Correct the labels, "
                    + "or give a smaller 'regularization'."
            )
        }
        self.init(
            direction: weights.dropLast().map { Float($0 / norm) },
            scale: Float(norm),
            bias: Float(weights[weights.count - 1])
        )
    }
}

/// The objective that a ``LinearProbe`` minimises, with Newton's method and conjugate gradients (Lin, Weng and Keerthi,
/// 2008).
private struct LogisticProblem {
    private let rows: [Double]
    private let targets: [Double]
    private let dimension: Int
    private let regularization: Double

    /// Coordinates are the weights followed by the bias, so each row ends with a 1.
    init(positive: EmbeddingMatrix, negative: EmbeddingMatrix, regularization: Double) {
        dimension = positive.dimension + 1
        var rows = [Double]()
        rows.reserveCapacity((positive.count + negative.count) * dimension)
        for matrix in [positive, negative] {
            for row in 0..<matrix.count {
                rows += matrix[row: row].lazy.map(Double.init)
                rows.append(1)
            }
        }
        self.rows = rows
        targets =
            [Double](repeating: 1, count: positive.count) + [Double](repeating: 0, count: negative.count)
        self.regularization = regularization
    }

    func minimum() -> [Double] {
        var point = [Double](repeating: 0, count: dimension)
        var value = self.value(at: point)
        var gradient = self.gradient(at: point)
        let goal = 1e-9 * max(1, norm(gradient))
        // The objective is convex; the bound only guards against rounding at the minimum.
        for _ in 0..<200 where norm(gradient) > goal {
            let step = newtonStep(at: point, gradient)
            let slope = dot(step, gradient)
            var length = 1.0
            var next = moved(point, step, length)
            var nextValue = self.value(at: next)
            while nextValue > value + 1e-4 * length * slope, length > 1e-10 {
                length /= 2
                next = moved(point, step, length)
                nextValue = self.value(at: next)
            }
            guard nextValue < value else { break }
            (point, value) = (next, nextValue)
            gradient = self.gradient(at: point)
        }
        return point
    }

    /// Solves `H·step = −gradient` to sufficient accuracy.
    private func newtonStep(at point: [Double], _ gradient: [Double]) -> [Double] {
        let curvature = margins(point).map { margin in
            let probability = sigmoid(margin)
            return probability * (1 - probability)
        }
        var step = [Double](repeating: 0, count: dimension)
        var residual = gradient.map { -$0 }
        var direction = residual
        var squared = dot(residual, residual)
        let goal = squared * min(0.01, squared)
        for _ in 0..<(2 * dimension) where squared > goal && squared > 1e-300 {
            let image = hessian(times: direction, curvature)
            let along = dot(direction, image)
            guard along > 0 else { break }
            let length = squared / along
            step = moved(step, direction, length)
            residual = moved(residual, image, -length)
            let next = dot(residual, residual)
            direction = moved(residual, direction, next / squared)
            squared = next
        }
        return step
    }

    private func value(at point: [Double]) -> Double {
        let penalty = regularization / 2 * dot(point.dropLast(), point.dropLast())
        return zip(margins(point), targets).reduce(penalty) { sum, pair in
            let signed = pair.1 == 1 ? pair.0 : -pair.0
            return sum + (signed > 0 ? log1p(exp(-signed)) : log1p(exp(signed)) - signed)
        }
    }

    private func gradient(at point: [Double]) -> [Double] {
        weightedSum(zip(margins(point), targets).map { sigmoid($0) - $1 }, penalised: point)
    }

    private func hessian(times vector: [Double], _ curvature: [Double]) -> [Double] {
        weightedSum(zip(margins(vector), curvature).map(*), penalised: vector)
    }

    /// The inner product of every row with a vector.
    private func margins(_ vector: [Double]) -> [Double] {
        targets.indices.map { row in
            var sum = 0.0
            for column in 0..<dimension { sum += rows[row * dimension + column] * vector[column] }
            return sum
        }
    }

    /// The weighted sum of the rows plus the gradient of the penalty.
    private func weightedSum(_ weights: [Double], penalised vector: [Double]) -> [Double] {
        var sum = vector.map { $0 * regularization }
        sum[dimension - 1] = 0
        for (row, weight) in weights.enumerated() {
            for column in 0..<dimension { sum[column] += weight * rows[row * dimension + column] }
        }
        return sum
    }

    private func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    private func moved(_ point: [Double], _ step: [Double], _ length: Double) -> [Double] {
        zip(point, step).map { $0 + length * $1 }
    }

    private func dot(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }

    private func norm(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }
}
