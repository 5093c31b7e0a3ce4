import Core
import System
import Testing

@testable import Rooms

/// docs/rooms.md and the code say the same.
@Suite struct DocumentTests {
  @Test func `each example of a message from the page is one, with the type of its heading`() throws {
    let examples = try examples(in: "Messages from the page")
    for (heading, example) in examples {
      let message = try ClientMessage(Array(example.utf8))
      #expect(message.type == heading)
      #expect(message.json.text == example)
    }
    #expect(Set(examples.map(\.heading)) == ClientMessage.types)
  }

  @Test func `each example of a message to the page is one, with the type of its heading`() throws {
    let examples = try examples(in: "Messages to the page")
    for (heading, example) in examples {
      let message = try ServerMessage(text: Array(example.utf8))
      #expect(message.type == heading)
      #expect(message.text == example)
      #expect(try ServerMessage(text: Array(message.text.utf8)) == message)
    }
    #expect(Set(examples.map(\.heading)) == ServerMessage.types)
  }

  @Test func `the actions of hosts all have an example`() throws {
    let actions = try examples(in: "Messages from the page").compactMap { _, example -> String? in
      if case .host(let action) = try ClientMessage(Array(example.utf8)) { action.word } else { nil }
    }
    #expect(actions.sorted() == HostAction.words.sorted())
  }

  @Test func `the error codes are those of the code`() throws {
    let rows = try section("Error codes").filter { $0.hasPrefix("| `") }
    let expected = ErrorCode.allCases.map { code in
      "| `\(code.rawValue)` | \(code.status) | \(code.closeCode.map { String($0.rawValue) } ?? "") | \(code.sentence) |"
    }
    #expect(rows == expected)
  }

  @Test func `the close codes are those of the code`() throws {
    let rows = try section("Close codes").filter { $0.first == "|" && $0.dropFirst(2).first?.isNumber == true }
    #expect(rows == RoomCloseCode.allCases.map { "| \($0.rawValue) | \($0.meaning) |" })
  }

  @Test func `the rights by role are those of the table`() throws {
    let rows = try section("Roles: what each may see and do")
    func roles(_ action: String) throws -> [String] {
      let row = try #require(rows.first { $0.hasPrefix("| \(action)") })
      return row.split(separator: "|").map { $0.drop { $0 == " " }.prefix { $0 != " " } }.dropFirst(2).map(String.init)
    }
    func expected(_ right: Right) -> [String] { Role.allCases.map { $0 >= right.role ? "yes" : "no" } }
    #expect(try roles("`chat`") == expected(.takePart))
    #expect(try roles("`call`") == expected(.speak))
    for action in ["`event`", "`invite`", "`host`", "`delete` the message of another"] {
      #expect(try roles(action) == expected(.moderate))
    }
  }

  // MARK: Reading the paper

  private func document() throws -> [String] {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let text = try Folder("/\(root)/docs").read("rooms.md")
    return String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
  }

  private func section(_ heading: String) throws -> [String] {
    let lines = try document()
    let start = try #require(lines.firstIndex(of: "## \(heading)")) + 1
    return Array(lines[start...].prefix { !$0.hasPrefix("## ") })
  }

  /// The lines of all blocks of JSON, each with the heading above.
  private func examples(in section: String) throws -> [(heading: String, example: String)] {
    var (examples, heading, isInside) = ([(heading: String, example: String)](), "", false)
    for line in try self.section(section) {
      if line.hasPrefix("### ") { heading = String(line.dropFirst(4)) }
      if line.hasPrefix("```") { isInside = line == "```json" } else if isInside { examples.append((heading, line)) }
    }
    return examples
  }
}
