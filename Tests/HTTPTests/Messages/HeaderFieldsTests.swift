import Testing

@testable import HTTP

@Suite struct HeaderFieldsTests {
  @Test func `a name finds its lines in order, in any case`() {
    let fields = HeaderFields([
      ("Range", "bytes=0-"), ("Accept", "*/*"), ("accept", "text/x"), ("ACCEPT", ""), ("Rang", "no"),
    ])
    #expect(fields["range"] == ["bytes=0-"])
    #expect(fields["Accept"] == ["*/*", "text/x", ""])
    #expect(fields["Ranges"] == [])
    #expect(fields[""] == [])
  }

  @Test func `bytes that are not UTF-8 are repaired`() {
    var fields = HeaderFields()
    fields.append(name: Array("X".utf8), value: [0x61, 0xFF])
    #expect(fields["x"] == ["a\u{FFFD}"])
  }

  @Test func `a value is one line`() {
    #expect(HeaderFields([("X", "a b\t")]).valuesAreLines)
    #expect(HeaderFields([("X", ""), ("Y", "a\rb")]).valuesAreLines == false)
  }

  @Test func `a name is a token`() {
    #expect(HeaderFields([("X-Å", "")]).namesAreTokens == false)
    #expect(HeaderFields([("X ", "")]).namesAreTokens == false)
    #expect(HeaderFields([("", "")]).namesAreTokens == false)
    #expect(HeaderFields([("X", "å\t "), ("!#$%&'*+-.^_`|~09azAZ", "")]).namesAreTokens)
  }
}
