import Core
import Testing

@Suite struct JSONTests {
  @Test func `an object is rendered in order, with what must be escaped escaped`() {
    let value = JSON.object([
      ("a", .null), ("b", .bool(true)), ("c", .number(-7)), ("d", .decimal("0.5")),
      ("e", .string("\"\\/\n\u{1F}é😀")), ("f\"", .object([])),
    ])
    #expect(value.text == #"{"a":null,"b":true,"c":-7,"d":0.5,"e":"\"\\/\u000a\u001fé😀","f\"":{}}"#)
  }

  @Test(arguments: [(-120, "-120.0"), (-3.01, "-3.0"), (-0.06, "-0.1"), (-0.04, "0.0"), (0, "0.0"), (12.34, "12.3")])
  func `a number can be rounded to one decimal`(value: Double, text: String) {
    #expect(JSON.array([.decimal(tenths: value), .null]).text == "[\(text),null]")
  }
}
