import Core
import Logging
import Rooms
import System
import Testing

@testable import Live

@Suite struct ChatKeeperTests {
  private let temporary = TemporaryFolder()
  private let log = Log(level: .error)
  private let hall = RoomName("hall")!

  private func keeper(_ mostRooms: Int = 10) -> ChatKeeper {
    ChatKeeper(ChatFolder(in: temporary.path), mostRooms: mostRooms, log: log)
  }

  private func chat(_ id: Int) throws -> ServerMessage {
    .chat(
      ChatMessage(
        stamp: Stamp(id: id, time: WallTime(microseconds: id * 1_000_000)), from: try #require(MemberID(7)),
        name: "Ann",
        text: "text \(id)"))
  }

  @Test func `a room that comes again has its chat, and so has a station that starts again`() throws {
    let first = keeper()
    #expect(first.messages(of: hall).isEmpty)
    let said = [try chat(1), try chat(2)]
    for message in said { first.append(message, to: hall) }
    #expect(first.messages(of: hall) == said)
    first.stop(within: .seconds(10))
    let second = keeper()
    defer { second.stop(within: .seconds(10)) }
    #expect(second.messages(of: hall) == said)
    #expect(second.messages(of: RoomName("den")!).isEmpty)
  }

  @Test func `lines that are no messages are left out`() throws {
    let folder = ChatFolder(in: temporary.path)
    try folder.create()
    try folder.append(["garbage", try chat(1).text, "{}", #"{"type":"chat"}"#], to: hall)
    let keeper = keeper()
    defer { keeper.stop(within: .seconds(10)) }
    #expect(keeper.messages(of: hall) == [try chat(1)])
  }

  @Test func `the rooms that were silent for longest lose their chat`() throws {
    let first = keeper(2)
    let names = ["a", "b", "c"].map { RoomName($0)! }
    first.append(try chat(1), to: names[0])
    first.append(try chat(2), to: names[1])
    first.append(try chat(3), to: names[0])
    first.append(try chat(4), to: names[2])
    #expect(first.messages(of: names[1]).isEmpty)
    #expect(first.messages(of: names[0]).count == 2)
    first.stop(within: .seconds(10))
    #expect(try ChatFolder(in: temporary.path).rooms() == [names[0], names[2]])
  }
}
