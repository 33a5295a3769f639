import CLIPCore
import CLIPEvaluation
import Testing

@Suite struct CalibrationTargetTests {
    static let targets: [(text: String, target: CalibrationTarget)] = [
        ("f1", .f1), ("precision=0.95", .precision(0.95)), ("recall=1", .recall(1)),
        ("background-quantile=0.99", .quantile(0.99)), ("F1", .f1), ("Precision=0.95", .precision(0.95)),
    ]

    @Test(arguments: targets)
    func aTargetIsReadFromText(_ text: String, _ target: CalibrationTarget) throws {
        #expect(try CalibrationTarget(text) == target)
        #expect(try CalibrationTarget(target.text) == target)
    }

    static let otherTexts = [
        "", "f2", "f1=0.5", "precision", "precision=", "precision=0", "recall=1.01", "recall=nan",
        "background-quantile=1",
    ]

    @Test(arguments: otherTexts)
    func anotherTextIsAnErrorThatShowsTheTargets(_ text: String) {
        let error = #expect(throws: CLIPError.self) { try CalibrationTarget(text) }
        #expect(error?.code == .calibration)
        #expect(error?.message.contains("Unknown target '\(text)'. Use f1, precision=P") == true)
    }
}
