import Glibc

@main
enum Main {
  static func main() {
    if CommandLine.arguments.dropFirst().first == "mixer" { return mix(CommandLine.arguments.dropFirst(2)) }
    let options: Options?
    do {
      options = try Options.parse(Array(CommandLine.arguments.dropFirst()))
    } catch {
      fail(error, status: 2)
    }
    guard let options else { return print(Options.usage, terminator: "") }
    do {
      let load = try Load(options)
      print(load.run().json)
    } catch {
      fail(error, status: 1)
    }
  }

  private static func mix(_ arguments: ArraySlice<String>) {
    if arguments.contains("--help") { return print(MixerOptions.usage, terminator: "") }
    do {
      print(MixerLoad(try MixerOptions.parse(arguments)).run())
    } catch {
      fail(error, status: 2)
    }
  }

  private static func fail(_ error: any Error, status: Int32) -> Never {
    var line = "ringcast-bench: \(error)\n"
    _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
    exit(status)
  }
}
