/// The head of one part of a form (RFC 7578 §4.2).
package struct FormPart: Equatable, Sendable {
  /// The name of the field.
  package let name: String
  /// The name of the file as the client tells it; nil for a field without a file. No path is ever made of it.
  package let fileName: String?

  package init(name: String, fileName: String? = nil) {
    (self.name, self.fileName) = (name, fileName)
  }

  /// Reads the header fields of a part.
  /// - Parameter head: the lines, without the empty line behind them.
  /// - Returns: nil without a field `Content-Disposition: form-data` that has a name.
  init?(_ head: [UInt8]) {
    for line in head.split(separator: UInt8(ascii: "\n")) {
      var rest = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      let field = FormBoundary.token(&rest)
      guard field.elementsEqual("content-disposition".utf8, by: FormBoundary.isSame),
        FormBoundary.take(UInt8(ascii: ":"), from: &rest)
      else { continue }
      FormBoundary.skipSpace(&rest)
      guard FormBoundary.token(&rest).elementsEqual("form-data".utf8, by: FormBoundary.isSame) else { return nil }
      var (name, fileName): (String?, String?)
      while true {
        FormBoundary.skipSpace(&rest)
        guard FormBoundary.take(UInt8(ascii: ";"), from: &rest) else { break }
        FormBoundary.skipSpace(&rest)
        let key = FormBoundary.token(&rest)
        guard FormBoundary.take(UInt8(ascii: "="), from: &rest), let value = FormBoundary.value(&rest) else { break }
        let text = String(decoding: value, as: UTF8.self)
        if key.elementsEqual("name".utf8, by: FormBoundary.isSame) { name = text }
        if key.elementsEqual("filename".utf8, by: FormBoundary.isSame) { fileName = text }
      }
      guard let name else { return nil }
      (self.name, self.fileName) = (name, fileName)
      return
    }
    return nil
  }
}
