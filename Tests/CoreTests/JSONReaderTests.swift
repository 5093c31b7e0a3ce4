import Core
import Testing

@Suite struct JSONReaderTests {
  @Test(arguments: [
    (#"{}"#, #"{}"#), (" [ ]\r\n", "[]"),
    (#"{"a":[null,true,false],"b":{"c":""}}"#, #"{"a":[null,true,false],"b":{"c":""}}"#),
    ("-0", "-0"), ("10.50e+3", "10.50e+3"), ("[1E9 ,\t-2.5e-0]", "[1E9,-2.5e-0]"),
    (#""\"\\\/\b\f\n\r\té😀\u00e9\uD83D\ude00""#, #""\"\\/\u0008\u000c\u000a\u000d\u0009é😀é😀""#),
    (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#),
  ])
  func `a text is read as it is meant`(text: String, rendered: String) throws {
    #expect(try JSON(Array(text.utf8)).text == rendered)
  }

  @Test(arguments: [
    "", " ", "{", "}", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "tru", "nulL", "'a'",
    "01", "+1", "1.", ".5", "-", "1e", "\"", "\"\n\"", "\"\u{1F}\"", #""\x""#, #""\u12"#, #""\u12g4""#, #""\u+123""#,
    #""\uD83D""#, #""\uD83Dx""#, #""\uD83D\u0041""#, #""\uDE00\uD83D""#, "[] []", "\u{FEFF}[]", "\"\\",
  ])
  func `what is none is refused`(text: String) {
    #expect(throws: JSON.Malformed.self) { try JSON(Array(text.utf8)) }
  }

  @Test func `so is what is no UTF-8, or nested beyond sense`() throws {
    #expect(throws: JSON.Malformed(offset: 0)) { try JSON([0x22, 0xC3, 0x22]) }
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    }
    #expect(try JSON(nested(16)).text.utf8.count == 32)
    #expect(throws: JSON.Malformed(offset: 16)) { try JSON(nested(17)) }
    #expect(throws: JSON.Malformed.self) { try JSON(nested(100_000)) }
  }

  @Test func `a mistake says where it is`() {
    #expect("\(JSON.Malformed(offset: 7))" == "not JSON from byte 7 on")
    #expect(throws: JSON.Malformed(offset: 8)) { try JSON(Array(#"{"a": 1 2}"#.utf8)) }
  }
}
