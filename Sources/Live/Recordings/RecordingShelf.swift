import Codec
import Core
import Recordings
import System

/// The folder of a stream's recordings. Used by the recorder's thread alone.
struct RecordingShelf: Sendable {
  /// Bytes that are read at a time.
  private static let slice = 1 << 20

  let folder: Folder
  private let stream: String
  private let keep: RecordingKeep?

  init(_ folder: Folder, stream: String, keep: RecordingKeep?) {
    (self.folder, self.stream, self.keep) = (folder, stream, keep)
  }

  /// The content of the folder.
  struct Content {
    var stored: [StoredRecording] = []
    /// The recordings that another recorder writes.
    var busy: [RecordingName] = []
  }

  /// The recordings in the folder. Those that a crash has left are made whole: cut to whole frames, with a finished tag.
  /// - Parameter complain: gets a line for each file that is mended, or is none of ours.
  func open(_ complain: (String) -> Void) throws -> Content {
    try folder.create()
    return look(at: try folder.files().compactMap { RecordingName($0) }.filter { $0.stream == stream }, complain)
  }

  /// Opens files that are there, as `open` does.
  func look(at names: [RecordingName], _ complain: (String) -> Void) -> Content {
    var content = Content()
    for name in names {
      do {
        guard let file = try RecordingFile(left: name, in: folder) else {
          content.busy.append(name)
          continue
        }
        defer { file.close() }
        if let stored = try look(at: file, complain) { content.stored.append(stored) }
      } catch {
        complain("\(error)")
      }
    }
    return content
  }

  /// Removes the recordings that are too old, or too many.
  /// - Parameters:
  ///   - sinceFinish: the time since this run of the program finished a recording; nil for another recording.
  ///   - complain: gets the error of each file that stays although it should go.
  /// - Returns: the names of the recordings that are gone.
  func prune(
    _ files: [StoredRecording], current: Int, now: WallTime, sinceFinish: (RecordingName) -> Duration?,
    _ complain: (RecordingName, SystemError) -> Void
  ) -> [RecordingName] {
    guard let keep else { return [] }
    let names = keep.pruned(
      files.map { stored in
        RecordingKeep.File(
          name: stored.recording.name, milliseconds: stored.recording.milliseconds, size: stored.size,
          modified: stored.modified, sinceFinish: sinceFinish(stored.recording.name))
      }, current: current, now: now)
    return names.filter { name in
      do throws(SystemError) {
        try folder.remove(name.text)
      } catch {
        complain(name, error)
        return false
      }
      for companion in name.companions {
        do throws(SystemError) { try folder.remove(companion) } catch { complain(name, error) }
      }
      return true
    }
  }

  func stored(
    _ recording: Recording, as name: RecordingName, size: Int, modified: WallTime? = nil
  ) -> StoredRecording {
    StoredRecording(
      recording: Recording(name: name, milliseconds: recording.milliseconds, chapters: recording.chapters), size: size,
      folder: folder, note: note(of: name), modified: modified)
  }

  /// The note of the operators. A file that is none says nothing.
  private func note(of name: RecordingName) -> RecordingNote {
    (try? folder.read(name.noteText, atMost: RecordingNote.longest)).flatMap { RecordingNote($0) } ?? RecordingNote()
  }

  private func look(at file: RecordingFile, _ complain: (String) -> Void) throws -> StoredRecording? {
    let name = file.name
    if file.size == 0 {
      // A crash came between the name and the tag.
      try folder.remove(name.text)
      return nil
    }
    let head = try file.read(10, at: 0)
    guard let length = ID3Reader.length(head), let tag = ID3Reader(try file.read(length, at: 0)) else {
      complain("\(folder.path)/\(name.text): the file has no tag of a recording; passed over")
      return nil
    }
    if !tag.isUnfinished {
      let estimate = try tag.milliseconds ?? estimate(file, from: tag.length)
      let recording = Recording(name: name, milliseconds: estimate, chapters: tag.chapters)
      return stored(recording, as: name, size: file.size, modified: file.modified)
    }
    // A tag of another length would be written over sound, or in front of bytes that are none.
    guard tag.length == ID3Tag.length else {
      complain(
        "\(folder.path)/\(name.text): another program has changed the tag of an unfinished recording; passed over")
      return nil
    }
    let (end, milliseconds) = try wholeFrames(of: file, from: tag.length)
    guard milliseconds > 0 else {
      try folder.remove(name.text)
      try folder.remove(name.cueText)
      return nil
    }
    return try mend(
      file, Recording(name: name, milliseconds: milliseconds, restoring: tag.chapters), cutAt: end, complain)
  }

  private func mend(
    _ file: RecordingFile, _ recording: Recording, cutAt end: Int, _ complain: (String) -> Void
  ) throws -> StoredRecording? {
    // A second descriptor shares no lock with the first.
    file.unlock()
    guard var file = try RecordingFile(left: file.name, in: folder, toMend: true) else { return nil }
    defer { file.close() }
    file.cut(at: end)
    try file.finish(recording)
    complain("\(folder.path)/\(file.name.text): the recording was cut off; it is whole up to there")
    return stored(recording, as: file.name, size: file.size, modified: .now)
  }

  /// The end of the last whole frame, and the length of the frames.
  private func wholeFrames(of file: RecordingFile, from start: Int) throws(SystemError) -> (end: Int, milliseconds: Int)
  {
    let codec = AudioCodec.mp3
    var (position, frames, rate) = (start, 0, 0)
    while true {
      let bytes = try file.read(Self.slice, at: position)
      var offset = 0
      while let frame = codec.wholeFrame(in: bytes, at: offset), rate == 0 || rate == frame.sampleRate {
        offset += frame.length
        frames += 1
        rate = frame.sampleRate
      }
      guard offset > 0 else { break }
      position += offset
    }
    return (position, rate == 0 ? 0 : frames * codec.samplesPerFrame * 1000 / rate)
  }

  /// The length that the bytes have at the first frame's bit rate, in milliseconds.
  private func estimate(_ file: RecordingFile, from start: Int) throws(SystemError) -> Int {
    guard let header = MP3FrameHeader(try file.read(4, at: start), at: 0) else { return 0 }
    return (file.size - start) * 8 / header.bitrate
  }
}
