import Testing

@testable import Live

@Suite struct StreamCycleTests {
  private func station(_ streams: [(name: String, source: String?, fallbacks: [String])]) throws -> StationSettings {
    var station = StationSettings()
    station.streams = try streams.map { name, source, fallbacks in
      var stream = StreamSettings()
      stream.name = try StreamName(name)
      if let source { stream.source = .stream(try StreamName(source)) }
      stream.fallbacks = [.tone] + (try fallbacks.map { .stream(try StreamName($0)) })
      return stream
    }
    return station
  }

  private func error(_ station: StationSettings) -> String? {
    do throws(InvalidInput) {
      try station.check()
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `streams that play one another in a line are accepted, and so is a stream that is not there`() throws {
    #expect(
      error(try station([("a", "b", ["c"]), ("b", nil, ["c", "gone"]), ("c", nil, [])])) == nil)
  }

  @Test func `a circle is refused with the names of its streams`() throws {
    #expect(
      error(try station([("x", nil, ["a"]), ("a", nil, ["b"]), ("b", "c", []), ("c", nil, ["a"])]))
        == "stream a: fallback stream:b: the streams play one another in a circle: a → b → c → a")
  }

  @Test func `a stream that plays itself is a circle`() throws {
    #expect(
      error(try station([("a", "a", [])]))
        == "source stream:a: the streams play one another in a circle: a → a")
  }
}
