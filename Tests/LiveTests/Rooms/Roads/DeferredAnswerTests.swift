import HTTP
import Rooms
import Synchronization
import Testing

@testable import Live

@Suite struct DeferredAnswerTests {
  /// The contents that came, and the resumes of the reading.
  private final class Notes: Sendable {
    let contents = Mutex<[[UInt8]]>([])
    let resumes = Atomic(0)
  }

  private let notes = Notes()

  private func reply(_ length: String?) -> Reply {
    let headers = length.map { [(name: "Content-Length", value: $0)] } ?? []
    return DeferredAnswer.reply(
      to: Request(method: .other("POST"), path: "/", headers: headers, content: nil), atMost: 10
    ) { [notes] content, _ in
      notes.contents.withLock { $0.append(content) }
    }
  }

  @Test(arguments: [(nil as String?, 411), ("0", 400), ("11", 413), ("x", 411), ("-1", 400)])
  func `a content without a length, and one that is too long, is refused`(length: String?, status: Int) throws {
    guard case .respond(let response) = reply(length) else {
      Issue.record("the content is taken")
      return
    }
    #expect(response.status == status)
    let error = try ServerMessage(text: Array(response.content))
    #expect(error.type == "error")
  }

  @Test func `the answer waits for the decision`() throws {
    guard case .receive(let receiver as DeferredAnswer) = reply("3") else {
      Issue.record("the content is refused")
      return
    }
    let notes = notes
    receiver.begin(ContentControl(onResume: { notes.resumes.add(1, ordering: .relaxed) }, onRefuse: { _ in }))
    func receive(_ bytes: [UInt8]) -> ContentDemand { bytes.withUnsafeBytes { receiver.receive($0) } }
    guard case .more = receive([1, 2]) else {
      Issue.record("the content is not complete")
      return
    }
    #expect(notes.contents.withLock { $0 } == [])
    guard case .pause = receive([3]) else {
      Issue.record("the content is complete")
      return
    }
    #expect(notes.contents.withLock { $0 } == [[1, 2, 3]])
    receiver.respond(.text(200, "yes\n"))
    receiver.respond(.text(200, "too late\n"))
    #expect(notes.resumes.load(ordering: .relaxed) == 1)
    #expect(String(decoding: receiver.end().content, as: UTF8.self) == "yes\n")
  }
}
