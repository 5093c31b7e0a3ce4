import Core
import Testing

@testable import Uploads

@Suite struct UploadTests {
  private static let time = WallTime("2026-11-30T14:00:00.000Z")!

  @Test func `a name is read back and nothing else is a name`() {
    let name = UploadName(at: Self.time, number: 0xABC)
    #expect(name.id == "upload-20261130T140000Z-0000000000000abc")
    #expect(UploadName(id: name.id) == name)
    #expect(name.time == Self.time)
    for text in ["", "../x", name.id + "/", name.id + ".mp3", name.id.uppercased(), String(name.id.dropLast()) + "/"] {
      #expect(UploadName(id: text) == nil)
    }
    #expect(UploadKey("0123456789abcdef0123456789abcdef") != nil)
    for text in ["", "../0123456789abcdef0123456789abcd", "0123456789ABCDEF0123456789abcdef"] {
      #expect(UploadKey(text) == nil)
    }
  }

  @Test func `a title is no path and has no control character`() {
    #expect(UploadTitle(fileName: "../../etc/passwd.webm")?.text == "passwd")
    #expect(UploadTitle(fileName: "C:\\Sounds\\My voice.m4a")?.text == "My voice")
    #expect(UploadTitle(fileName: ".webm")?.text == ".webm")
    #expect(UploadTitle(fileName: "/")?.text == nil)
    #expect(UploadTitle(" a\u{0}\r\nb\u{202E}c ")?.text == "a b c")
    #expect(UploadTitle(String(repeating: "ä", count: 300))?.text.utf8.count == 200)
    #expect(UploadTitle(" \n ") == nil)
  }

  @Test func `a record is read back`() {
    var upload = Upload(
      name: UploadName(at: Self.time, number: 7), format: .webm, size: 12, received: Self.time,
      key: UploadKey("0123456789abcdef0123456789abcdef"), title: "<b>Voice</b>", isPublished: true)
    #expect(Upload(record: Array(upload.record.text.utf8)) == upload)
    upload.copy = .ready(size: 99)
    upload.milliseconds = 1500
    upload.peaks = [1, 100]
    upload.isSent = false
    #expect(Upload(record: Array(upload.record.text.utf8)) == upload)
    #expect(upload.served.file == upload.name.copy && upload.footprint == 111)
    // Earlier versions did not write whether an upload is sent.
    let earlier = upload.record.text.replacing(#""sent":false,"#, with: "")
    #expect(Upload(record: Array(earlier.utf8))?.isSent == true)
    #expect(Upload(record: Array("{}".utf8)) == nil)
    #expect(Upload(record: Array("[".utf8)) == nil)
  }

  @Test func `peaks are at most a limited number and the loudest sample stays`() {
    for seconds in [0, 1, 59, 3600] {
      var counter = PeakCounter(span: 800)
      let loud = [UInt8]([0xFF, 0x7F]) + [0, 0]
      for _ in 0..<(seconds * 10) { counter.add(loud.prefix(3) + loud.suffix(1)) }
      #expect(counter.samples == seconds * 20)
      #expect(counter.peaks.count <= PeakCounter.mostPeaks)
      #expect(counter.peaks.allSatisfy { $0 == 100 })
    }
  }

  @Test func `a sample that is cut in two is one sample`() {
    var counter = PeakCounter(span: 1)
    counter.add([0x00])
    counter.add([0x40, 0x00, 0x80])
    #expect(counter.samples == 2 && counter.peaks == [50, 100])
  }
}
