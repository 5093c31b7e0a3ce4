/// A file of recorded sound, as its tag and its cue sheet describe the file.
package struct Recording: Equatable, Sendable {
  /// A run of sound with one title.
  package struct Chapter: Equatable, Sendable {
    /// Milliseconds of the recording before the chapter.
    package let start: Int
    /// Nil for sound of which nothing is said, between two titles or after the last one.
    package let title: String?

    package init(start: Int, title: String?) {
      (self.start, self.title) = (start, title)
    }
  }

  /// The most chapters: a table of contents counts its entries in one octet (ID3v2 Chapter Frame Addendum 1.0, §3.2).
  static let mostChapters = 255

  package var name: RecordingName
  /// Length in milliseconds.
  package var milliseconds = 0
  /// In the order of their starts.
  package private(set) var chapters: [Chapter] = []

  package init(name: RecordingName, milliseconds: Int = 0, chapters: [Chapter] = []) {
    (self.name, self.milliseconds, self.chapters) = (name, milliseconds, chapters)
  }

  /// A recording whose tag was read back: with the chapters that lie in the sound, as far as a tag has room for them.
  package init(name: RecordingName, milliseconds: Int, restoring chapters: [Chapter]) {
    self.init(name: name, milliseconds: milliseconds)
    for chapter in chapters where chapter.start < milliseconds { _ = change { $0.append(chapter) } }
  }

  /// The chapters that have a title, each with its end: the next chapter's start, or the end of the recording.
  package var titled: [(start: Int, end: Int, title: String)] {
    let ends = chapters.dropFirst().map(\.start) + [milliseconds]
    return zip(chapters, ends).compactMap { chapter, end in
      chapter.title.map { (chapter.start, max(chapter.start, end), $0) }
    }
  }

  /// Begins a chapter, unless the title goes on. A chapter for which the tag has no room is left out.
  /// - Returns: whether there is a new chapter.
  mutating func begin(_ title: String?, at milliseconds: Int) -> Bool {
    guard title != chapters.last?.title else { return false }
    return change { chapters in
      // A title that another replaces at once has no chapter.
      if chapters.last?.start == milliseconds { chapters.removeLast() }
      if title != chapters.last?.title { chapters.append(Chapter(start: milliseconds, title: title)) }
    }
  }

  /// Begins a chapter for a mark, whose text may be that of the mark before.
  /// - Returns: whether there is a new chapter.
  mutating func mark(_ text: String, at milliseconds: Int) -> Bool {
    change { chapters in
      if chapters.last?.start == milliseconds { chapters.removeLast() }
      chapters.append(Chapter(start: milliseconds, title: text))
    }
  }

  /// Changes the chapters, unless the tag has no room for them.
  private mutating func change(_ edit: (inout [Chapter]) -> Void) -> Bool {
    let before = chapters
    edit(&chapters)
    if chapters.count > Self.mostChapters || !ID3Tag(self, isFinished: true).fits { chapters = before }
    return chapters != before
  }
}
