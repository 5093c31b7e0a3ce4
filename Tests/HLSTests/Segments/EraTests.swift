import HLS
import Testing

@Suite struct EraTests {
  @Test(
    arguments: [
      (0, "000000000000"), (0xABC, "000000000abc"), (0x0123_4567_89AB, "0123456789ab"),
      (.max, "ffffffffffff"), (0xFFFF_0000_0000_0001, "000000000001"),
    ] as [(UInt64, String)])
  func `its text is the lower 48 bits`(bits: UInt64, text: String) {
    #expect(Era(bits: bits).text == text)
    #expect(Era(text) == Era(bits: bits))
  }

  @Test(arguments: [
    "", "0123456789a", "0123456789abc", "0123456789AB", "0123456789ag", "0123456789a ", " 123456789ab", "+123456789ab",
    "0123456789a\n", "0123456789é",
  ])
  func `no other text is an era`(text: String) {
    #expect(Era(text) == nil)
  }
}
