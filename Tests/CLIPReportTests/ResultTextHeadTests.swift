import CLIPCore
import CLIPReport
import Testing

@Suite struct ResultTextHeadTests {
    private let table = ResultTable([("id", .texts(["a\n\"b\".jpg"])), ("cosine", .numbers([0.25]))])

    private func head(_ text: String) -> ResultTextHead { ResultTextHead(Array(text.utf8)) }

    @Test func whatIsWrittenIsRecognised() {
        #expect(head(table.csv().string).isResult)
        #expect(head(table.jsonLines().string).isResult)
    }

    @Test(arguments: [
        "id,categories,score_a,outcome_a\r\n", "id,\"categories\",\"score_a, \"\"b\"\"\"\r\n", "id,categories\r\n",
        "id,category,change\r\nx", "group,truth,a,b,(none)\r\n",
        "id,\"score_a\r\nb, c\",\"positive_a\r\nb, c\",best_prompt_d\r\nx", "query,id,cosine\r\n",
        "group,id,cosine\r\n",
        "category,part,text,f1_with,average_precision_verdict\r\n", "category,threshold,precision,recall\r\n",
        "{\"id\":\"a\",\"categories\":[]}\n", "{\"id\":\"a\",\"score\":{\"b\":0.5},\"positive\":{\"b\":1}}\n",
        "{\"query\":\"a cat\",\"id\":\"a\",\"cosine\":0.5}\n", "{\"group\":1,\"id\":\"a\",\"cosine\":1.0}\n",
        "{\"id\":\"a\",\"categories\":[\"b\"],\"scores\":{\"b\":[{}]}}\n",
    ]) func resultsOfCommandsAreRecognised(text: String) {
        #expect(head(text).isResult)
    }

    /// One of thousands of categories.
    @Test func aLongHeaderIsJudgedByItsBeginning() {
        let names = (0..<120_000).map { "score_category-\($0)" }
        let header = Array("id,categories,\(names.joined(separator: ","))".utf8.prefix(ResultTextHead.size))
        #expect(header.count == ResultTextHead.size && ResultTextHead(header).isResult)
        #expect(!ResultTextHead(Array(header.dropLast())).isResult)
    }

    @Test(arguments: [
        "", "\n", "id,categories\n", "id,categories_of_mine\r\n", "id,path\r\n1,id\r\n", "id,category,label\r\n",
        "{\"id\":1,\"path\":\"a.jpg\"}\n", "{\"id\":1,\"score\":2", "[\"id\",\"score\"]\n",
        String(repeating: "[", count: 100_000),
    ]) func filesOfOthersAreNot(text: String) {
        #expect(!head(text).isResult)
    }

    /// Names that a result has too, with other values or columns beside them.
    @Test(arguments: [
        "{\"id\": 7, \"score\": 0.9, \"text\": \"my own answers\"}\n", "{\"id\":\"a\",\"score\":0.9}\n",
        "{\"id\":\"a\",\"score\":{\"me\":1},\"note\":\"x\"}\n", "{\"id\":\"a\",\"categories\":\"cat\"}\n",
        "{\"id\":\"a\",\"categories\":[1]}\n", "{\"id\":\"a\",\"categories\":[\"cat\"],\"note\":\"x\"}\n",
        "{\"id\":\"a\",\"cosine\":0.5,\"note\":\"x\"}\n", "{\"id\":\"a\",\"cosine\":\"0.5\"}\n",
        "id,categories,notes\r\n", "id,score_total,teacher\r\n", "id,score_total\r\n", "id,cosine,note\r\n",
        "id,category,change,why\r\n", "group,truth,prediction\r\n", "category,part,text,translation\r\n",
    ]) func aSharedNameIsNotEnough(text: String) {
        #expect(!head(text).isResult)
    }

    @Test func labelsArePeoplesWork() {
        #expect(head("id,category,label,probability,round\r\na,dog,,0.5,1\r\n").isLabels)
        #expect(!head("id,category\r\na,dog\r\n").isLabels)
    }
}
