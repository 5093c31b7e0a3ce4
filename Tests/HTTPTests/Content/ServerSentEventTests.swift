import Testing

@testable import HTTP

/// The bytes of events (WHATWG HTML standard, section 9.2).
@Suite struct ServerSentEventTests {
  private func text(_ event: ServerSentEvent) -> String { String(decoding: event.bytes, as: UTF8.self) }

  @Test func `an event has its fields, and ends with an empty line`() {
    #expect(text(ServerSentEvent(data: "hello")) == "data: hello\n\n")
    #expect(
      text(ServerSentEvent(name: "title", data: "{}", id: "12", retry: .milliseconds(2500)))
        == "event: title\ndata: {}\nid: 12\nretry: 2500\n\n")
  }

  @Test(arguments: ["a\nb", "a\rb", "a\r\nb"])
  func `each line of the data has a field of its own`(data: String) {
    #expect(text(ServerSentEvent(data: data)) == "data: a\ndata: b\n\n")
  }

  @Test(arguments: [
    ("", "data: \n\n"), ("\n", "data: \ndata: \n\n"), ("a\n", "data: a\ndata: \n\n"),
    ("a\n\rb", "data: a\ndata: \ndata: b\n\n"), (" é: ü", "data:  é: ü\n\n"),
    ("id: 3\n\nid: 4", "data: id: 3\ndata: \ndata: id: 4\n\n"),
  ])
  func `no data can end its event or begin a field`(data: String, expected: String) {
    #expect(text(ServerSentEvent(data: data)) == expected)
  }

  @Test(arguments: [("", ": \n\n"), ("alive", ": alive\n\n"), ("a\ndata: b", ": a\n: data: b\n\n")])
  func `a comment begins with a colon in each line`(comment: String, expected: String) {
    #expect(String(decoding: ServerSentEvent.comment(comment), as: UTF8.self) == expected)
  }
}
