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
        "id,category,change\r\nx", "group,truth,a,b\r\n",
        "{\"id\":\"a\",\"categories\":[\"b\"],\"scores\":{\"b\":[{}]}}\n",
    ]) func resultsOfCommandsAreRecognised(text: String) {
        #expect(head(text).isResult)
    }

    @Test(arguments: [
        "", "\n", "id,categories\n", "id,categories_of_mine\r\n", "id,path\r\n1,id\r\n", "id,category,label\r\n",
        "{\"id\":1,\"path\":\"a.jpg\"}\n", "{\"id\":1,\"score\":2", "[\"id\",\"score\"]\n",
        String(repeating: "[", count: 100_000),
    ]) func filesOfOthersAreNot(text: String) {
        #expect(!head(text).isResult)
    }

    @Test func labelsArePeoplesWork() {
        #expect(head("id,category,label,probability,round\r\na,dog,,0.5,1\r\n").isLabels)
        #expect(!head("id,category\r\na,dog\r\n").isLabels)
    }
}
