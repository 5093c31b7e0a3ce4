import Rooms
import Testing

@testable import Live

@Suite struct RoomPathTests {
  private static let hall = RoomName("hall-2")!

  @Test(arguments: [
    ("/rooms", RoomPath.redirect), ("/rooms/", .list), ("/rooms/list.json", .listObject),
    ("/rooms/list.events", .listEvents), ("/rooms/hall-2", .room(RoomPathTests.hall, .page)),
    ("/rooms/hall-2/socket", .room(RoomPathTests.hall, .socket)),
    ("/rooms/hall-2/messages", .room(RoomPathTests.hall, .messages)),
    ("/rooms/hall-2/events", .room(RoomPathTests.hall, .events)),
    ("/rooms/hall-2/actions", .room(RoomPathTests.hall, .actions)),
    ("/rooms/hall-2/invites", .room(RoomPathTests.hall, .invites)),
  ])
  func `a path means one thing`(path: String, expected: RoomPath) {
    #expect(RoomPath(path) == expected)
    #expect(RoomPath.contains(path))
  }

  @Test(arguments: [
    "/rooms/hall-2/", "/rooms/hall-2/socket/", "/rooms//socket", "/rooms/Hall/socket", "/rooms/hall.2",
    "/rooms/list.html",
    "/rooms/hall-2/sockets", "/rooms/hall-2/x/socket", "/rooms/list/socket",
    "/rooms/\(String(repeating: "a", count: 65))",
  ])
  func `other paths below the rooms may be files of the page`(path: String) {
    #expect(RoomPath(path) == nil)
    #expect(RoomPath.contains(path))
  }

  @Test(arguments: ["/", "/roomsy", "/room/hall-2", "/live/rooms"])
  func `no other path belongs to the rooms`(path: String) {
    #expect(RoomPath(path) == nil)
    #expect(!RoomPath.contains(path))
  }
}
