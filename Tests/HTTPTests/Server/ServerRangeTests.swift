import HTTP
import Testing

@Suite struct ServerRangeTests {
  @Test func `the answer to an unsatisfiable range tells the length`() throws {
    try serve { server in
      let response = try RawClient(port: server.port).get("/", "Range: bytes=100000-")
      #expect(response.status == 416)
      #expect(response.header("Content-Range") == "bytes */100000")
    }
  }

  @Test func `thousands of odd ranges on one connection get their bytes`() throws {
    try serve { server in
      let client = try RawClient(port: server.port)
      var random = SplitMix64(seed: 1)
      for number in 0..<3000 {
        let asked = Int.random(in: 0..<Media.content.count, using: &random)
        let end = min(asked + [1, 7, 400, 20_000, 200_000].randomElement(using: &random)!, Media.content.count)
        let fields = ["\(asked)-\(end - 1)", "\(asked)-\(end - 1 + (end == Media.content.count ? number : 0))"]
        let response = try client.get("/", "Range: bytes=\(fields.randomElement(using: &random)!)")
        #expect(response.status == 206)
        #expect(response.header("Content-Range") == "bytes \(asked)-\(end - 1)/\(Media.content.count)")
        #expect(response.body == Array(Media.content[asked..<end]))
      }
    }
  }

  @Test func `thousands of nonsensical ranges on one connection get the answers that they mean`() throws {
    let length = 120
    let small = Representation(
      Array(Media.content.prefix(length)), contentType: "audio/mpeg", cacheControl: "no-cache",
      validators: .init(lastModified: 0), features: .ranges)
    try serve(small.response) { server in
      let client = try RawClient(port: server.port)
      var random = SplitMix64(seed: 2)
      for _ in 0..<3000 {
        let range = RandomRange(length: length, using: &random)
        let response = try client.get("/", "Range: \(range.field)")
        switch range.outcome {
        case .ignored:
          #expect(response.status == 200 && response.body == Array(Media.content.prefix(length)), "\(range.field)")
        case .unsatisfiable:
          #expect(response.status == 416 && response.header("Content-Range") == "bytes */\(length)", "\(range.field)")
        case .ranges(let ranges):
          #expect(response.status == 206, "\(range.field)")
          let parts = ranges.count == 1 ? [Part(of: response)] : try Self.parts(of: response)
          #expect(parts == ranges.map { Part($0, of: Media.content, length: length) }, "\(range.field)")
        }
      }
    }
  }

  private struct Part: Equatable {
    var contentRange: String?
    var body: [UInt8]

    init(of response: RawResponse) {
      (contentRange, body) = (response.header("Content-Range"), response.body)
    }

    init(_ range: Range<Int>, of content: [UInt8], length: Int) {
      contentRange = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
      body = Array(content[range])
    }
  }

  /// Takes a multipart/byteranges apart by its Content-Range lines alone.
  private static func parts(of response: RawResponse) throws -> [Part] {
    let type = try #require(response.header("Content-Type"))
    let boundary = try #require(type.split(separator: "boundary=").last)
    var rest = response.body[...]
    var parts: [Part] = []
    while true {
      let delimiter = Array("\r\n--\(boundary)".utf8)
      try #require(rest.starts(with: delimiter))
      rest = rest.dropFirst(delimiter.count)
      if rest.elementsEqual("--\r\n".utf8) { return parts }
      let blank = try #require(rest.indices.first { rest[$0...].starts(with: "\r\n\r\n".utf8) })
      var part = Part(
        of: RawResponse(
          lines: String(decoding: rest[..<blank], as: UTF8.self).split(separator: "\r\n").map(String.init), body: []))
      let ends = try #require(part.contentRange).split { !$0.isNumber }.compactMap { Int($0) }
      rest = rest[(blank + 4)...]
      part.body = Array(rest.prefix(ends[1] - ends[0] + 1))
      rest = rest.dropFirst(part.body.count)
      parts.append(part)
    }
  }
}
