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
    #expect(changes.fixed == nil && !changes.isEmpty)
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

  @Test func `a stream with a room or the standard input is named where it would change`() throws {
    let (a, b) = (try stream("a"), try stream("b", { $0.hasRoom = true }))
    #expect(StreamChanges(from: [a, b], to: [b]).fixed == nil)
    #expect(StreamChanges(from: [a, b], to: [a]).fixed == b.name)
    #expect(StreamChanges(from: [a], to: [a, b]).fixed == b.name)
    #expect(StreamChanges(from: [a, b], to: [a, try stream("b")]).fixed == b.name)
    let c = try stream("c") { $0.source = .standardInput }
    #expect(StreamChanges(from: [a], to: [a, c]).fixed == c.name)
  }
}
