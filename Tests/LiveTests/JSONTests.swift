import Testing

@testable import Live

@Suite struct JSONTests {
  @Test func `an object is rendered in order, with what must be escaped escaped`() {
    let value = JSON.object([
      ("a", .null), ("b", .bool(true)), ("c", .number(-7)), ("d", .decimal("0.5")),
      ("e", .string("\"\\/\n\u{1F}é😀")), ("f\"", .object([])),
    ])
    #expect(value.text == #"{"a":null,"b":true,"c":-7,"d":0.5,"e":"\"\\/\u000a\u001fé😀","f\"":{}}"#)
  }
}
