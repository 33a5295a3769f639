extension Evidence {
    /// Whether `positive − neutral ≥ margin`; true for evidence without a neutral similarity.
    ///
    /// Results and calibration hold this difference; the sum `neutral + margin` may be rounded to the other side of
    /// `positive`.
    package func passesNeutralTest(margin: Float) -> Bool {
        guard let neutral else { return true }
        return positive - neutral >= margin
    }
}
