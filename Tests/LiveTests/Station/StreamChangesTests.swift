import Testing

@testable import Live

@Suite struct StreamChangesTests {
  private func stream(_ name: String, _ change: (inout StreamSettings) throws -> Void = { _ in }) throws
    -> StreamSettings
  {
    var settings = StreamSettings()
    settings.name = try StreamName(name)
    try change(&settings)
    return settings
  }

  @Test func `streams with the same settings play on, in any order`() throws {
    let (a, b) = (try stream("a"), try stream("b"))
    #expect(StreamChanges(from: [a, b], to: [b, a]).isEmpty)
  }

  @Test func `a stream ends, begins or begins again by its name and its settings`() throws {
    let (a, b, c, d) = (try stream("a"), try stream("b"), try stream("c"), try stream("d"))
    let other = try stream("b") { $0.bitrate = 64 }
    let changes = StreamChanges(from: [a, b, c], to: [d, c, other])
    #expect(changes.removed == [a.name])
    #expect(changes.changed == [other])
    #expect(changes.added == [d])
    #expect(!changes.isEmpty)
  }

  @Test func `a text, a token and a source are settings of a stream`() throws {
    let a = try stream("a")
    for other in [
      try stream("a", { try $0.identity.set(name: "A") }), try stream("a", { $0.listenToken = Token("open-sesame") }),
      try stream("a", { $0.source = .tone }),
    ] {
      #expect(StreamChanges(from: [a], to: [other]).changed == [other])
    }
  }

  private func isRefused(from running: [StreamSettings], to wanted: [StreamSettings], hasRooms: Bool = true) -> Bool {
    StreamChanges(from: running, to: wanted).refusal(hasRooms: hasRooms) != nil
  }

  @Test func `a stream that reads the standard input may end or read another source, and none begins to read it`()
    throws
  {
    let (a, b) = (try stream("a"), try stream("b", { $0.source = .standardInput }))
    #expect(!isRefused(from: [a, b], to: [a]))
    #expect(!isRefused(from: [a, b], to: [a, try stream("b")]))
    #expect(!isRefused(from: [a, b], to: [try stream("a", { $0.bitrate = 64 }), b]))
    #expect(isRefused(from: [a], to: [a, b]))
    #expect(isRefused(from: [a, try stream("b")], to: [a, b]))
    let other = try stream("b") {
      $0.source = .standardInput
      $0.bitrate = 64
    }
    #expect(isRefused(from: [a, b], to: [a, other]))
  }

  @Test(arguments: [true, false])
  func `a stream with a room begins where the station has rooms`(hasRooms: Bool) throws {
    let a = try stream("a")
    for room in [try stream("b", { $0.hasRoom = true }), try stream("b", { $0.source = .room("studio") })] {
      #expect(isRefused(from: [a], to: [a, room], hasRooms: hasRooms) != hasRooms)
      #expect(isRefused(from: [a, try stream("b")], to: [a, room], hasRooms: hasRooms) != hasRooms)
      #expect(!isRefused(from: [a, room], to: [a], hasRooms: hasRooms))
    }
  }
}
