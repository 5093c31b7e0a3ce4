import Testing

@testable import HTTP

@Suite struct HeaderFieldsTests {
  @Test func aNameFindsItsLinesInOrderWhateverItsCase() {
    let fields = HeaderFields([
      ("Range", "bytes=0-"), ("Accept", "*/*"), ("accept", "text/x"), ("ACCEPT", ""), ("Rang", "no"),
    ])
    #expect(fields["range"] == ["bytes=0-"])
    #expect(fields["Accept"] == ["*/*", "text/x", ""])
    #expect(fields["Ranges"] == [])
    #expect(fields[""] == [])
  }

  @Test func bytesThatAreNoUTF8AreRepaired() {
    var fields = HeaderFields()
    fields.append(name: Array("X".utf8), value: [0x61, 0xFF])
    #expect(fields["x"] == ["a\u{FFFD}"])
  }

  @Test func aValueIsALine() {
    #expect(HeaderFields([("X", "a b\t")]).valuesAreLines)
    #expect(HeaderFields([("X", ""), ("Y", "a\rb")]).valuesAreLines == false)
  }

  @Test func aNameIsAToken() {
    #expect(HeaderFields([("X-Å", "")]).namesAreTokens == false)
    #expect(HeaderFields([("X ", "")]).namesAreTokens == false)
    #expect(HeaderFields([("", "")]).namesAreTokens == false)
    #expect(HeaderFields([("X", "å\t "), ("!#$%&'*+-.^_`|~09azAZ", "")]).namesAreTokens)
  }
}
