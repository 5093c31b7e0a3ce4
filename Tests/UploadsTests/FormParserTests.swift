import Core
import Testing

@testable import Uploads

@Suite struct FormParserTests {
  private static let boundary = FormBoundary("multipart/form-data; boundary=line")!
  private static let form = """
    --line\r\nContent-Disposition: form-data; name="name"\r\n\r\nMy voice\r
    --line\r\nContent-Disposition: form-data; name="audio"; filename="a.webm"\r\nContent-Type: audio/webm\r\n\r
    one\r\n--lin two\r
    --line--\r\nepilogue
    """

  /// The parts of a form, read in pieces of a size.
  private static func parts(_ text: String, by count: Int) throws -> [(FormPart, String)] {
    var parser = FormParser(boundary)
    var parts: [(FormPart, [UInt8])] = []
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      for event in try parser.read(bytes.prefix(count)) {
        switch event {
        case .begin(let part): parts.append((part, []))
        case .content(let content): parts[parts.count - 1].1 += content
        case .end, .whole: break
        }
      }
      bytes = bytes.dropFirst(count)
    }
    try parser.finish()
    return parts.map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
  }

  @Test func `a form is read alike in pieces of any size`() throws {
    for count in 1...200 {
      let parts = try Self.parts(Self.form, by: count)
      #expect(parts.map(\.0) == [FormPart(name: "name"), FormPart(name: "audio", fileName: "a.webm")])
      #expect(parts.map(\.1) == ["My voice", "one\r\n--lin two"])
    }
  }

  @Test func `a part may be empty`() throws {
    let text = "--line\r\nContent-Disposition: form-data; name=audio; filename=\"\"\r\n\r\n\r\n--line--"
    for count in [1, 7, 1000] {
      let parts = try Self.parts(text, by: count)
      #expect(parts.map(\.0) == [FormPart(name: "audio", fileName: "")])
      #expect(parts.map(\.1) == [""])
    }
  }

  @Test func `a form that is cut off anywhere is no form`() {
    let text = Self.form.utf8.prefix(while: { _ in true })
    let end = Self.form.utf8.count - "\r\nepilogue".utf8.count
    for count in 0..<end {
      #expect(throws: FormParser.Malformed.cutOff) {
        _ = try Self.parts(String(decoding: text.prefix(count), as: UTF8.self), by: 50)
      }
    }
  }

  @Test(arguments: [
    (String(repeating: "x", count: 2000), FormParser.Malformed.noDelimiter),
    ("--line\r\n\r\n", .head), ("--line\r\nContent-Type: audio/webm\r\n\r\n", .head), ("--lineX\r\n", .delimiter),
    ("--line\r\nX: " + String(repeating: "x", count: 9000), .longHead),
    (String(repeating: "--line\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", count: 65), .manyParts),
  ])
  func `a text that is no form is refused`(text: String, reason: FormParser.Malformed) {
    for count in [1, 64, 100_000] {
      #expect(throws: reason) { _ = try Self.parts(text, by: count) }
    }
  }

  @Test(arguments: [
    "multipart/form-data; boundary=\"a b\"", "Multipart/Form-Data;boundary=x; charset=utf-8",
    "multipart/form-data; a=b; BOUNDARY=x",
  ])
  func `a boundary is read from the field`(field: String) { #expect(FormBoundary(field) != nil) }

  @Test(arguments: [
    "", "text/plain; boundary=x", "multipart/form-data", "multipart/mixed; boundary=x",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=\"a \"",
    "multipart/form-data; boundary=\"a\r\"",
    "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
  ])
  func `a field without a valid boundary is refused`(field: String) { #expect(FormBoundary(field) == nil) }

  @Test func `a thousand forms of random bytes give no more bytes than they have`() {
    var numbers = RandomNumbers(seed: 19)
    let words = [
      "--line", "\r\n", "--", "Content-Disposition: form-data; name=\"audio\"", "\r\n\r\n", "x", "\r", "\n", "\"",
    ]
    for _ in 0..<1000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<40, using: &numbers) {
        if Bool.random(using: &numbers) {
          bytes += words.randomElement(using: &numbers)!.utf8
        } else {
          bytes.append(.random(in: .min ... .max, using: &numbers))
        }
      }
      let whole = Self.outcome(bytes, by: bytes.count + 1)
      #expect(whole.bytes <= bytes.count)
      // A form is read alike whatever the network cuts.
      let cut = Self.outcome(bytes, by: Int.random(in: 1...9, using: &numbers))
      #expect(whole == cut, "\(bytes)")
    }
  }

  private struct Outcome: Equatable {
    var parts: [FormPart] = []
    var bytes = 0
    var failure: FormParser.Malformed?
  }

  private static func outcome(_ bytes: [UInt8], by count: Int) -> Outcome {
    var (parser, outcome, rest) = (FormParser(boundary), Outcome(), bytes[...])
    do throws(FormParser.Malformed) {
      while !rest.isEmpty {
        for event in try parser.read(rest.prefix(count)) {
          if case .begin(let part) = event { outcome.parts.append(part) }
          if case .content(let content) = event { outcome.bytes += content.count }
        }
        rest = rest.dropFirst(count)
      }
      try parser.finish()
    } catch {
      outcome.failure = error
      // The bytes of a form that fails are dropped, however far they were read.
      (outcome.parts, outcome.bytes) = ([], 0)
    }
    return outcome
  }
}
