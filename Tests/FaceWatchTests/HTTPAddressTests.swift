import FaceWatch
import FaceqSupport
import Testing

struct HTTPAddressTests {
  @Test func addressesAreRead() throws {
    let address = try HTTPAddress("http://192.168.1.20:8080/stream?size=1")
    #expect(address.host == "192.168.1.20" && address.number == 0xc0a8_0114 && address.port == 8080)
    #expect(address.path == "/stream?size=1")
    let short = try HTTPAddress("http://localhost")
    #expect(short.number == 0x7f00_0001 && short.port == 80 && short.path == "/")
    #expect(try HTTPAddress("http://10.0.0.1?a").path == "/?a")
  }

  @Test(arguments: [
    "https://10.0.0.1/", "http://camera.local/", "http://10.0.0/", "http://10.0.0.256/", "http://10.0.0.1:0/",
    "http://10.0.0.1:99999/", "http://::1/", "http://10.0.0.1/a b", "http://10.0.0.1/\r\nX: y", "http:///",
  ])
  func othersAreRefused(text: String) {
    let error = #expect(throws: FaceqError.self) { _ = try HTTPAddress(text) }
    #expect(error?.message.hasSuffix("; write http://ADDRESS:PORT/PATH") == true)
  }
}
