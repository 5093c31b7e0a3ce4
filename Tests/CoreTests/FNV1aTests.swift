import Core
import Testing

/// The vectors are those of the algorithm's authors.
@Suite struct FNV1aTests {
  @Test(arguments: [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)])
  func `a text has the hash that the authors publish`(text: String, hash: UInt64) {
    #expect(FNV1a.hash(Array(text.utf8)) == hash)
  }
}
