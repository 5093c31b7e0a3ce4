import Glibc

/// libFuzzer calls this for each input, and the subject named by `--subject=NAME` gets the input. libFuzzer has its own
/// `main`, which ignores options with two dashes.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  chosen.feed(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

private let chosen: Subject = {
  let prefix = "--subject="
  let name = CommandLine.arguments.last { $0.hasPrefix(prefix) }?.dropFirst(prefix.count)
  if let subject = Subject.all.first(where: { $0.name == name ?? "" }) { return subject }
  let names = Subject.all.map(\.name).joined(separator: " ")
  var line = "ringcast-fuzz: \(prefix)NAME is needed, one of: \(names)\n"
  _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
  exit(2)
}()
