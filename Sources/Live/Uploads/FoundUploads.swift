import Core
import Glibc
import Logging
import System
import Uploads

/// Everything that the folder of the uploads has when the station starts.
struct FoundUploads {
  private static let longestRecord = 65_536

  private(set) var uploads: [UploadName: Upload] = [:]
  /// The sounds in pieces, with their sizes and first bytes.
  private(set) var partials: [UploadKey: (size: Int, head: [UInt8])] = [:]
  /// The uploads whose records must be written anew.
  private(set) var mended: [UploadName] = []
  /// The files to which nothing belongs any more, because a crash came in between. No original is among them.
  private(set) var leftOvers: [String] = []
  /// The uploads whose files the disk does not give now. They stay as they are.
  private var unreadable: Set<UploadName> = []

  /// The ending of a file into which a form is written.
  static let formEnding = ".form"

  init(in folder: Folder, log: Log) throws(SystemError) {
    let names = try folder.files()
    for name in names {
      guard let (upload, format) = Self.original(name), uploads[upload] == nil else { continue }
      do throws(SystemError) {
        try add(upload, format, size: folder.size(name), in: folder, log)
      } catch {
        unreadable.insert(upload)
        log.error("uploads: \(name) stays as it is, because its record cannot be read: \(error)")
      }
    }
    let keys = Set(uploads.values.compactMap(\.key))
    for name in names where name.hasSuffix(UploadKey.ending) {
      guard let key = UploadKey(name.dropLast(UploadKey.ending.utf8.count)), !keys.contains(key) else { continue }
      do throws(SystemError) {
        let head = try folder.read(name, atMost: .max, first: SoundFormat.recognisable)
        partials[key] = (try folder.size(name), head)
      } catch {
        log.error("uploads: \(name) stays as it is: \(error)")
      }
    }
    leftOvers = names.filter(isLeftOver)
  }

  /// The upload whose original a file is.
  private static func original(_ file: String) -> (UploadName, SoundFormat)? {
    guard let name = name(of: file) else { return nil }
    return SoundFormat.allCases.first { name.original($0) == file }.map { (name, $0) }
  }

  private static func name(of file: String) -> UploadName? {
    file.firstIndex(of: ".").flatMap { UploadName(id: file[..<$0]) }
  }

  /// An original without a good record gets a new one: the sound was acknowledged, and nobody has it any more.
  private mutating func add(
    _ name: UploadName, _ format: SoundFormat, size: Int, in folder: Folder, _ log: Log
  ) throws(SystemError) {
    guard var upload = try Self.record(of: name, in: folder) else {
      log.warning("uploads: \(name.original(format)) has no good record; it gets a new one, and is not published")
      mended.append(name)
      let time = name.time ?? .now
      uploads[name] = Upload(
        name: name, format: format, size: size, received: time, title: UploadTitle.text(recordedAt: time),
        isPublished: false)
      return
    }
    // The record is that of another file, which the loop finds by itself.
    guard upload.format == format else { return }
    if upload.size != size {
      log.warning("uploads: \(upload.original) has \(size) bytes, and not \(upload.size), as its record says")
      mended.append(name)
      (upload.size, upload.copy) = (size, .none)
    }
    // A copy can be made again.
    if case .ready(let size) = upload.copy, (try? folder.size(name.copy)) != size { upload.copy = .none }
    uploads[name] = upload
  }

  /// - Returns: nil where there is no record, or where it makes no sense.
  private static func record(of name: UploadName, in folder: Folder) throws(SystemError) -> Upload? {
    do {
      let upload = Upload(record: try folder.read(name.record, atMost: longestRecord))
      return upload?.name == name ? upload : nil
    } catch {
      if error.code == ENOENT { return nil }
      throw error
    }
  }

  private func isLeftOver(_ file: String) -> Bool {
    if file.hasSuffix(Self.formEnding) { return UploadKey(file.dropLast(Self.formEnding.utf8.count)) != nil }
    guard let name = Self.name(of: file), !unreadable.contains(name) else { return false }
    switch file {
    case name.record: return uploads[name] == nil
    case name.record + Folder.temporarySuffix: return true
    case name.copy: if case .ready? = uploads[name]?.copy { return false } else { return true }
    default: return false
    }
  }
}
