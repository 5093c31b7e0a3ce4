import Core
import System
import Uploads

/// An upload as `/recordings.json` lists it.
struct ListedUpload: Sendable {
  let start: WallTime
  let id: String
  let isPublished: Bool
  /// Operators alone see an upload that its author has not sent.
  let isSent: Bool
  let json: JSON

  init(_ upload: Upload) {
    (start, id, isPublished, isSent) = (upload.received, upload.name.id, upload.isPublished, upload.isSent)
    let served = upload.served
    let offset = LocalTime.offset(at: start.microseconds / 1_000_000) / 60 * 60
    var members: [(String, JSON)] = [
      ("id", .string(id)), ("title", .string(upload.title)), ("stream", .null),
      ("start", .string(Self.text(of: start, ahead: offset))),
      ("length", upload.milliseconds.map { .decimal(Duration.milliseconds($0).decimalSeconds) } ?? .null),
      ("size", .number(served.size)), ("type", .string(served.mediaType)),
      ("url", .string("/recordings/\(served.file)")),
      ("chapters", .array([])), ("peaks", .array(Self.few(upload.peaks).map { .number($0) })), ("upload", .bool(true)),
      ("published", .bool(isPublished)), ("state", .string(upload.state)),
    ]
    if !isSent { members.append(("sent", .bool(false))) }
    if case .making(let percent) = upload.copy { members.append(("progress", .decimal(Self.share(percent)))) }
    if case .ready = upload.copy { members.append(("original", .string("/recordings/\(upload.original)"))) }
    json = .object(members)
  }

  /// The most peaks of an upload in a list: as many as a waveform on a phone shows.
  private static let mostPeaks = 200

  private static func few(_ peaks: [Int]) -> [Int] {
    let span = (peaks.count + mostPeaks - 1) / mostPeaks
    guard span > 1 else { return peaks }
    return stride(from: 0, to: peaks.count, by: span).map { peaks[$0..<min($0 + span, peaks.count)].max()! }
  }

  /// The time as RFC 3339 writes it, with the offset from UTC in seconds.
  private static func text(of time: WallTime, ahead offset: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let local = WallTime(microseconds: time.microseconds + offset * 1_000_000).text.prefix(19)
    let minutes = abs(offset) / 60
    return "\(local)\(offset < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
  }

  /// A percentage as a number from 0 to 1.
  static func share(_ percent: Int) -> String {
    percent >= 100 ? "1" : "0.\(percent < 10 ? "0" : "")\(max(0, percent))"
  }
}
