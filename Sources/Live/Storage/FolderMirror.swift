import Core
import HLS
import System

/// A stream's folder as a copy of its ring: the ten-file cycle, and the playlist beside it. Used by one thread.
///
/// The folder is a valid HLS stream at every moment: a file gets its name when it is complete, the playlist names only
/// files that exist, and there are never more segments than a playlist lists, except while a new ring replaces another.
struct FolderMirror {
  private let folder: Folder
  private let lock: FolderLock
  private let playlistName: String
  private let era: Era
  /// Whether the folder has the file with the era.
  private var hasEra = false
  /// The segments that are in the folder.
  private var present: Set<SegmentName>
  /// The playlist in the folder; nil if it is not known.
  private var playlist: Playlist?
  /// The titles in the folder; nil if they are not known.
  private var played: PlayedTitles?

  /// - Parameters:
  ///   - lock: of the folder.
  ///   - era: of the segments to come.
  ///   - present: the segments that are in the folder already.
  init(folder: Folder, lock: FolderLock, playlistName: String, era: Era, present: [SegmentName]) {
    self.folder = folder
    self.lock = lock
    self.playlistName = playlistName
    self.era = era
    self.present = Set(present)
  }

  /// Brings the folder to `ring` step by step, so that the playlist is valid after each step.
  /// - Throws: `SystemError`, or `FolderLock.InUse` where another process has taken a folder that was made anew.
  mutating func update(_ ring: Ring, _ played: PlayedTitles = PlayedTitles()) throws {
    try update(ring)
    guard played != self.played, !played.titles.isEmpty else { return }
    try folder.replace(FolderContent.playedFile, Array("\(PlayedDocument.json(played).text)\n".utf8))
    self.played = played
  }

  private mutating func update(_ ring: Ring) throws {
    let listed = ring.listed
    let wanted = ring.playlist(of: listed)
    guard wanted != playlist else { return }
    // If a step fails, the next attempt begins from the start.
    playlist = nil
    try cycle(ring, listed)
    if !wanted.entries.isEmpty || wanted.ended { try write(wanted) }
    playlist = wanted
  }

  private mutating func cycle(_ ring: Ring, _ listed: ArraySlice<Segment>) throws {
    try folder.create()
    try lock.take()
    // Somebody may have removed files, or the folder.
    let names = Set(try folder.files())
    if !hasEra || !names.contains(FolderContent.eraFile) { try writeEra() }
    if !names.contains(FolderContent.playedFile) { played = nil }
    if !names.contains(StreamFolder.mark) { try folder.mark(StreamFolder.mark) }
    present = present.filter { names.contains("\($0)") }
    // The segments of an earlier run stay listed until there are others to list.
    guard !listed.isEmpty else { return }
    let staying = listed.filter { present.contains($0.name) }
    let new = listed.filter { !present.contains($0.name) }
    for segment in new { try folder.prepare("\(segment.name)", segment.bytes, synced: true) }
    let stale = present.subtracting(listed.map(\.name)).sorted { $0.sequence < $1.sequence }
    if staying.isEmpty {
      try commit(new)
      try write(ring.playlist(of: listed))
      try remove(stale)
    } else {
      if !stale.isEmpty { try write(ring.playlist(of: staying)) }
      try remove(stale)
      try commit(new)
    }
  }

  private mutating func commit(_ segments: [Segment]) throws(SystemError) {
    for segment in segments {
      try folder.commit("\(segment.name)")
      present.insert(segment.name)
    }
  }

  private mutating func remove(_ names: [SegmentName]) throws(SystemError) {
    for name in names {
      try folder.remove("\(name)")
      present.remove(name)
    }
  }

  private mutating func writeEra() throws(SystemError) {
    try folder.prepare(FolderContent.eraFile, Array("\(era)\n".utf8), synced: true)
    try folder.commit(FolderContent.eraFile)
    hasEra = true
  }

  private func write(_ playlist: Playlist) throws(SystemError) {
    try folder.replace(playlistName, Array(playlist.text().utf8))
  }
}
