import Core
import Testing

@Suite struct DurationTextTests {
  @Test(arguments: [(2_000_000, "2"), (500_000, "0.5"), (770_000, "0.77"), (1_000_001, "1.000001"), (0, "0")])
  func `microseconds are shown as decimal seconds`(microseconds: Int, text: String) {
    #expect(Duration.microseconds(microseconds).decimalSeconds == text)
  }
}
