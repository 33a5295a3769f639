internal import Yams

extension CategoryFileReader {
    /// An error that says in plain words, where possible, why a text is not valid YAML.
    func error(_ problem: YamlError) -> CLIPError {
        switch problem {
        case .scanner(let context, let problem, let mark, let yaml),
            .parser(let context, let problem, let mark, let yaml),
            .composer(let context, let problem, let mark, let yaml):
            let detail: String
            if isTab(at: mark, in: yaml) {
                detail = "There is a tab. Indent with spaces, not tabs."
            } else {
                let place = context.map { " \($0.text) in line \($0.mark.line)" } ?? ""
                detail = "This is not valid YAML: \(context.flatMap(hint) ?? "\(problem)\(place).")"
            }
            return CLIPError(.invalidCategoryFile, "\(file):\(mark.line):\(mark.column): \(detail)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "'\($0)'" }.joined(separator: ", ")
            let position = "\(context.mark.line):\(context.mark.column)"
            let detail = "Each key may occur only once; repeated: \(keys)."
            return CLIPError(.invalidCategoryFile, "\(file):\(position): \(detail)")
        default:
            return CLIPError(.invalidCategoryFile, "\(file): This is not valid YAML: \(problem).")
        }
    }

    /// What is probably missing, from what libyaml was reading.
    private func hint(_ context: YamlError.Context) -> String? {
        let line = context.mark.line
        if context.text.contains("quoted scalar") {
            return "the quoted text that begins in line \(line) does not end. Add the missing quotation mark."
        }
        let check = "Check that it is closed, that every quoted text is, and that commas separate the entries."
        if context.text.contains("flow sequence") {
            return "the list [...] that begins in line \(line) is broken. \(check)"
        }
        if context.text.contains("flow mapping") {
            return "the mapping {...} that begins in line \(line) is broken. \(check)"
        }
        return nil
    }

    private func isTab(at mark: Mark, in text: String) -> Bool {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.dropFirst(mark.line - 1).first?.dropFirst(mark.column - 1).first == "\t"
    }
}
