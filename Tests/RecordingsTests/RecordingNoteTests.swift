import Testing

@testable import Recordings

@Suite struct RecordingNoteTests {
  private func note(_ text: String) -> RecordingNote? { RecordingNote(Array(text.utf8)) }

  private func change(_ text: String) throws(RecordingNote.Change.Mistake) -> RecordingNote.Change {
    try RecordingNote.Change(Array(text.utf8))
  }

  @Test func `a note is read back as it was written`() throws {
    var note = RecordingNote()
    note.apply(try change(#"{"title": "  \"A\" – ü/../etc  ", "hidden": true}"#))
    #expect(note.title == "\"A\" – ü/../etc" && note.isHidden && !note.isPublic)
    note.apply(try change(#"{"public": true}"#))
    #expect(RecordingNote(note.bytes) == note)
    note.apply(try change(#"{"title": null, "hidden": false, "public": false}"#))
    #expect(note.isEmpty)
  }

  @Test func `a note that another program has changed says what follows the rules`() {
    #expect(note(#"{"title": "a\nb", "hidden": "yes", "public": true, "path": "/etc"}"#)?.title == nil)
    #expect(note(#"{"title": "a\nb", "hidden": "yes", "public": true}"#)?.isPublic == true)
    #expect(note(#"{"title": 5}"#) == RecordingNote())
    #expect(note("{\"title\": \"\(String(repeating: "a", count: 257))\"}") == RecordingNote())
  }

  @Test(arguments: ["", "[]", "null", "{", "{\"title\":", "\u{FEFF}{}"])
  func `other bytes are no note`(text: String) {
    #expect(note(text) == nil)
  }

  @Test func `a note that is too long is not read`() {
    #expect(note("{\"x\": \"\(String(repeating: "a", count: RecordingNote.longest))\"}") == nil)
  }

  @Test(arguments: [
    ("[]", RecordingNote.Change.Mistake.notObject), ("{}", .empty), (#"{"path": "x"}"#, .unknown("path")),
    (#"{"title": 5}"#, .title), (#"{"title": "a\u0007"}"#, .title), (#"{"hidden": 1}"#, .notBool("hidden")),
    (#"{"public": null}"#, .notBool("public")),
  ])
  func `a change that breaks a rule is refused with the rule`(text: String, mistake: RecordingNote.Change.Mistake) {
    #expect(throws: mistake) { try change(text) }
  }

  @Test func `an empty title takes the title away`() throws {
    var note = RecordingNote()
    note.apply(try change(#"{"title": "A"}"#))
    note.apply(try change(#"{"title": "  "}"#))
    #expect(note.title == nil)
  }

  @Test func `the tag of a clip has its title, and the frames begin behind it`() throws {
    let tag = ClipTag(title: "Zwei – 猫", stream: "live")
    #expect(ID3Reader.length(tag.bytes) == tag.bytes.count)
  }
}
