import Core
import System
import Uploads

/// A form on its way to the disk: its field `audio` becomes a file, and a field `name` the title.
struct UploadForm: Sendable {
  /// The most bytes of a form beside its sound.
  static let mostBeside = 65_536
  private static let longestField = 1024

  private enum Part: Equatable {
    case none, audio, name, ignored
  }

  private let limit: Int
  private let formats: Set<SoundFormat>
  private let path: String
  private var parser: FormParser
  private var part = Part.none
  private var total = 0
  private var field: [UInt8] = []
  private var fileName: String?
  private var name: String?
  private var head: [UInt8] = []
  private(set) var format: SoundFormat?
  private(set) var file: UploadFile?
  /// Bytes of the sound.
  private(set) var size = 0
  /// Bytes for which there is room on the disk.
  private(set) var reserved = 0

  /// - Parameter path: of the file that is written; a number that nobody from outside has chosen is in it.
  init(_ boundary: FormBoundary, limit: Int, formats: Set<SoundFormat>, path: String) {
    (self.limit, self.formats, self.path) = (limit, formats, path)
    parser = FormParser(boundary)
  }

  /// The title that the form gives to the sound.
  var title: UploadTitle? { name.flatMap { UploadTitle($0) } ?? fileName.flatMap { UploadTitle(fileName: $0) } }

  /// Takes the next bytes.
  /// - Parameter reserve: asked for room before bytes are written.
  /// - Returns: whether the form is whole.
  mutating func read(
    _ bytes: [UInt8], reserve: (Int) throws(UploadFailure) -> Void
  ) throws(UploadFailure) -> Bool {
    total += bytes.count
    guard total - size <= Self.mostBeside + bytes.count, total <= limit + Self.mostBeside else {
      throw .tooLarge(limit: limit)
    }
    let events: [FormParser.Event]
    do { events = try parser.read(bytes) } catch { throw .malformed(error) }
    for event in events { try take(event, reserve) }
    guard parser.isWhole else { return false }
    guard format != nil else { throw .noFile }
    return true
  }

  private mutating func take(
    _ event: FormParser.Event, _ reserve: (Int) throws(UploadFailure) -> Void
  ) throws(UploadFailure) {
    switch event {
    case .begin(let begun):
      field = []
      switch begun.name {
      case "audio" where file == nil:
        part = .audio
        fileName = begun.fileName
      case "name", "title": part = .name
      default: part = .ignored
      }
    case .content(let bytes):
      switch part {
      case .audio: try write(bytes, reserve)
      case .name: field += bytes.prefix(Self.longestField - field.count)
      case .none, .ignored: break
      }
    case .end:
      // A form whose file nobody has chosen sends an empty one.
      if part == .audio, size > 0, format == nil { try recognise() }
      if part == .name { name = String(decoding: field, as: UTF8.self) }
      part = .none
    case .whole: break
    }
  }

  private mutating func write(
    _ bytes: ArraySlice<UInt8>, _ reserve: (Int) throws(UploadFailure) -> Void
  ) throws(UploadFailure) {
    guard size + bytes.count <= limit else { throw .tooLarge(limit: limit) }
    if head.count < SoundFormat.recognisable {
      head += bytes.prefix(SoundFormat.recognisable - head.count)
      // A file of another type is refused before much of it is written.
      if head.count == SoundFormat.recognisable { try recognise() }
    }
    try reserve(bytes.count)
    reserved += bytes.count
    let offset = size
    size += bytes.count
    do {
      if file == nil { file = try UploadFile(path: path) }
      try file?.write(bytes, at: offset)
    } catch {
      throw .disk(error)
    }
  }

  private mutating func recognise() throws(UploadFailure) {
    guard let found = SoundFormat(head), formats.contains(found) else { throw .wrongType(formats) }
    format = found
  }
}
