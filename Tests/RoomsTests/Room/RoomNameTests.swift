import Core
import Testing

@testable import Rooms

@Suite struct RoomNameTests {
  @Test(arguments: ["hall", "7", "a-b_c", "studio-2", "live-ll", "admin", "listen", String(repeating: "x", count: 64)])
  func `a name is letters, digits, hyphens and underscores`(text: String) {
    #expect(RoomName(text)?.text == text)
  }

  @Test(arguments: [
    "", "Hall", "a.b", "-a", "_a", "a b", "a/b", "ä", "..", "a%20b", String(repeating: "x", count: 65), "list", "index",
    "room",
  ])
  func `anything else is no name, nor is a word of the list`(text: String) {
    #expect(RoomName(text) == nil)
  }
}
